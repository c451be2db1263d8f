"""What natives demand of their arguments, each check raising the error that the language names for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..errors import NativeError, TypeMismatch
from ..lists import List, Vector
from ..maps import Map, Set

__all__ = [
    "Items",
    "check_length",
    "check_size",
    "integer_of",
    "items_of",
    "list_or_nil",
    "map_of",
    "number_of",
    "string_of",
]


MAX_ELEMENTS = 50_000_000  # a longer list would fill the memory before it is seen to be a mistake
MAX_CHARACTERS = 500_000_000  # likewise a longer string


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


def check_length(function: str, length: float) -> None:
    """Raise NativeError of `function` if a list of `length` elements could not be held."""
    if length > MAX_ELEMENTS:
        reason = f"a list of more than {MAX_ELEMENTS:,} elements"
        raise NativeError(function, reason, fix="Go through a lazy sequence, such as `iterate-lazy` makes.")


def check_size(function: str, size: int) -> None:
    """Raise NativeError of `function` if a string of `size` characters could not be held."""
    if size > MAX_CHARACTERS:
        raise NativeError(
            function, f"a string of more than {MAX_CHARACTERS:,} characters", fix="Write it in parts."
        )
