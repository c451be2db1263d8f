"""Numbers as text and text as numbers, by the language's own grammar (language.md section 1.2)."""

from __future__ import annotations

import re

from ..atoms import MAX_INTEGER_DIGITS, read_atom
from ..errors import IntegerTooLarge, NativeError
from ..printer import MAX_INTEGER_BITS, write
from .checks import integer_of, number_of, string_of
from .registry import native

__all__: list[str] = []

_RADICES = range(2, 37)
_DECIMAL = 10  # what a caller leaves out
_SURELY_SHORT = 64  # bits, which are written as they are
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPELLED = r"[+-]?[0-9a-zA-Z]+"


@native("number->string")
def number_to_string(number: object, radix: object = _DECIMAL) -> str:
    """Return a number as text, an integer in any radix from 2 to 36."""
    if type(number) is int and radix is _DECIMAL and number.bit_length() <= _SURELY_SHORT:
        return str(number)
    value, base = number_of(number), _radix("number->string", radix)
    if isinstance(value, float) or base == 10:
        if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
            raise IntegerTooLarge
        return write(value)
    return _in_radix(value, base)


def _radix(function: str, value: object) -> int:
    radix = integer_of(value)
    if radix not in _RADICES:
        raise NativeError(function, f"the radix {write(radix)} is not from 2 to 36")
    return radix


def _in_radix(value: int, radix: int) -> str:
    if value.bit_length() > MAX_INTEGER_BITS:
        raise IntegerTooLarge
    digits: list[str] = []
    rest = abs(value)
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits.append(_DIGITS[digit])
    return ("-" if value < 0 else "") + "".join(reversed(digits))


@native("string->number")
def string_to_number(text: object, radix: object = 10) -> object:
    """Return the number that a text spells, or #f if it spells none."""
    spelled, base = string_of(text), _radix("string->number", radix)
    if len(spelled) > MAX_INTEGER_DIGITS or not spelled:
        return False
    if base != 10:
        return _from_radix(spelled, base)
    value = read_atom(spelled)
    return value if type(value) is int or type(value) is float else False


def _from_radix(spelled: str, radix: int) -> object:
    if not re.fullmatch(_SPELLED, spelled):
        return False
    try:
        return int(spelled, radix)
    except ValueError:
        return False
