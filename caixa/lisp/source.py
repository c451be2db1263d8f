"""A text with a name, and places in it: every error, edit and highlight is said in these terms.

Spans are byte ranges of the UTF-8 encoding (language.md section 1.4); lines and columns, which people
read, are counted from 1 and in characters.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

__all__ = ["Position", "Source", "Span"]


class Span(NamedTuple):
    """A half-open byte range `[start, end)` of one named source; a tuple, since each token has one."""

    source: str
    start: int
    end: int

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return other.source == self.source and self.start <= other.start and other.end <= self.end


class Position(NamedTuple):
    """A place as a person counts it: line and column from 1, columns in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class Source:
    """A named text that can turn byte offsets into lines and columns."""

    def __init__(self, name: str, text: str) -> None:
        """Keep `text` under `name` (a cell as `cell 3`, a file by its path inside the package)."""
        self.name = name
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @cached_property
    def is_ascii(self) -> bool:
        """Whether characters and bytes are counted alike."""
        return self.text.isascii()

    @cached_property
    def _byte_offsets(self) -> list[int]:
        """The byte offset of each character, and of the end: only made for text that is not ASCII."""
        offsets = [0]
        for character in self.text:
            offsets.append(offsets[-1] + len(character.encode("utf-8", "surrogatepass")))
        return offsets

    @cached_property
    def _line_starts(self) -> list[int]:
        """The character index at which each line starts."""
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def byte_offset(self, index: int) -> int:
        """Return the byte offset of the character at `index` (which may be one past the last)."""
        return index if self.is_ascii else self._byte_offsets[index]

    def char_index(self, offset: int) -> int:
        """Return the index of the character that holds the byte at `offset`."""
        if self.is_ascii:
            return min(offset, len(self.text))
        return min(bisect_right(self._byte_offsets, offset) - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """Return the span of the characters `[start, end)`."""
        if self.is_ascii:  # byte_offset without its calls, since each bracket has a span
            return Span(self.name, start, end)
        return Span(self.name, self._byte_offsets[start], self._byte_offsets[end])

    def slice(self, span: Span) -> str:
        """Return the text that `span` covers."""
        return self.text[self.char_index(span.start) : self.char_index(span.end)]

    def position(self, offset: int) -> Position:
        """Return line and column of the byte at `offset`."""
        index = self.char_index(offset)
        line = bisect_right(self._line_starts, index)
        return Position(line, index - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return the text of line `number`, counted from 1, without its line end."""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")

    def offset_at(self, line: int, column_bytes: int) -> int:
        """Return the byte offset of a place as Python's `ast` has it: line from 1, column in bytes from 0."""
        return self.byte_offset(self._line_starts[line - 1]) + column_bytes
