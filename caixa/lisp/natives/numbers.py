"""Arithmetic: exact integers up to 10⁷ bits, and floats (language.md section 4.5, decision `int-wraps`).

The two-argument functions are public: compiled code calls them where its inlined check of the classes fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..errors import DivisionByZero, IntegerTooLarge, NativeError, TypeMismatch
from ..pieces import PIECE, pieces_of
from .checks import Items, integer_of, items_of, number_of
from .registry import native

__all__ = ["MAX_INTEGER_BITS", "add", "bounded", "divide", "multiply", "negate", "subtract", "to_float"]

MAX_INTEGER_BITS = 10_000_000
_SURELY_SMALL = 64  # bits; two such integers multiply to nothing large

Number = int | float
_NUMBERS = (int, float)


def bounded(value: int) -> int:
    """Return `value` unless it has too many bits (IntegerTooLarge)."""
    if value.bit_length() > MAX_INTEGER_BITS:
        raise IntegerTooLarge
    return value


def to_float(value: object) -> float:
    """Return a number as a float: infinite, if it is an integer beyond the range of floats."""
    number = number_of(value)
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _both(left: object, right: object) -> None:
    """Raise TypeMismatch for the first that is not a number."""
    number_of(left)
    number_of(right)


def add(left: object, right: object) -> Number:
    """Return the sum of two numbers."""
    if type(left) is int and type(right) is int:
        return bounded(left + right)
    return to_float(left) + to_float(right)


def subtract(left: object, right: object) -> Number:
    """Return the difference of two numbers."""
    if type(left) is int and type(right) is int:
        return bounded(left - right)
    return to_float(left) - to_float(right)


def multiply(left: object, right: object) -> Number:
    """Return the product of two numbers."""
    if type(left) is int and type(right) is int:
        if left.bit_length() + right.bit_length() > MAX_INTEGER_BITS + 1:  # found before the work is done
            raise IntegerTooLarge
        return bounded(left * right)
    return to_float(left) * to_float(right)


def divide(left: object, right: object) -> Number:
    """Return the quotient of two numbers: an integer if it is one of integers, else a float."""
    _both(left, right)
    if right == 0:
        raise DivisionByZero
    if type(left) is int and type(right) is int:
        quotient, remainder = divmod(left, right)
        return quotient if remainder == 0 else _ratio(left, right)
    return to_float(left) / to_float(right)


def _ratio(left: int, right: int) -> float:
    try:
        return left / right
    except OverflowError:
        return math.inf if (left > 0) == (right > 0) else -math.inf


def negate(number: object) -> Number:
    """Return the number with the other sign."""
    return -number_of(number)


@native("+")
def plus(*numbers: object) -> Number:
    """Add numbers; without any, 0."""
    if len(numbers) == 2:  # as a fold calls it, once for each element
        left, right = numbers
        if type(left) is int and type(right) is int:
            return bounded(left + right)
        return add(left, right)
    total: Number = 0
    for number in numbers:
        total = add(total, number)
    return total if len(numbers) != 1 else number_of(numbers[0])  # 0 + -0.0 would lose the sign


@native("*")
def times(*numbers: object) -> Number:
    """Multiply numbers; without any, 1."""
    if len(numbers) == 2:
        return multiply(*numbers)
    product: Number = 1
    for number in numbers:
        product = multiply(product, number)
    return product


@native("-")
def minus(number: object, *others: object) -> Number:
    """Subtract the others from the first number; of one alone, negate it."""
    if not others:
        return negate(number)
    difference: object = number
    for other in others:
        difference = subtract(difference, other)
    return number_of(difference)


@native("/")
def over(number: object, *others: object) -> Number:
    """Divide the first number by the others in turn; of one alone, the reciprocal, as a float."""
    if not others:
        return divide(1.0, number)
    quotient: object = number
    for other in others:
        quotient = divide(quotient, other)
    return number_of(quotient)


def _divisor(value: object) -> int:
    divisor = integer_of(value)
    if divisor == 0:
        raise DivisionByZero
    return divisor


@native("modulo", "mod")
def modulo(dividend: object, divisor: object) -> int:
    """Return the Euclidean remainder of integers, which is never negative."""
    number = integer_of(dividend)
    return number % abs(_divisor(divisor))


@native("quotient", "quot")
def quotient(dividend: object, divisor: object) -> int:
    """Divide integers, cutting off towards zero."""
    left, right = integer_of(dividend), _divisor(divisor)
    magnitude = abs(left) // abs(right)
    return magnitude if (left < 0) == (right < 0) else -magnitude


@native("remainder", "rem")
def remainder(dividend: object, divisor: object) -> int:
    """Return what `quotient` leaves, with the sign of the dividend."""
    left, right = integer_of(dividend), _divisor(divisor)
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


@native("abs")
def absolute(number: object) -> Number:
    """Return the number without its sign."""
    return abs(number_of(number))


@native("inc")
def inc(number: object) -> Number:
    """Add 1."""
    return add(number, 1)


@native("dec")
def dec(number: object) -> Number:
    """Subtract 1."""
    return subtract(number, 1)


@native("square")
def square(number: object) -> Number:
    """Multiply a number by itself."""
    return multiply(number, number)


@native("sum")
def total(numbers: object) -> Number:
    """Add the numbers of a list; of none, 0."""
    return _over(plus, items_of(numbers))


@native("product")
def product_of(numbers: object) -> Number:
    """Multiply the numbers of a list; of none, 1."""
    return _over(times, items_of(numbers))


def _over(function: Callable[..., Number], numbers: Items) -> Number:
    """Return what `plus` or `times` makes of all the numbers."""
    if len(numbers) <= PIECE:
        return function(*numbers)
    result = function()
    for piece in pieces_of(numbers):
        result = function(result, *piece)
    return result


@native("mean")
def mean(numbers: object) -> Number:
    """Return the arithmetic mean of a list of numbers that is not empty."""
    elements = items_of(numbers)
    if not len(elements):
        raise NativeError("mean", "there are no numbers")
    return divide(_over(plus, elements), len(elements))


@native("clamp")
def clamp(number: object, low: object, high: object) -> Number:
    """Return a number, or the bound of `low` and `high` that it is beyond."""
    return minimum(maximum(number, low), high)


@native("nan?")
def is_nan(number: object) -> bool:
    """Return whether a number is nan."""
    return number_of(number) != number


@native("finite?")
def is_finite(number: object) -> bool:
    """Return whether a number is neither nan nor infinite."""
    return type(number_of(number)) is int or math.isfinite(to_float(number))


@native("min")
def minimum(number: object, *others: object) -> Number:
    """Return the least number, as a float if any of them is one; nan counts only when alone."""
    numbers = [number_of(each) for each in (number, *others)]
    return _as_the_kind_of(min(_without_nan(numbers)), numbers)


@native("max")
def maximum(number: object, *others: object) -> Number:
    """Return the greatest number, as a float if any of them is one; nan counts only when alone."""
    numbers = [number_of(each) for each in (number, *others)]
    return _as_the_kind_of(max(_without_nan(numbers)), numbers)


def _without_nan(numbers: list[Number]) -> list[Number]:
    return [number for number in numbers if not (type(number) is float and math.isnan(number))] or numbers


def _as_the_kind_of(result: Number, numbers: list[Number]) -> Number:
    return to_float(result) if any(type(number) is float for number in numbers) else result


@native("gcd")
def gcd(*integers: object) -> int:
    """Return the greatest common divisor of integers; without any, 0."""
    return math.gcd(*map(integer_of, integers))


@native("lcm")
def lcm(*integers: object) -> int:
    """Return the least common multiple of integers; without any, 1."""
    product = 1
    for integer in map(integer_of, integers):
        common = math.gcd(product, integer)
        product = abs(int(multiply(product, integer // common))) if common else 0
    return product


@native("exact", "inexact->exact")
def exact(number: object) -> int:
    """Return a number without a fraction as an integer."""
    if type(number) is float and number.is_integer():
        return int(number)
    return integer_of(number, "number without a fraction")


@native("inexact", "exact->inexact")
def inexact(number: object) -> float:
    """Return a number as a float."""
    return to_float(number)


def _whole(number: object) -> Number:
    """Return a number that has an integer part; raises TypeMismatch for inf and nan."""
    if type(number) is float and not math.isfinite(number):
        raise TypeMismatch("finite number", number)
    return number_of(number)


@native("floor")
def floor(number: object) -> int:
    """Round down to an integer."""
    return math.floor(_whole(number))


@native("ceiling")
def ceiling(number: object) -> int:
    """Round up to an integer."""
    return math.ceil(_whole(number))


@native("truncate")
def truncate(number: object) -> int:
    """Round towards zero to an integer."""
    return math.trunc(_whole(number))


@native("round")
def round_half_away(number: object) -> int:
    """Round to the nearest integer, a half away from zero."""
    whole = _whole(number)
    nearest = math.trunc(whole)
    if abs(whole - nearest) >= 0.5:
        nearest += 1 if whole > 0 else -1
    return nearest
