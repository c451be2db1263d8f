"""What time it is, and waiting: the machine's clock, and one that goes only when somebody waits."""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "SystemClock", "VirtualClock"]

_LONGEST = 86_400.0  # seconds in one wait: the operating system refuses very large ones


class Clock(Protocol):
    """The time that fibers sleep by."""

    def now(self) -> float:
        """Return seconds since some moment; never less than before."""

    def wait(self, seconds: float) -> None:
        """Return after `seconds`; a KeyboardInterrupt may come sooner."""


class SystemClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """See Clock."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """See Clock: it may return early after a day, and then is asked again."""
        time.sleep(min(max(0.0, seconds), _LONGEST))


class VirtualClock:
    """A clock that stands still until somebody waits, and then is there at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Begin at `seconds`."""
        self._seconds = seconds

    def now(self) -> float:
        """See Clock."""
        return self._seconds

    def wait(self, seconds: float) -> None:
        """See Clock."""
        self._seconds += max(0.0, seconds)
