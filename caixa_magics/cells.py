"""What a cell consists of: a cell magic with its body, or magic lines and then forms.

Pure text work, tolerant enough for completion to use it on a cell that is half written. Offsets are in
characters.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["ATOM", "Cell", "CellMagic", "MagicLine", "Word", "parse_cell", "split_words"]

ATOM: Final = re.compile(r"""[^\s()\[\]{}'`,";]+""")  # a name, number or keyword of the language
_NAME: Final = re.compile(r"%%?([\w.-]*)")
_LINES: Final = re.compile(r"[^\n]*\n?")
_ESCAPABLE: Final = '"\\'


class Word(NamedTuple):
    """One word of a magic line: its text without quotes, and where it stands, quotes included."""

    text: str
    start: int
    end: int
    closed: bool = True


class MagicLine(NamedTuple):
    """A line `%name words…`; `start` and `end` are its place in the cell, the line's end not included."""

    name: str
    words: tuple[Word, ...]
    start: int
    end: int


class CellMagic(NamedTuple):
    """A cell `%%name words…` and the text below that line."""

    line: MagicLine
    body: str


class Cell(NamedTuple):
    """A cell taken apart: either `magic`, or `lines` and then `forms`.

    `forms` is the whole cell with its magic lines blanked, so that lines and columns are those of the cell.
    """

    lines: tuple[MagicLine, ...] = ()
    forms: str = ""
    magic: CellMagic | None = None

    @property
    def has_forms(self) -> bool:
        """Whether anything but blanks stands below the magic lines."""
        return bool(self.forms.strip())


def parse_cell(text: str) -> Cell:
    """Take a cell apart. Never fails: what a magic's words mean is for the magic to say."""
    lines: list[MagicLine] = []
    at, forms = 0, []
    for match in _LINES.finditer(text):
        line = match.group()
        content = line.strip()
        if content.startswith("%%") and not lines:
            magic = _magic_line(text, match.start(), match.end())
            return Cell(magic=CellMagic(magic, text[match.end() :]))
        if content.startswith("%"):
            lines.append(_magic_line(text, match.start(), match.end()))
            forms.append(_blanked(line))
        elif content and not content.startswith(";"):
            break
        else:
            forms.append(line)
        at = match.end()
    return Cell(tuple(lines), "".join(forms) + text[at:])


def _blanked(line: str) -> str:
    return " " * len(line.rstrip("\n")) + "\n" * line.endswith("\n")


def _magic_line(text: str, start: int, end: int) -> MagicLine:
    line = text[start:end].rstrip("\r\n")
    indent = len(line) - len(line.lstrip())
    name = _NAME.match(line, indent)
    assert name is not None  # the caller saw the percent sign
    words = split_words(line, name.end(), offset=start)
    return MagicLine(name.group(1), words, start + indent, start + len(line))


def split_words(line: str, at: int = 0, *, offset: int = 0) -> tuple[Word, ...]:
    """Split `line` from `at` on at blanks, as a shell does for "…" and '…'; an open quote goes to the end.

    A backslash only escapes a quote or itself, between double quotes. `offset` is added to every place.
    """
    words: list[Word] = []
    while True:
        while at < len(line) and line[at].isspace():
            at += 1
        if at >= len(line):
            return tuple(words)
        word = _word(line, at)
        words.append(Word(word.text, word.start + offset, word.end + offset, word.closed))
        at = word.end


def _word(line: str, start: int) -> Word:
    """Return the word that begins at `start`."""
    parts, at, quote = [], start, ""
    while at < len(line) and (quote or not line[at].isspace()):
        character = line[at]
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        elif character == "\\" and quote == '"' and line[at + 1 : at + 2] in _ESCAPABLE and at + 1 < len(line):
            at += 1
            parts.append(line[at])
        else:
            parts.append(character)
        at += 1
    return Word("".join(parts), start, at, closed=not quote)
