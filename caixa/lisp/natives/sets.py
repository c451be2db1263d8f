"""Sets: any data as members, in the order of insertion."""

from __future__ import annotations

from ..errors import TypeMismatch
from ..maps import Set
from .checks import items_of
from .registry import native

__all__: list[str] = []


def _set(value: object) -> Set:
    if isinstance(value, Set):
        return value
    raise TypeMismatch("set", value)


@native("hash-set")
def hash_set(*members: object) -> Set:
    """Return a set of the arguments."""
    return Set(members)


@native("set")
def to_set(items: object) -> Set:
    """Return the elements of a list as a set."""
    return items if isinstance(items, Set) else Set(items_of(items))


@native("set-has?")
def set_has(members: object, item: object) -> bool:
    """Return whether `item` is in a set."""
    return item in _set(members)


@native("set-add")
def set_add(members: object, *items: object) -> Set:
    """Return the set with the items."""
    result = _set(members)
    for item in items:
        result = result.conj(item)
    return result


@native("set-remove", "disj")
def set_remove(members: object, *items: object) -> Set:
    """Return the set without the items."""
    result = _set(members)
    for item in items:
        result = result.disj(item)
    return result


@native("union")
def union(*sets: object) -> Set:
    """Return the set of what is in any of the sets."""
    result = Set()
    for members in sets:
        result = result.union(_set(members))
    return result


@native("intersection")
def intersection(members: object, *others: object) -> Set:
    """Return the set of what is in each of the sets."""
    result = _set(members)
    for other in others:
        result = result.intersection(_set(other))
    return result


@native("difference")
def difference(members: object, *others: object) -> Set:
    """Return the set of what is in the first set and in none of the others."""
    result = _set(members)
    for other in others:
        result = result.difference(_set(other))
    return result


@native("subset?")
def is_subset(members: object, others: object) -> bool:
    """Return whether each member of the first set is in the second."""
    theirs = _set(others)
    return all(item in theirs for item in _set(members))


@native("disjoint?")
def is_disjoint(members: object, others: object) -> bool:
    """Return whether two sets have no member in common."""
    theirs = _set(others)
    return not any(item in theirs for item in _set(members))
