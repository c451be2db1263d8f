"""Python's positions from spans: each piece of Python code carries the line and column of its Lisp."""

from __future__ import annotations

from bisect import bisect_right
from typing import TypedDict

from ..source import Source, Span

__all__ = ["Place", "Placer"]


class Place(TypedDict):
    """The position arguments of a node of Python's syntax tree: lines from 1, columns in bytes from 0."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int


class Placer:
    """Turns the spans of one source into places; those of another are placed at the last one of this."""

    def __init__(self, source: Source) -> None:
        """Find where the lines of `source` start, in bytes."""
        self._name = source.name
        starts, at = [0], 0
        for line in source.text.encode("utf-8", "surrogatepass").split(b"\n")[:-1]:
            at += len(line) + 1
            starts.append(at)
        self._starts = starts
        self._cache: dict[Span, Place] = {}
        self._last: Place = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}

    def place(self, span: Span) -> Place:
        """Return the place of `span`."""
        found = self._cache.get(span)
        if found is None:
            if span.source != self._name:
                return self._last
            found = self._cache[span] = self._place(span.start, span.end)
        self._last = found
        return found

    def _place(self, start: int, end: int) -> Place:
        starts = self._starts
        line = bisect_right(starts, start)
        end_line = line if line == len(starts) or end < starts[line] else bisect_right(starts, end)
        return {
            "lineno": line,
            "col_offset": start - starts[line - 1],
            "end_lineno": end_line,
            "end_col_offset": end - starts[end_line - 1],
        }
