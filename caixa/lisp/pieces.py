"""Long work in pieces: Stop is heard between byte codes of Python, so C gets it milliseconds at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import length_hint
from typing import Final, TypeVar

__all__ = ["PIECE", "extended", "gathered", "kinds_of", "pieces_of"]

T = TypeVar("T")
PIECE: Final = 1 << 16
"""Elements that C takes in a millisecond or two."""


def pieces_of(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut `items` into lists of at most PIECE elements."""
    rest = iter(items)
    while piece := list(islice(rest, PIECE)):
        yield piece


def extended(known: list[T], items: Iterable[T]) -> list[T]:
    """Put `items` behind what is in `known`, as its `extend` does, and return it."""
    if length_hint(items, PIECE + 1) <= PIECE:
        known.extend(items)
        return known
    rest, size = iter(items), -1
    while len(known) != size:
        size = len(known)
        known.extend(islice(rest, PIECE))
    return known


def gathered(items: Iterable[T]) -> list[T]:
    """Return a list of `items`, as `list` does."""
    return list(items) if length_hint(items, PIECE + 1) <= PIECE else extended([], items)


def kinds_of(items: Iterable[object]) -> set[type]:
    """Return the classes of `items`."""
    if length_hint(items, PIECE + 1) <= PIECE:
        return set(map(type, items))
    kinds: set[type] = set()
    for piece in pieces_of(items):
        kinds.update(map(type, piece))
    return kinds
