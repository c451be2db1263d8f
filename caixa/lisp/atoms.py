"""The text of one atom and what it stands for, both ways: what the reader and the printer must agree on.

Numbers, names between bars, escapes and names of characters (language.md sections 1.1 and 1.2, and the decided
extensions).
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

from .names import Keyword, Symbol

__all__ = [
    "CHARACTERS",
    "CLOSE_ERROR",
    "MAX_INTEGER_DIGITS",
    "OPEN_ERROR",
    "WHITESPACE",
    "barred",
    "character",
    "escaped",
    "is_integer",
    "is_plain_keyword",
    "is_plain_symbol",
    "read_atom",
    "unescape",
    "written_character",
]

MAX_INTEGER_DIGITS = 4300  # CPython's own limit for converting text, above which it turns quadratic
OPEN_ERROR: Final = "#<error"
CLOSE_ERROR: Final = ">"

# Unicode White_Space, as the inside of a character class; `\s` would add U+001C to U+001F.
WHITESPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INTEGER = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
_FLOAT = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)\Z",
    re.ASCII | re.IGNORECASE,
)
_NUMERIC_STARTS: Final = "+-.0123456789iInN"  # a float may be `inf` or `nan`
_ATOM_TEXT = re.compile(rf"[^{WHITESPACE}()\[\]{{}}'`,\";]+\Z")
_OTHER_TOKEN = re.compile(rf"[:|]|#[\\|;!]|{re.escape(OPEN_ERROR)}\Z")
"""What begins something else than a symbol."""

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_ESCAPED = {'"': '\\"', "\\": "\\\\"} | {value: f"\\{name}" for name, value in _ESCAPES.items()}
_NEEDS_CARE = re.compile(r"[^ !#-\[\]-~]")
_MAX_CODE = 0x10FFFF

CHARACTERS = {
    "space": " ", "newline": "\n", "tab": "\t", "return": "\r", "nul": "\0", "null": "\0",
    "alarm": "\a", "backspace": "\b", "delete": "\x7f", "escape": "\x1b",
}  # fmt: skip
_CHARACTER_NAMES = {value: name for name, value in reversed(CHARACTERS.items())}


# -- reading --------------------------------------------------------------------------------------------------


def read_atom(text: str) -> object:
    """Return the value of an atom's text: a boolean, keyword, integer, float or symbol (language.md 1.2)."""
    if text == "#t":
        return True
    if text == "#f":
        return False
    if text[0] == ":":
        return Keyword(text[1:])
    if text[0] in _NUMERIC_STARTS:
        if _INTEGER.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
    return Symbol(text)


def is_integer(text: str) -> bool:
    """Return whether an atom's text is that of an integer."""
    return _INTEGER.match(text) is not None


def unescape(inner: str) -> str:
    """Return what the text between two quotes, or two bars, stands for."""
    return _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner


def _unescaped(match: re.Match[str]) -> str:
    code, character = match.groups()
    if code is None:
        return _ESCAPES.get(character, character)
    return chr(int(code, 16)) if int(code, 16) <= _MAX_CODE else match.group()[1:]


def character(name: str) -> str | None:
    r"""Return the character that `name`, the text after `#\`, stands for, or None if nothing does."""
    if len(name) == 1:
        return name
    if name.startswith("u{"):
        code = int(name[2:-1], 16)
        return chr(code) if code <= _MAX_CODE else None
    return CHARACTERS.get(name)


# -- writing --------------------------------------------------------------------------------------------------


def is_plain_symbol(name: str) -> bool:
    """Return whether `name`, as it is, reads as the symbol of that name."""
    if not _ATOM_TEXT.match(name) or _OTHER_TOKEN.match(name) or name in ("#t", "#f"):
        return False
    if name[0] not in _NUMERIC_STARTS:
        return True
    return not _INTEGER.match(name) and not _FLOAT.match(name)


def is_plain_keyword(name: str) -> bool:
    """Return whether `name` after a colon reads as the keyword of that name."""
    return not name or (_ATOM_TEXT.match(name) is not None and name[0] != "|")


def barred(name: str) -> str:
    """Return `name` between bars, whatever is in it."""
    inner = _NEEDS_CARE.sub(lambda match: match.group() if match.group() == '"' else _escape(match), name)
    return f"|{inner.replace('|', chr(92) + '|')}|"


def escaped(text: str) -> str:
    """Return `text` as a string literal."""
    return f'"{text}"' if _NEEDS_CARE.search(text) is None else f'"{_NEEDS_CARE.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _ESCAPED:
        return _ESCAPED[character]
    return character if _is_visible(character) else f"\\u{{{ord(character):x}}}"


def _is_visible(character: str) -> bool:
    return character.isprintable() and category(character) not in ("Mn", "Me")


def written_character(value: str) -> str:
    r"""Return one character as a literal: `#\a`, `#\space` or `#\u{…}`."""
    name = _CHARACTER_NAMES.get(value)
    if name is None:
        name = value if _is_visible(value) else f"u{{{ord(value):x}}}"
    return f"#\\{name}"
