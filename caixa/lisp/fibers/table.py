"""Fibers as text: who they are, how far they have come, what they wait for and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import FrameType
from typing import NamedTuple

from ..callstack import CallStack, place_of
from ..source import Source, Span
from .channel import Channel
from .fiber import Fiber, Waiting

__all__ = ["FiberTable", "Row", "created_at", "row_of", "table_of"]

_HEAD = ("fiber", "status", "waits for", "at")
_LIBRARY = "library/"  # the sources of the library: people look for their own code


class Row(NamedTuple):
    """One fiber in words; what is not known, or does not apply, is empty."""

    name: str
    status: str
    waits_for: str
    place: str


class FiberTable:
    """Fibers of a moment, shown as a table."""

    __lisp_kind__ = "foreign"

    def __init__(self, rows: Iterable[Row]) -> None:
        """Keep the rows in their order."""
        self.rows = tuple(rows)

    def __lisp_text__(self) -> str:
        """Return the table as text; see the printer."""
        return table_of(self.rows) if self.rows else "no fibers"


def table_of(rows: Sequence[Row], *, with_head: bool = True) -> str:
    """Return the rows as lines in columns."""
    lines = [_HEAD, *rows] if with_head else list(rows)
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def row_of(fiber: Fiber, sources: Mapping[str, Source]) -> Row:
    """Return what is to be told of a fiber; it does not run at the moment, or tells of itself."""
    waits = _in_words(fiber.waiting) if fiber.waiting is not None else ""
    span = _waits_at(fiber, sources) if fiber.waiting is not None else created_at(fiber, sources)
    return Row(fiber.name, fiber.status.value, waits, _place(span, sources))


def created_at(fiber: Fiber, sources: Mapping[str, Source]) -> Span | None:
    """Return the call of `go` that made a fiber, if it was one."""
    return place_of(*fiber.origin, sources) if fiber.origin is not None else None


def _waits_at(fiber: Fiber, sources: Mapping[str, Source]) -> Span | None:
    """Return the innermost place in a program's own code where a fiber has stopped."""
    frame: FrameType | None = fiber.greenlet.gr_frame if fiber.greenlet is not None else None
    stack = CallStack.of_frame(frame, sources) if frame is not None else None
    spans = [each.span for each in reversed(stack.frames) if each.span is not None] if stack is not None else []
    own = [span for span in spans if not span.source.startswith(_LIBRARY)]
    return next(iter([*own, *spans]), None)


def _in_words(waiting: Waiting) -> str:
    operation, subject = waiting
    if isinstance(subject, Fiber):
        return f"{operation} of {subject.name}"
    if isinstance(subject, Channel):
        return f"{operation} on a channel that is {'full' if operation == '>!' else 'empty'}"
    if isinstance(subject, tuple):
        return f"{operation} on {len(subject)} channel{'s' * (len(subject) != 1)}"
    return operation


def _place(span: Span | None, sources: Mapping[str, Source]) -> str:
    source = sources.get(span.source) if span is not None else None
    if span is None or source is None:
        return ""
    return f"{source.name}, line {source.position(span.start).line}"
