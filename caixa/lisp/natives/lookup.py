"""Reading and changing what has keys: maps, vectors by index, sets by member; and paths through them."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import NativeError, TypeMismatch
from ..lists import Vector
from ..maps import EMPTY_MAP, Map, Set
from .checks import integer_of, items_of, map_of
from .registry import native

__all__ = ["assoc", "get"]

Function = Callable[..., object]


@native("get")
def get(collection: object, key: object, default: object = None) -> object:
    """Return the value under a key of a map, index of a vector or member of a set, else `default`."""
    if type(collection) is Map:
        return collection.get(key, default)
    if isinstance(collection, Vector):
        return collection[key] if type(key) is int and 0 <= key < len(collection) else default
    if isinstance(collection, Set):
        return key if key in collection else default
    raise TypeMismatch("map", collection)


@native("contains?")
def contains(collection: object, key: object) -> bool:
    """Return whether a map has a key, a vector an index, or a set a member."""
    if isinstance(collection, Vector):
        return type(key) is int and 0 <= key < len(collection)
    return key in (collection if isinstance(collection, Set) else map_of(collection))


def _changed(collection: object, key: object, value: object) -> Map | Vector:
    if isinstance(collection, Vector):
        at = integer_of(key)
        if not 0 <= at <= len(collection):
            raise NativeError("assoc", f"there is no element {at} in a vector of {len(collection)}")
        return collection.assoc(at, value)
    return map_of(collection).assoc(key, value)


@native("assoc")
def assoc(collection: object, key: object, value: object, *more: object) -> Map | Vector:
    """Return a map with the values under the keys, in turn; or a vector with elements at indices."""
    if len(more) % 2:
        raise NativeError("assoc", "a key is without a value")
    changed = collection.assoc(key, value) if type(collection) is Map else _changed(collection, key, value)
    for at in range(0, len(more), 2):
        changed = _changed(changed, more[at], more[at + 1])
    return changed


@native("dissoc")
def dissoc(entries: object, key: object, *others: object) -> Map:
    """Return the map without the keys."""
    known = map_of(entries)
    for absent in (key, *others):
        known = known.dissoc(absent)
    return known


@native("update")
def update(collection: object, key: object, function: Function, *arguments: object) -> Map | Vector:
    """Return a map or vector with `function` of the value under the key, and of the arguments, put there."""
    return _changed(collection, key, function(get(collection, key), *arguments))


@native("get-in")
def get_in(entries: object, path: object, default: object = None) -> object:
    """Return what the keys of `path` lead to, or `default` where they lead to nothing."""
    for key in items_of(path):
        if entries is None:
            return default
        entries = get(entries, key)
    return default if entries is None else entries


@native("assoc-in")
def assoc_in(entries: object, path: object, value: object) -> object:
    """Return the map with `value` where the keys of `path` lead, making maps on the way."""
    return _change_in(entries, path, lambda _: value)


@native("update-in")
def update_in(entries: object, path: object, function: Function, *arguments: object) -> object:
    """Return the map with `function` of what the keys of `path` lead to, and of the arguments, in its place."""
    return _change_in(entries, path, lambda value: function(value, *arguments))


def _change_in(entries: object, path: object, function: Function) -> object:
    way: list[tuple[object, object]] = []
    for key in items_of(path):
        level = EMPTY_MAP if entries is None else entries
        way.append((level, key))
        entries = get(level, key)
    changed = function(entries)
    for level, key in reversed(way):
        changed = _changed(level, key, changed)
    return changed
