"""Sorting: stable, in n log n comparisons, and without recursion or calls from C (language.md section 5.2).

What Python itself orders as the language does (integers, floats without nan, strings, and names by their
text) is left to Python's sort, in pieces, since Stop has to wait for C.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import isnan
from operator import attrgetter
from typing import Any

from ..errors import TypeMismatch
from ..lists import List
from ..names import Char, Keyword, Symbol
from ..pieces import PIECE, gathered, kinds_of
from .checks import items_of
from .comparison import ascending, compare, descending
from .numbers import minus
from .registry import native

__all__ = ["merge_sort", "plain_sort"]

Before = Callable[[Any, Any], object]
"""Whether its first argument belongs before its second: true unless nil or #f."""

_NAMES = frozenset({Symbol, Keyword, Char})


def merge_sort(items: Sequence[Any], before: Before) -> list[Any]:
    """Return `items` so that none of two neighbours belongs `before` the one that it follows."""
    runs = _runs(items, before)
    while len(runs) > 1:
        merged = [_merge(runs[at], runs[at + 1], before) for at in range(0, len(runs) - 1, 2)]
        if len(runs) % 2:
            merged.append(runs[-1])
        runs = merged
    return runs[0] if runs else []


def _runs(items: Sequence[Any], before: Before) -> list[list[Any]]:
    """Return `items` cut into stretches that are in order: what is sorted already is sorted at once."""
    runs: list[list[Any]] = []
    for item in items:
        if runs:
            answer = before(item, runs[-1][-1])
            if answer is None or answer is False:
                runs[-1].append(item)
                continue
        runs.append([item])
    return runs


def _merge(left: list[Any], right: list[Any], before: Before) -> list[Any]:
    merged: list[Any] = []
    put = merged.append
    mine, theirs = 0, 0
    one, other = left[0], right[0]
    while True:  # each turn costs one call of `before` and little else
        answer = before(other, one)
        if answer is None or answer is False:
            put(one)
            mine += 1
            if mine == len(left):
                return merged + right[theirs:]
            one = left[mine]
        else:
            put(other)
            theirs += 1
            if theirs == len(right):
                return merged + left[mine:]
            other = right[theirs]


def plain_sort(items: list[Any], *, downwards: bool = False) -> list[Any] | None:
    """Return `items` in the order of `compare` if they are all of one kind that Python orders so, else None."""
    kinds = kinds_of(items)
    kind = kinds.pop() if kinds else int
    if kinds or not (kind in (int, str) or kind in _NAMES or (kind is float and not any(map(isnan, items)))):
        return None
    key = attrgetter("name") if kind in _NAMES else None
    if len(items) <= PIECE:
        return sorted(items, key=key, reverse=downwards)
    if not downwards:
        return _sorted_in_pieces(items, key)
    ordered = _sorted_in_pieces(items[::-1], key)  # so that what is equal stays in order
    ordered.reverse()
    return ordered


def _sorted_in_pieces(items: list[Any], key: Callable[[Any], Any] | None) -> list[Any]:
    runs = [sorted(items[at : at + PIECE], key=key) for at in range(0, len(items), PIECE)]
    places = [0] * len(runs)
    ordered: list[Any] = []
    while len(ordered) < len(items):
        ordered += sorted(_next_of(runs, places, key), key=key)
    return ordered


def _next_of(runs: list[list[Any]], places: list[int], key: Callable[[Any], Any] | None) -> list[Any]:
    """Take from sorted lists, at `places`, what comes before all else: up to where the first of them ends."""
    step = max(1, 2 * PIECE // len(runs))
    ends = {at: min(places[at] + step, len(run)) for at, run in enumerate(runs) if places[at] < len(run)}
    of = _itself if key is None else key
    bound, first = min((of(runs[at][end - 1]), at) for at, end in ends.items())
    taken: list[Any] = []
    for at, end in ends.items():
        if at != first:  # of equal ones those of an earlier list come first
            cut = bisect_right if at < first else bisect_left
            end = cut(runs[at], bound, places[at], end, key=key)  # noqa: PLW2901  # nearer
        taken += runs[at][places[at] : end]
        places[at] = end
    return taken


def _itself(item: object) -> Any:
    return item


@native("sort-by")
def sort_by(comparator: Before, items: object) -> List:
    """Sort by `(comparator a b)`: a positive integer or #t says that a comes after b (so `-` sorts upwards)."""
    elements = gathered(items_of(items))
    if comparator is minus and kinds_of(elements) <= {int}:
        return List.own(plain_sort(elements) or [])

    def before(later: object, earlier: object) -> bool:
        answer = comparator(earlier, later)
        if type(answer) is int or type(answer) is bool:
            return answer > 0
        raise TypeMismatch("int (or bool) from comparator", answer)

    return List.own(merge_sort(elements, before))


@native("sort", params="(&optional before? items)")
def sort(first: object, *rest: object) -> List:
    """Sort upwards as `compare` orders, or so that `(before? a b)` holds for neighbours, where given."""
    if len(rest) > 1:
        raise TypeError(f"sort() takes from 1 to 2 positional arguments but {1 + len(rest)} were given")
    elements = gathered(items_of(rest[0] if rest else first))
    if not rest:
        ordered = plain_sort(elements)
        return List.own(merge_sort(elements, _is_less) if ordered is None else ordered)
    before: Any = first  # what cannot be called is refused by calling
    if before in (ascending, descending) and kinds_of(elements) <= {int, float}:
        ordered = plain_sort(elements, downwards=before is descending)
        if ordered is not None:
            return List.own(ordered)
    return List.own(merge_sort(elements, before))


def _is_less(one: object, other: object) -> bool:
    return compare(one, other) < 0


@native("sort-on")
def sort_on(key: Callable[[object], object], items: object) -> List:
    """Sort upwards by what `key` gives for each element."""
    elements = gathered(items_of(items))
    keys: list[Any] = [key(item) for item in elements]
    places = _places(keys)
    return List.own([elements[place] for place in places])


def _places(keys: list[Any]) -> list[int]:
    """Return the indices of `keys` in the order of what they are the indices of."""
    places = list(range(len(keys)))
    kinds = kinds_of(keys)
    if kinds <= {int} or kinds <= {str}:
        get = keys.__getitem__
        return sorted(places, key=get) if len(places) <= PIECE else _sorted_in_pieces(places, get)
    return merge_sort(places, lambda one, other: compare(keys[one], keys[other]) < 0)
