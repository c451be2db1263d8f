"""The cells that wait behind the running one: those, and only those, that an error or a Stop takes with it.

ipykernel decides which to abort after it has sent the failed cell's reply, and so aborts at times a cell that
was sent in answer to that reply. Here the line is drawn before the reply leaves: what has arrived by then was
sent without knowing of the failure.
"""

import threading
import time
from collections.abc import Callable

__all__ = ["BURST_SECONDS", "Waiting"]

BURST_SECONDS = (
    0.02  # "run all" sends its cells one by one: a first cell that fails sooner waits for the others
)

FENCE_SECONDS = 0.5  # the receiving thread answers within microseconds, unless it is gone


class Waiting:
    """Execute requests by message id, from their arrival on one thread to their turn on another."""

    def __init__(
        self, on_receiver: Callable[[Callable[[], None]], None], receive_all: Callable[[], None]
    ) -> None:
        """`on_receiver` runs a function on the receiving thread; `receive_all`, run there, reads what is in."""
        self._on_receiver = on_receiver
        self._receive_all = receive_all
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._aborted: set[str] = set()

    def arrive(self, message_id: str) -> None:
        """Note a request, on the receiving thread, before it is handed on."""
        with self._lock:
            self._waiting.add(message_id)

    def begin(self, message_id: str) -> bool:
        """Take a request from the line; return whether it may run."""
        with self._lock:
            self._waiting.discard(message_id)
            if message_id in self._aborted:
                self._aborted.remove(message_id)
                return False
            return True

    def abort(self, seconds: float = 0.0) -> None:
        """Abort every request that has reached this process within `seconds` from now, read or not yet read."""
        if seconds > 0:
            time.sleep(seconds)
        drawn = threading.Event()

        def draw() -> None:
            self._receive_all()
            with self._lock:
                self._aborted |= self._waiting
            drawn.set()

        self._on_receiver(draw)
        drawn.wait(FENCE_SECONDS)
