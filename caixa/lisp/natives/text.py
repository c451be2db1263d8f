"""Strings and characters, continued: padding, trimming, cutting, letter case (what Scheme and Clojure have)."""

from __future__ import annotations

from ..errors import NativeError, TypeMismatch
from ..lists import List
from ..names import Char, Keyword, Symbol
from .checks import check_size, integer_of, string_of
from .registry import native

__all__: list[str] = []


def _padding(function: str, text: str, width: object, fill: object) -> str:
    """Return what `text` lacks to be `width` wide, in characters `fill`."""
    letter = fill.name if isinstance(fill, Char) else string_of(fill)
    if len(letter) != 1:
        raise NativeError(function, "padding is done with one character")
    check_size(function, integer_of(width))
    return letter * (integer_of(width) - len(text))


@native("string-pad-left")
def string_pad_left(text: object, width: object, fill: object = " ") -> str:
    """Return a string with blanks, or another character, before it up to a width."""
    whole = string_of(text)
    return _padding("string-pad-left", whole, width, fill) + whole


@native("string-pad-right")
def string_pad_right(text: object, width: object, fill: object = " ") -> str:
    """Return a string with blanks, or another character, after it up to a width."""
    whole = string_of(text)
    return whole + _padding("string-pad-right", whole, width, fill)


@native("string-trim-left")
def string_trim_left(text: object) -> str:
    """Return a string without the blanks that it begins with."""
    return string_of(text).lstrip()


@native("string-trim-right")
def string_trim_right(text: object) -> str:
    """Return a string without the blanks that it ends with."""
    return string_of(text).rstrip()


@native("string-capitalize")
def string_capitalize(text: object) -> str:
    """Return a string with its first letter in upper case and the others in lower case."""
    return string_of(text).capitalize()


@native("string-empty?")
def is_string_empty(text: object) -> bool:
    """Return whether a string has no characters."""
    return not string_of(text)


@native("blank?")
def is_blank(text: object) -> bool:
    """Return whether a string is nil, or has nothing but blanks."""
    return text is None or not string_of(text).strip()


@native("string-count")
def string_count(text: object, part: object) -> int:
    """Return how often a string that is not empty occurs in another, without overlapping."""
    wanted = part.name if isinstance(part, Char) else string_of(part)
    if not wanted:
        raise NativeError("string-count", "an empty string occurs everywhere")
    return string_of(text).count(wanted)


@native("split-lines")
def split_lines(text: object) -> List:
    """Return the lines of a string, without their ends."""
    return List.own(list(string_of(text).splitlines()))


@native("words")
def words(text: object) -> List:
    """Return the parts of a string between blanks."""
    return List.own(list(string_of(text).split()))


@native("name")
def name(named: object) -> str:
    """Return the name of a keyword (without its colon), symbol or character; a string is its own."""
    if isinstance(named, (Keyword, Symbol, Char)):
        return named.name
    return string_of(named)


# -- characters -------------------------------------------------------------------------------------------


def _letter(value: object) -> str:
    if isinstance(value, Char):
        return value.name
    raise TypeMismatch("character", value)


@native("char-upcase")
def char_upcase(character: object) -> Char:
    """Return a character in upper case, if that is one character."""
    upper = _letter(character).upper()
    return Char(upper if len(upper) == 1 else _letter(character))


@native("char-downcase")
def char_downcase(character: object) -> Char:
    """Return a character in lower case, if that is one character."""
    lower = _letter(character).lower()
    return Char(lower if len(lower) == 1 else _letter(character))


@native("char-alphabetic?")
def is_char_alphabetic(character: object) -> bool:
    """Return whether a character is a letter."""
    return _letter(character).isalpha()


@native("char-numeric?")
def is_char_numeric(character: object) -> bool:
    """Return whether a character is a decimal digit."""
    return _letter(character).isdecimal()


@native("char-whitespace?")
def is_char_whitespace(character: object) -> bool:
    """Return whether a character is a blank."""
    return _letter(character).isspace()
