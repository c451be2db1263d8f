"""Catching what code writes to standard output, for each fiber by itself.

Output goes through `sys.stdout`, so that what Python code prints is caught too. While anything is caught, a
router stands there, which asks the context of the writer where its output goes.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

__all__ = ["captured"]


class _Capture:
    """One catch: its text, the catch around it, and whether it still goes on."""

    def __init__(self, outer: _Capture | None) -> None:
        self.text = io.StringIO()
        self.outer = outer
        self.is_open = True


_current: ContextVar[_Capture | None] = ContextVar("captured output", default=None)


class _Router(io.TextIOBase):
    """Stands for standard output, and lets those who catch theirs have it."""

    def __init__(self, outside: TextIO) -> None:
        self.outside = outside
        self.captures = 0

    def write(self, text: str) -> int:
        capture = _current.get()
        while capture is not None and not capture.is_open:  # a fiber may outlive the catch that it began in
            capture = capture.outer
        return (self.outside if capture is None else capture.text).write(text)

    def flush(self) -> None:
        self.outside.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outside, name)


@contextmanager
def captured() -> Iterator[io.StringIO]:
    """Catch what this context, and fibers that begin in it, write to standard output inside the block."""
    capture = _Capture(_current.get())
    router = sys.stdout if isinstance(sys.stdout, _Router) else _Router(sys.stdout)
    router.captures += 1
    token = _current.set(capture)
    sys.stdout = router
    try:
        yield capture.text
    finally:
        capture.is_open = False
        _current.reset(token)
        router.captures -= 1
        if router.captures == 0 and sys.stdout is router:
            sys.stdout = router.outside
