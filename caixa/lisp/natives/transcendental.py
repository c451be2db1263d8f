"""Powers, roots, logarithms and trigonometry; outside its domain a function gives nan or an infinity."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..errors import IntegerTooLarge
from .checks import number_of
from .numbers import MAX_INTEGER_BITS, bounded, to_float
from .registry import native

__all__ = ["expt"]


@native("expt")
def expt(base: object, exponent: object) -> int | float:
    """Raise `base` to a power: exactly for integers and an exponent that is not negative."""
    if type(base) is int and type(exponent) is int and exponent >= 0:
        if (abs(base).bit_length() - 1) * exponent > MAX_INTEGER_BITS:
            raise IntegerTooLarge
        return bounded(base**exponent)
    return _power(to_float(base), to_float(exponent))


def _power(base: float, exponent: float) -> float:
    negative = base < 0 and exponent.is_integer() and exponent % 2 == 1
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if negative else math.inf
    except ValueError:  # zero to a negative power, or a root of a negative number
        return math.inf if base == 0 else math.nan


def _apply(function: Callable[[float], float], number: object, overflow: float = math.inf) -> float:
    try:
        return function(to_float(number))
    except OverflowError:
        return overflow
    except ValueError:
        return math.nan


@native("sqrt")
def sqrt(number: object) -> float:
    """Return the square root, as a float."""
    return _apply(math.sqrt, number)


@native("exp")
def exp(number: object) -> float:
    """Return e to the given power."""
    return _apply(math.exp, number)


@native("sin")
def sin(radians: object) -> float:
    """Return the sine of an angle in radians."""
    return _apply(math.sin, radians)


@native("cos")
def cos(radians: object) -> float:
    """Return the cosine of an angle in radians."""
    return _apply(math.cos, radians)


@native("tan")
def tan(radians: object) -> float:
    """Return the tangent of an angle in radians."""
    return _apply(math.tan, radians)


@native("asin")
def asin(number: object) -> float:
    """Return the angle in radians whose sine is `number`."""
    return _apply(math.asin, number)


@native("acos")
def acos(number: object) -> float:
    """Return the angle in radians whose cosine is `number`."""
    return _apply(math.acos, number)


@native("atan")
def atan(y: object, x: object = 1) -> float:
    """Return the angle in radians whose tangent is `y`, or of the point (x, y)."""
    return math.atan2(to_float(y), to_float(x))


@native("log")
def log(number: object, base: object = None) -> float:
    """Return the natural logarithm, or the one to `base`."""
    if base is None:
        return _logarithm(number)
    upper, lower = _logarithm(number), _logarithm(base)
    if lower == 0:
        return math.nan if upper == 0 or math.isnan(upper) else math.copysign(math.inf, upper)
    return upper / lower


def _logarithm(number: object) -> float:
    value = number_of(number)
    if value == 0:
        return -math.inf
    return math.log(value) if value > 0 else math.nan  # an integer beyond the floats has a logarithm, too
