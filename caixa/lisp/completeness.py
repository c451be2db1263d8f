"""Whether a text is a whole program or the middle of one, and how to indent what follows."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .errors import ReaderError
from .reader import read
from .source import Source

__all__ = ["Completeness", "completeness"]

_UNFINISHED = {
    "unterminated-string",
    "unterminated-comment",
    "unterminated-symbol",
    "unmatched-open-paren",
    "eof",
}
_BODY_INDENT = 2  # columns from an opening parenthesis to the next line; one inside `[` and `{`


class Completeness(NamedTuple):
    """What `is_complete_request` asks: a status, and the blanks to begin the next line with."""

    status: Literal["complete", "incomplete", "invalid"]
    indent: str = ""


def completeness(text: str) -> Completeness:
    """Return whether `text` is complete, could be continued, or can never become a program."""
    source = Source("input", text)
    try:
        read(source)
    except ReaderError as error:
        if error.subkind in _UNFINISHED:
            return Completeness("incomplete", " " * _indent(source, error))
        return Completeness("invalid")
    return Completeness("complete")


def _indent(source: Source, error: ReaderError) -> int:
    """Return the columns to indent by: inside a bracket more than it, inside a string or comment none."""
    if error.span is None or error.subkind not in ("unmatched-open-paren", "eof"):
        return 0
    column = source.position(error.span.start).column - 1
    if error.subkind == "eof":
        return column
    return column + (_BODY_INDENT if source.slice(error.span) == "(" else 1)
