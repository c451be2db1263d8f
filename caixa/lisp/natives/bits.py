"""Bitwise operations on integers of any size (language.md section 5.1, decision `shift-mod-64`)."""

from __future__ import annotations

from ..errors import IntegerTooLarge, NativeError
from .checks import integer_of
from .numbers import MAX_INTEGER_BITS, bounded
from .registry import native

__all__: list[str] = []


@native("bit-and")
def bit_and(*integers: object) -> int:
    """Combine integers bit by bit with and; without any, -1."""
    result = -1
    for integer in integers:
        result &= integer_of(integer)
    return result


@native("bit-or")
def bit_or(*integers: object) -> int:
    """Combine integers bit by bit with or; without any, 0."""
    result = 0
    for integer in integers:
        result |= integer_of(integer)
    return result


@native("bit-xor")
def bit_xor(*integers: object) -> int:
    """Combine integers bit by bit with exclusive or; without any, 0."""
    result = 0
    for integer in integers:
        result ^= integer_of(integer)
    return result


@native("bit-not")
def bit_not(integer: object) -> int:
    """Invert every bit."""
    return ~integer_of(integer)


def _count(function: str, value: object) -> int:
    count = integer_of(value)
    if count < 0:
        raise NativeError(function, "the count is negative", fix="Shift the other way.")
    return count


@native("bit-shift-left")
def bit_shift_left(integer: object, count: object) -> int:
    """Shift the bits of an integer to the left, losing none."""
    number, places = integer_of(integer), _count("bit-shift-left", count)
    if number and number.bit_length() + places > MAX_INTEGER_BITS:
        raise IntegerTooLarge
    return bounded(number << places) if number else 0


@native("bit-shift-right")
def bit_shift_right(integer: object, count: object) -> int:
    """Shift the bits of an integer to the right, keeping its sign."""
    return integer_of(integer) >> _count("bit-shift-right", count)
