"""What natives demand of their arguments, each check raising the error that the language names for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..errors import TypeMismatch
from ..lists import List, Vector
from ..maps import Map, Set

__all__ = ["Items", "integer_of", "items_of", "list_or_nil", "map_of", "number_of", "string_of"]


class Items(Protocol):
    """What can be counted and gone through, in order."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[object]: ...


def items_of(value: object, expected: str = "list") -> Items:
    """Return the elements of a list, nil, vector or set; raises TypeMismatch(`expected`) for anything else."""
    if isinstance(value, (List, Vector, Set)):
        return value
    if value is None:
        return ()
    raise TypeMismatch(expected, value)


def list_or_nil(items: list[object]) -> List | None:
    """Return a list that owns `items`, or nil if there are none."""
    return List.own(items) if items else None


def integer_of(value: object, expected: str = "integer") -> int:
    """Return `value` if it is an integer (a boolean is not)."""
    if type(value) is int:
        return value
    raise TypeMismatch(expected, value)


def number_of(value: object) -> int | float:
    """Return `value` if it is an integer or a float."""
    if type(value) is int or type(value) is float:
        return value
    raise TypeMismatch("number", value)


def string_of(value: object) -> str:
    """Return `value` if it is a string."""
    if type(value) is str:
        return value
    raise TypeMismatch("string", value)


def map_of(value: object) -> Map:
    """Return `value` if it is a map (nil is not)."""
    if type(value) is Map:
        return value
    raise TypeMismatch("map", value)
