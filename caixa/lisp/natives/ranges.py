"""Sequences of numbers and of repeated calls (language.md sections 5.2 and 6.4)."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import NativeError
from ..lists import List, list_view
from ..pieces import gathered
from .checks import check_length, integer_of, list_or_nil, number_of
from .comparison import greater, less
from .numbers import add, divide, multiply, subtract, to_float
from .registry import native

__all__ = ["number_range"]


@native("range", params="(n) (start end) (start end step)")
def number_range(start: object, end: object = None, step: object = 1) -> object:
    """Return the list of the numbers from `start` (by default 0) up to and without `end`; nil if none."""
    if end is None:
        start, end = 0, start
    if number_of(step) == 0:
        raise NativeError("range", "the step is zero", fix="Give a step that leads to the end.")
    if type(start) is int and type(end) is int and type(step) is int:
        check_length("range", _count(start, end, step))
        return _counted(range(start, end, step))
    return list_or_nil(_float_range(start, end, step))


def _counted(numbers: range) -> List | None:
    backwards: list[object] = gathered(reversed(numbers))
    return list_view(backwards, len(backwards)) if backwards else None


def _float_range(start: object, end: object, step: object) -> list[object]:
    number_of(start)
    before = less if number_of(step) > 0 else greater
    check_length("range", to_float(divide(subtract(end, start), step)))
    numbers: list[object] = []
    following = start
    while before(following, end):
        if numbers and following == numbers[-1]:
            raise NativeError("range", "the step is too small to lead to the end")
        numbers.append(following)
        following = add(start, multiply(len(numbers), step))  # adding steps up would add up their errors
    return numbers


def _count(start: int, end: int, step: int) -> int:
    """Return how many numbers there are; `len` of a range refuses more than fit a machine word."""
    return max(0, -((start - end) // step))


@native("repeat-list")
def repeat_list(item: object, count: object) -> object:
    """Return a list of `item`, `count` times; nil if that is none."""
    times = max(0, integer_of(count))
    check_length("repeat-list", times)
    return list_or_nil([item] * times)


@native("repeat")
def repeat(count: object, item: object) -> List:
    """Return a list of `count` times `item`."""
    return List.own([item] * _not_negative(count, "repeat"))


@native("iterate")
def iterate(function: Callable[[object], object], start: object, count: object) -> List:
    """Return `count` elements: `start`, `function` of it, `function` of that, and so on."""
    items: list[object] = []
    for index in range(_not_negative(count, "iterate")):
        start = function(start) if index else start
        items.append(start)
    return List.own(items)


@native("repeatedly")
def repeatedly(thunk: Callable[[], object], count: object) -> List:
    """Return the results of calling `thunk` `count` times."""
    return List.own([thunk() for _ in range(_not_negative(count, "repeatedly"))])


def _not_negative(value: object, function: str) -> int:
    count = integer_of(value)
    check_length(function, count)
    if count < 0:
        raise NativeError("hof", "expected non-negative int")
    return count
