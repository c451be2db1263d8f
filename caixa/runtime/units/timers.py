"""What is to happen later: a heap of moments, and the thread that waits for the first of them."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count

__all__ = ["Timers"]

Action = Callable[[], None]


class Timers:
    """Actions at moments of one clock. Every method may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count seconds by `clock`; no thread is started before `set` has something for it to wait for."""
        self._clock = clock
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int]] = []
        self._actions: dict[int, Action] = {}
        self._thread: threading.Thread | None = None
        self._open = True

    def set(self, seconds: float, action: Action) -> int:
        """Call `action`, which must not wait, after so many seconds; return the timer's number."""
        with self._changed:
            number = next(self._numbers)
            heapq.heappush(self._heap, (self._clock() + seconds, number))
            self._actions[number] = action
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, name="timers", daemon=True)
                self._thread.start()
            self._changed.notify()
        return number

    def cancel(self, number: int) -> bool:
        """Forget a timer; say whether it was still to come."""
        with self._changed:
            return self._actions.pop(number, None) is not None

    def close(self) -> None:
        """Forget all."""
        with self._changed:
            self._open = False
            self._actions.clear()
            self._changed.notify()

    def due(self) -> list[Action]:
        """Take out what is due, in order."""
        found = []
        with self._changed:
            while self._heap and self._heap[0][0] <= self._clock():
                action = self._actions.pop(heapq.heappop(self._heap)[1], None)
                if action is not None:
                    found.append(action)
        return found

    def _wait(self) -> None:
        while True:
            with self._changed:
                if not self._open:
                    return
                self._changed.wait(self._heap[0][0] - self._clock() if self._heap else None)
            for action in self.due():
                action()
