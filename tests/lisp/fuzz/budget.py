"""A limit of real time on one step of a fuzzer: an input that takes longer hangs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["TooSlow", "at_most"]


class TooSlow(BaseException):
    """Time is up; not an Exception, so that no program can catch it, as none can catch Stop."""


def _ring(_number: int, _frame: object) -> None:
    raise TooSlow


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block after `seconds` (main thread only)."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
