"""Sorting: stable, in n log n comparisons, and without recursion or calls from C (language.md section 5.2)."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import TypeMismatch
from ..lists import List
from .checks import items_of
from .comparison import compare
from .registry import native

__all__ = ["merge_sort"]

Swaps = Callable[[object, object], bool]


def merge_sort(items: list[object], swaps: Swaps) -> list[object]:
    """Return `items` so that no neighbours are left that `swaps` says belong the other way round."""
    runs = [[item] for item in items]
    while len(runs) > 1:
        merged = [_merge(runs[at], runs[at + 1], swaps) for at in range(0, len(runs) - 1, 2)]
        if len(runs) % 2:
            merged.append(runs[-1])
        runs = merged
    return runs[0] if runs else []


def _merge(left: list[object], right: list[object], swaps: Swaps) -> list[object]:
    merged: list[object] = []
    at, other = 0, 0
    while at < len(left) and other < len(right):
        if swaps(left[at], right[other]):
            merged.append(right[other])
            other += 1
        else:
            merged.append(left[at])
            at += 1
    return merged + left[at:] + right[other:]


@native("sort-by")
def sort_by(comparator: Callable[[object, object], object], items: object) -> List:
    """Sort by `(comparator a b)`: a positive integer or #t says that a comes after b (so `-` sorts upwards)."""

    def swaps(left: object, right: object) -> bool:
        answer = comparator(left, right)
        if type(answer) is int or type(answer) is bool:
            return answer > 0
        raise TypeMismatch("int (or bool) from comparator", answer)

    return List.own(merge_sort(list(items_of(items)), swaps))


@native("sort", params="(&optional before? items)")
def sort(first: object, *rest: object) -> List:
    """Sort upwards as `compare` orders, or so that `(before? a b)` holds for neighbours, where given."""
    if len(rest) > 1:
        raise TypeError(f"sort() takes from 1 to 2 positional arguments but {1 + len(rest)} were given")
    if not rest:
        return List.own(merge_sort(list(items_of(first)), lambda left, right: compare(left, right) > 0))
    before: Callable[[object, object], object] = first  # type: ignore[assignment]  # what cannot be called is refused by calling

    def swaps(left: object, right: object) -> bool:
        answer = before(right, left)
        return answer is not None and answer is not False

    return List.own(merge_sort(list(items_of(rest[0])), swaps))


@native("sort-on")
def sort_on(key: Callable[[object], object], items: object) -> List:
    """Sort upwards by what `key` gives for each element."""
    keyed: list[object] = [(key(item), item) for item in items_of(items)]
    ordered = merge_sort(keyed, lambda left, right: compare(left[0], right[0]) > 0)  # type: ignore[index]  # pairs, as made above
    return List.own([pair[1] for pair in ordered])  # type: ignore[index]  # likewise
