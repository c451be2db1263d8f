"""Strings: immutable, of Unicode characters (language.md sections 5.1 and 7, and the decided additions)."""

from __future__ import annotations

import re

from ..errors import NativeError, TypeMismatch
from ..kinds import kind_of
from ..lists import EMPTY, List
from ..names import Char, Keyword, Symbol
from ..printer import display, write
from .checks import check_size, integer_of, items_of, string_of
from .registry import native

__all__ = ["integer_argument", "string_argument"]


def string_argument(function: str, value: object) -> str:
    """Return `value` if it is a string; else raise a NativeError, as host functions do."""
    if type(value) is str:
        return value
    raise NativeError(function, f"expected string, got {kind_of(value)}")


def integer_argument(function: str, value: object) -> int:
    """Return `value` if it is an integer; else raise a NativeError, as host functions do."""
    if type(value) is int:
        return value
    raise NativeError(function, f"expected integer, got {kind_of(value)}")


@native("string-length")
def string_length(text: object) -> int:
    """Return the number of characters."""
    return len(string_of(text))


@native("string-append")
def string_append(*texts: object) -> str:
    """Join strings."""
    for text in texts:
        if type(text) is not str:
            raise TypeMismatch("string", text)
    return "".join(texts)  # type: ignore[arg-type]  # strings, as was seen


@native("string")
def to_string(value: object) -> str:
    """Return a string as it is, and anything else as it prints."""
    return value if isinstance(value, str) else write(value)


@native("pr-str")
def pr_str(value: object) -> str:
    """Return the printed form, with strings quoted."""
    return write(value)


@native("str")
def str_of(*values: object) -> str:
    """Join what the values display as; nil displays as nothing."""
    return "".join(["" if value is None else display(value) for value in values])


@native("substring", "subs")
def substring(text: object, start: object, end: object = None) -> str:
    """Return the characters from index `start` up to and without `end` (by default, to the last)."""
    whole = string_of(text)
    first, last = integer_of(start), len(whole) if end is None else integer_of(end)
    if not 0 <= first <= last <= len(whole):
        raise NativeError("substring", f"{first} to {last} is not within a string of {len(whole)} characters")
    return whole[first:last]


@native("string-ref")
def string_ref(text: object, index: object) -> Char:
    """Return the character at `index`, counted from 0."""
    whole, at = string_of(text), integer_of(index)
    if not 0 <= at < len(whole):
        raise NativeError("string-ref", f"there is no character {at} in a string of {len(whole)}")
    return Char(whole[at])


@native("string-index")
def string_index(text: object, part: object) -> int:
    """Return the index of the first occurrence of `part`, a string or character, or -1."""
    return string_of(text).find(part.name if isinstance(part, Char) else string_of(part))


@native("string->list")
def string_to_list(text: object) -> List:
    """Return the characters of a string as a list."""
    return List.own([Char(character) for character in string_of(text)])


@native("list->string")
def list_to_string(characters: object) -> str:
    """Return a string of a list of characters."""
    return "".join([_char(character).name for character in items_of(characters)])


@native("char->integer")
def char_to_integer(character: object) -> int:
    """Return the code point of a character."""
    return ord(_char(character).name)


@native("integer->char")
def integer_to_char(code: object) -> Char:
    """Return the character with a code point."""
    point = integer_of(code)
    if not 0 <= point < 0x110000:
        raise NativeError("integer->char", f"{write(point)} is not a code point")
    return Char(chr(point))


def _char(value: object) -> Char:
    if isinstance(value, Char):
        return value
    raise TypeMismatch("character", value)


@native("string-replace", "replace")
def string_replace(text: object, old: object, new: object) -> str:
    """Replace every occurrence of one string by another."""
    name = "string-replace"
    whole, part, by = (string_argument(name, each) for each in (text, old, new))
    if len(by) > len(part):
        check_size(name, len(whole) + whole.count(part) * (len(by) - len(part)))
    return whole.replace(part, by)


@native("string-split", "split")
def string_split(text: object, separator: object) -> List:
    """Split a string at every `separator`; an empty one gives the characters between two empty strings."""
    whole, at = string_argument("string-split", text), string_argument("string-split", separator)
    return List.own(list(whole.split(at)) if at else ["", *whole, ""])


@native("string-contains?")
def string_contains(text: object, part: object) -> bool:
    """Return whether `part` occurs in a string."""
    return string_argument("string-contains?", part) in string_argument("string-contains?", text)


@native("string-starts-with?", "starts-with?")
def string_starts_with(text: object, start: object) -> bool:
    """Return whether a string starts with another."""
    name = "string-starts-with?"
    return string_argument(name, text).startswith(string_argument(name, start))


@native("string-ends-with?", "ends-with?")
def string_ends_with(text: object, end: object) -> bool:
    """Return whether a string ends with another."""
    name = "string-ends-with?"
    return string_argument(name, text).endswith(string_argument(name, end))


@native("string-lowercase", "string-downcase", "lower-case")
def string_lowercase(text: object) -> str:
    """Return a string in lower case."""
    return string_argument("string-lowercase", text).lower()


@native("string-uppercase", "string-upcase", "upper-case")
def string_uppercase(text: object) -> str:
    """Return a string in upper case."""
    return string_argument("string-uppercase", text).upper()


@native("string-trim", "trim")
def string_trim(text: object) -> str:
    """Return a string without blanks at its ends."""
    return string_argument("string-trim", text).strip()


@native("string-reverse")
def string_reverse(text: object) -> str:
    """Return the characters of a string in the opposite order."""
    return string_argument("string-reverse", text)[::-1]


@native("string-repeat")
def string_repeat(text: object, count: object) -> str:
    """Return a string `count` times over."""
    whole, times = string_argument("string-repeat", text), integer_argument("string-repeat", count)
    check_size("string-repeat", len(whole) * times)
    return whole * times


@native("string-chars")
def string_chars(text: object) -> List:
    """Return the characters of a string as strings of one character."""
    return List(string_argument("string-chars", text))


@native("string-bytes")
def string_bytes(text: object) -> List:
    """Return the bytes of a string in UTF-8."""
    return List(string_argument("string-bytes", text).encode("utf-8", "surrogatepass"))


@native("string-join", "join")
def string_join(separator: object, items: object) -> str:
    """Join strings, numbers, booleans, names and nil (as nothing) with a separator between them."""
    between = string_argument("string-join", separator)
    if items is not None and not isinstance(items, List):
        raise NativeError("string-join", f"expected list, got {kind_of(items)}")
    check_size("string-join", len(between) * len(items or EMPTY))
    return between.join([item if type(item) is str else _joined(item) for item in items or EMPTY])


def _joined(item: object) -> str:
    if item is None or (isinstance(item, List) and not item):
        return ""
    if isinstance(item, (str, bool, int, float, Char, Symbol, Keyword)):
        return _bare(item)
    raise NativeError("string-join", f"cannot join a value of type {kind_of(item)}")


def _bare(value: object) -> str:
    """Return a value as templates show it: true, false and nil as words, names without their colon."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.name if isinstance(value, Keyword) else display(value)


@native("string-format")
def string_format(template: object, *values: object) -> str:
    """Put the values, in order, in place of each `{}` of a template."""
    text = string_argument("string-format", template)
    first, *rest = text.split("{}")
    if len(rest) > len(values):
        raise NativeError("string-format", f"template has more {{}} than args ({len(values)})")
    return first + "".join([_bare(value) + part for value, part in zip(values, rest, strict=False)])


_PLACEHOLDER = r"\{\{|\}\}|\{(?::([<>^]?[0-9]{0,4},?(?:\.[0-9]{1,3})?[dxobefg%s]?))?\}|(\{:[^{}]*\}?)"
"""A pattern, compiled when it is first used: importing this module is part of every start."""


@native("format")
def format_values(template: object, *values: object) -> str:
    """Put values in place of each `{}` or `{:>9,.2f}` (side, width, comma, digits, kind); `{{` is a brace."""
    rest = iter(values)

    def fill(match: re.Match[str]) -> str:
        if match.group() in ("{{", "}}"):
            return match.group()[0]
        if match.group(2):
            fix = "Write `{:>8,.2f}`, of which each part may be absent, or `{{` for a brace."
            raise NativeError("format", f"`{match.group()}` is no placeholder", fix=fix)
        for value in rest:
            return _formatted(value, match.group(1) or "")
        raise NativeError("format", f"template has more {{}} than args ({len(values)})")

    return re.sub(_PLACEHOLDER, fill, string_of(template))


def _formatted(value: object, specification: str) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    shown = value if is_number and specification else display(value)
    try:
        return format(shown, specification)
    except ValueError:
        reason = f"`{{:{specification}}}` does not fit a value of type {kind_of(value)}"
        raise NativeError("format", reason) from None
