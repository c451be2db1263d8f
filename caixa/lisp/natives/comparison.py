"""Comparing numbers and ordering values (language.md sections 4.5, 5.1); equality itself is in equality.py."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ..equality import equal, identical
from ..errors import TypeMismatch
from ..names import Char, Keyword, Symbol
from .checks import string_of
from .numbers import to_float
from .registry import native

__all__ = ["compare", "greater", "greater_equal", "less", "less_equal", "num_equal"]

_NAMES = (Symbol, Keyword, Char)


def num_equal(left: object, right: object) -> bool:
    """Return whether two numbers are equal; an integer and a float compare as floats."""
    if type(left) is int and type(right) is int:
        return left == right
    return to_float(left) == to_float(right)


def less(left: object, right: object) -> bool:
    """Return whether the left number is less than the right one."""
    if type(left) is int and type(right) is int:
        return left < right
    return to_float(left) < to_float(right)


def less_equal(left: object, right: object) -> bool:
    """Return whether the left number is at most the right one."""
    if type(left) is int and type(right) is int:
        return left <= right
    return to_float(left) <= to_float(right)


def greater(left: object, right: object) -> bool:
    """Return whether the left number is greater than the right one."""
    return less(right, left) if type(left) is type(right) else to_float(left) > to_float(right)


def greater_equal(left: object, right: object) -> bool:
    """Return whether the left number is at least the right one."""
    return less_equal(right, left) if type(left) is type(right) else to_float(left) >= to_float(right)


def _chain(holds: Callable[[object, object], bool], numbers: tuple[object, ...]) -> bool:
    """Return whether each neighbouring pair satisfies `holds`; nothing is looked at after one that does not."""
    return all(holds(left, right) for left, right in pairwise(numbers))


@native("=")
def all_equal(number: object, other: object, *others: object) -> bool:
    """Return whether all the numbers are equal."""
    return _chain(num_equal, (number, other, *others))


@native("<")
def ascending(number: object, other: object, *others: object) -> bool:
    """Return whether each number is less than the next."""
    return _chain(less, (number, other, *others))


@native(">")
def descending(number: object, other: object, *others: object) -> bool:
    """Return whether each number is greater than the next."""
    return _chain(greater, (number, other, *others))


@native("<=")
def not_descending(number: object, other: object, *others: object) -> bool:
    """Return whether each number is at most the next."""
    return _chain(less_equal, (number, other, *others))


@native(">=")
def not_ascending(number: object, other: object, *others: object) -> bool:
    """Return whether each number is at least the next."""
    return _chain(greater_equal, (number, other, *others))


@native("eq?")
def is_identical(left: object, right: object) -> bool:
    """Return whether two values are one: the same object, or equal numbers, strings and names of one kind."""
    return identical(left, right)


@native("equal?")
def is_equal(left: object, right: object) -> bool:
    """Return whether two values have the same structure; nil and the empty list do."""
    return equal(left, right)


@native("not=")
def is_not_equal(left: object, right: object) -> bool:
    """Return whether two values differ in structure."""
    return not equal(left, right)


@native("compare")
def compare(left: object, right: object) -> int:
    """Return -1, 0 or 1 as `left` comes before, with or after `right`, which must be of the same kind."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and not _is_bool(left, right):
        return greater(left, right) - less(left, right)
    if type(left) is type(right) and isinstance(left, (str, *_NAMES)):
        mine = left if isinstance(left, str) else left.name
        theirs = right if isinstance(right, str) else right.name  # type: ignore[attr-defined]  # of the same class
        return (mine > theirs) - (mine < theirs)
    raise TypeMismatch("comparable values of the same kind", right if _is_ordered(left) else left)


def _is_bool(*values: object) -> bool:
    return any(type(value) is bool for value in values)


def _is_ordered(value: object) -> bool:
    return isinstance(value, (int, float, str, *_NAMES)) and not _is_bool(value)


@native("string<?")
def is_string_before(left: object, right: object) -> bool:
    """Return whether one string comes before another, by code points."""
    return string_of(left) < string_of(right)


@native("string=?")
def is_string_same(left: object, right: object) -> bool:
    """Return whether two strings are equal."""
    return string_of(left) == string_of(right)


@native("zero?")
def is_zero(number: object) -> bool:
    """Return whether a number is zero."""
    return num_equal(number, 0)


@native("positive?", "pos?")
def is_positive(number: object) -> bool:
    """Return whether a number is greater than zero."""
    return greater(number, 0)


@native("negative?", "neg?")
def is_negative(number: object) -> bool:
    """Return whether a number is less than zero."""
    return less(number, 0)
