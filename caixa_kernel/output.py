"""What cells print, on its way to the front end: whole, in order, under the cell that printed it.

Both streams share one buffer, so that standard output and standard error arrive in the order in which they
were written, and a burst leaves as one message. Whoever sends something else of a cell (a picture, a result,
an error) flushes first; nothing has to wait for the sending thread, since that sends in the order given.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Outlet", "Stream"]

FLUSH_SECONDS = 0.2  # how long printed text may wait for more; ipykernel's figure
DESCRIPTORS = {"stdout": 1, "stderr": 2}


@dataclass(slots=True)
class Segment:
    """Text printed to one stream under one parent, without a break."""

    parent: dict[str, Any]
    name: str
    parts: list[str] = field(default_factory=list)


def _nothing() -> None:
    pass


class Outlet:
    """The shared buffer of the streams.

    `send` takes a stream's name, the text and the parent header, and must keep the order of calls; `later`
    calls a function after some seconds, on a thread of its own; `shield` keeps interrupts out while it sends.
    """

    def __init__(
        self,
        send: Callable[[str, str, dict[str, Any]], None],
        later: Callable[[float, Callable[[], None]], None],
        shield: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Begin empty, with no parent."""
        self._send = send
        self._later = later
        self._shield = shield
        self._lock = threading.RLock()
        self._segments: list[Segment] = []
        self._waiting = False
        self._muted = False
        self._pid = os.getpid()
        self.parent: dict[str, Any] = {}
        self.gather: Callable[[], None] = _nothing  # brings in what others hold for this buffer

    def write(self, name: str, text: str) -> None:
        """Print `text` to the stream `name` under the current parent."""
        if self._muted or not text:
            return
        if os.getpid() != self._pid:  # a fork has no thread that sends, but its descriptors lead here
            os.write(DESCRIPTORS[name], text.encode("utf-8", "replace"))
            return
        with self._lock:
            self._segment(name).parts.append(text)
            if not self._waiting:
                self._waiting = True
                self._later(FLUSH_SECONDS, self.flush)

    def _segment(self, name: str) -> Segment:
        if self._segments:
            last = self._segments[-1]
            if last.name == name and last.parent is self.parent:
                return last
        self._segments.append(Segment(self.parent, name))
        return self._segments[-1]

    def flush(self) -> None:
        """Send everything printed so far, before anything that is sent after this call."""
        with self._shield():
            self.gather()
            if not self._segments:
                return
            with self._lock:
                segments, self._segments, self._waiting = self._segments, [], False
                for segment in segments:
                    self._send(segment.name, "".join(segment.parts), segment.parent)

    @contextmanager
    def muted(self, muted: bool) -> Iterator[None]:  # noqa: FBT001 - the request's own flag is handed on
        """Drop what is printed inside the block, if `muted`."""
        self._muted = muted
        try:
            yield
        finally:
            self._muted = False


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`: a text file whose text goes to an outlet."""

    def __init__(self, name: str, outlet: Outlet) -> None:
        """Write to `outlet` as the stream `name` (stdout or stderr)."""
        self._outlet = outlet
        self._name = name

    @property
    def name(self) -> str:
        """The stream's name in messages."""
        return self._name

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class declares a writable attribute
        """What code that asks is told; nothing is encoded before the message is."""
        return "UTF-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Print `text`; return its length in characters."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outlet.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Send what was printed so far."""
        self._outlet.flush()
