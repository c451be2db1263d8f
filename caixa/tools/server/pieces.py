"""A text cut into pieces that read alone, so that a keystroke costs one piece and an error spoils only one.

A piece begins where a bracket stands first on its line, with the comments right above. One that does not read
alone is joined with those after it if that makes it read (a string may hold such a line); otherwise its error
is its own, and what is read is a mended copy of equal positions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Node, Trivia

from .text import Range

__all__ = ["Parsed", "Piece", "cut", "mended", "parse"]

_BEGINNING = re.compile(r"^(?:;[^\n]*\n)*[(\[{]", re.MULTILINE)
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}", "#{": "}"}
_LEXICAL: Final = {"unterminated-string": '"', "unterminated-comment": "|#", "unterminated-symbol": "|"}
_UNFINISHED: Final = {*_LEXICAL, "unmatched-open-paren", "eof"}
_MOST_JOINS: Final = 8  # attempts before everything that is left is tried
_MOST_MENDS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """What a text reads as; with an `error`, the forms are those of the mended text, at the same places."""

    text: str
    source: Source
    forms: tuple[Node, ...]
    trailing: tuple[Trivia, ...] = ()
    error: ReaderError | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether more text could make it read."""
        return self.error is not None and self.error.subkind in _UNFINISHED

    def range(self, start: int, end: int) -> Range:
        """Return a span of bytes as a range of characters."""
        return Range(self.source.char_index(start), self.source.char_index(end))


class Piece(NamedTuple):
    """A part of a text, and the character that it begins at."""

    start: int
    parsed: Parsed

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.start + len(self.parsed.text)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Parsed:
    """Read `text`, whose source is named after what it is, so that equal pieces are one."""
    name = (
        f"piece {hashlib.sha1(text.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()[:16]}"
    )
    source = Source(name, text)
    try:
        program = read(source)
    except ReaderError as error:
        again = mended(text, name)
        return Parsed(text, source, again.forms, again.trailing, error)
    return Parsed(text, source, program.forms, program.trailing)


def mended(text: str, name: str) -> Parsed:
    """Read `text` with what is wrong blanked out and what is open closed at its end."""
    error: ReaderError | None = None
    for _ in range(_MOST_MENDS):
        source = Source(name, text)
        try:
            program = read(source)
        except ReaderError as found:
            error, text = found, _mend(source, found)
        else:
            return Parsed(text, source, program.forms, program.trailing)
    return Parsed(text, Source(name, text), (), (), error)


def _mend(source: Source, error: ReaderError) -> str:
    text, span = source.text, error.span
    assert span is not None  # the reader knows where it is
    if error.subkind in _LEXICAL:
        return text + _LEXICAL[error.subkind]
    if error.subkind == "unmatched-open-paren":
        return f"{text}\n{_CLOSERS[source.slice(span)]}"
    start, end = source.char_index(span.start), source.char_index(span.end)
    blank = "".join(each if each in "\r\n" else " " for each in text[start:end])
    return text[:start] + blank + text[end:]


def cut(text: str) -> list[Piece]:
    """Return the pieces of `text`, which are all of it; what was read before is not read again."""
    starts = [match.start() for match in _BEGINNING.finditer(text)]
    bounds = [0, *[start for start in starts if start], len(text)]
    alone = [parse(text[start:end]) for start, end in pairwise(bounds)]
    pieces: list[Piece] = []
    at = 0
    while at < len(alone):
        found, after = alone[at], at + 1
        if found.is_unfinished and after < len(alone):
            joined = _joined(text, bounds, alone, at)
            if joined is not None:
                found, after = joined
        pieces.append(Piece(bounds[at], found))
        at = after
    return pieces


def _joined(text: str, bounds: Sequence[int], alone: Sequence[Parsed], at: int) -> tuple[Parsed, int] | None:
    """Return the shortest run of pieces from `at` on that reads, and where the next begins; None if none does.

    Only a piece that does not read alone can close a bracket that is open, and only one with a quote a string.
    """
    error, attempts = alone[at].error, 0
    for after in range(at + 1, len(alone)):
        quote = _LEXICAL.get(error.subkind) if error is not None else None
        if alone[after].error is None and (quote is None or quote not in alone[after].text):
            continue
        attempts += 1
        last = len(alone) - 1 if attempts > _MOST_JOINS else after
        whole = parse(text[bounds[at] : bounds[last + 1]])
        if whole.error is None:
            return whole, last + 1
        if last != after or not whole.is_unfinished:
            return None
        error = whole.error
    return None
