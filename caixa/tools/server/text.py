"""A text as an editor counts it: lines, and columns in the units that client and server agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

__all__ = ["Encoding", "Place", "Range", "Text"]

_LINE_END = re.compile(r"\r\n|\r|\n")


class Encoding(StrEnum):
    """The unit of a column, as `positionEncoding` names it."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    def width(self, text: str) -> int:
        """Return how many units `text` takes."""
        if self is Encoding.UTF32 or text.isascii():
            return len(text)
        if self is Encoding.UTF8:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(character > "\uffff" for character in text)


class Place(NamedTuple):
    """A line and a column, both from 0, the column in units of an encoding."""

    line: int
    column: int


class Range(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int

    def moved(self, distance: int) -> Range:
        """Return the range `distance` characters further on."""
        return Range(self.start + distance, self.end + distance)

    def holds(self, at: int) -> bool:
        """Whether `at` is inside, or just after the last character."""
        return self.start <= at <= self.end

    def covers(self, other: Range) -> bool:
        """Whether `other` lies within."""
        return self.start <= other.start and other.end <= self.end


class Text:
    """An immutable text that turns places into indices and back; a line ends with LF, CRLF or CR only."""

    def __init__(self, value: str) -> None:
        """Hold `value`."""
        self.value = value

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *[match.end() for match in _LINE_END.finditer(self.value)]]

    @property
    def lines(self) -> int:
        """How many lines there are, the last of which may be empty."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """Return a line without its end."""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.value)
        return self.value[self._starts[number] : end].rstrip("\r\n")

    def index(self, place: Place, encoding: Encoding) -> int:
        """Return the index of the character at `place`; what is past a line or the text is at its end.

        A place inside a character is at its beginning.
        """
        if place.line < 0 or place.line >= self.lines:
            return 0 if place.line < 0 else len(self.value)
        start, line = self._starts[place.line], self.line(place.line)
        if line.isascii() or encoding is Encoding.UTF32:
            return start + max(0, min(place.column, len(line)))
        units = 0
        for at, character in enumerate(line):
            units += encoding.width(character)
            if units > place.column:
                return start + at
        return start + len(line)

    def place(self, index: int, encoding: Encoding) -> Place:
        """Return the place of the character at `index`."""
        index = max(0, min(index, len(self.value)))
        line = bisect_right(self._starts, index) - 1
        return Place(line, encoding.width(self.value[self._starts[line] : index]))

    def replaced(self, change: Range, new: str) -> Text:
        """Return the text with `new` in the place of a range."""
        return Text(self.value[: change.start] + new + self.value[change.end :])
