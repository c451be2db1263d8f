"""Sequences of numbers and of repeated calls (language.md sections 5.2 and 6.4)."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import NativeError
from ..lists import List
from .checks import integer_of, list_or_nil, number_of
from .comparison import greater, less
from .numbers import add, divide, subtract, to_float
from .registry import native

__all__ = ["number_range"]

MAX_LENGTH = 50_000_000  # elements: a longer list would fill the memory before it is seen to be a mistake


@native("range", params="(n) (start end) (start end step)")
def number_range(start: object, end: object = None, step: object = 1) -> object:
    """Return the list of the numbers from `start` (by default 0) up to and without `end`; nil if none."""
    if end is None:
        start, end = 0, start
    if number_of(step) == 0:
        raise NativeError("range", "the step is zero", fix="Give a step that leads to the end.")
    if type(start) is int and type(end) is int and type(step) is int:
        _check_length(len(range(start, end, step)))
        return list_or_nil(list(range(start, end, step)))
    return list_or_nil(_float_range(start, end, step))


def _float_range(start: object, end: object, step: object) -> list[object]:
    number_of(start)
    before = less if number_of(step) > 0 else greater
    _check_length(to_float(divide(subtract(end, start), step)))
    numbers: list[object] = []
    while before(start, end):
        numbers.append(start)
        following = add(start, step)
        if following == start:
            raise NativeError("range", "the step is too small to lead to the end")
        start = following
    return numbers


def _check_length(length: float) -> None:
    if length > MAX_LENGTH:
        raise NativeError("range", f"a list of more than {MAX_LENGTH:,} elements", fix="Use `iterate-lazy`.")


@native("repeat-list")
def repeat_list(item: object, count: object) -> object:
    """Return a list of `item`, `count` times; nil if that is none."""
    return list_or_nil([item] * max(0, integer_of(count)))


@native("iterate")
def iterate(function: Callable[[object], object], start: object, count: object) -> List:
    """Return `count` elements: `start`, `function` of it, `function` of that, and so on."""
    items: list[object] = []
    for index in range(_not_negative(count)):
        start = function(start) if index else start
        items.append(start)
    return List.own(items)


@native("repeatedly")
def repeatedly(thunk: Callable[[], object], count: object) -> List:
    """Return the results of calling `thunk` `count` times."""
    return List.own([thunk() for _ in range(_not_negative(count))])


def _not_negative(value: object) -> int:
    count = integer_of(value)
    if count < 0:
        raise NativeError("hof", "expected non-negative int")
    return count
