"""The line that a finding points into, as it is shown: cut to what a screen holds, with carets underneath."""

from __future__ import annotations

from typing import NamedTuple

from .source import Position, Source, Span

__all__ = ["Excerpt"]

_MOST = 160  # characters of a line; a manifest may be one line of megabytes
_BEFORE = 60  # of them, how many may stand before the place in a line that is cut
_CUT = "…"


class Excerpt(NamedTuple):
    """A line, what stands under it before the carets, and the carets; `start` is the place in the file."""

    start: Position
    line: str
    pad: str
    carets: str

    @classmethod
    def of(cls, source: Source, span: Span) -> Excerpt:
        """Return the first line of `span` in `source`, cut around it if it is long."""
        start, end = source.position(span.start), source.position(span.end)
        line = source.line(start.line)
        first = start.column - 1
        last = end.column - 1 if end.line == start.line else len(line)
        line, first, last = _cut(line, first, max(first + 1, last))
        pad = "".join("\t" if each == "\t" else " " * _columns(each) for each in line[:first])
        return cls(start, line, pad, "^" * max(1, _columns(line[first:last]), last - len(line)))


def _cut(line: str, first: int, last: int) -> tuple[str, int, int]:
    """Return what is shown of a line, and where its characters `[first, last)` are in that."""
    if len(line) <= _MOST:
        return line, first, last
    begin = max(0, min(first - _BEFORE, len(line) - _MOST))
    end = min(len(line), begin + _MOST)
    head, tail = _CUT if begin else "", _CUT if end < len(line) else ""
    moved = len(head) - begin
    return head + line[begin:end] + tail, first + moved, min(last, end) + moved


def _columns(text: str) -> int:
    """Return how many columns a terminal gives `text`: two to a wide character, none to what joins another."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - most lines are ASCII

    joining = ("Mn", "Me", "Cf")
    return sum(0 if category(each) in joining else 1 + (east_asian_width(each) in "WF") for each in text)
