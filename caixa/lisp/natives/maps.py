"""Maps: any data as keys, in the order of insertion (language.md sections 5.3 and 6.5)."""

from __future__ import annotations

from collections.abc import Callable

from ..equality import key_of
from ..errors import NativeError
from ..lists import List
from ..maps import EMPTY_MAP, Map
from .checks import items_of, map_of
from .registry import native

__all__: list[str] = []


@native("hash-map")
def hash_map(*keys_and_values: object) -> Map:
    """Return a map of keys and values in turn; of equal keys the later value wins."""
    if len(keys_and_values) % 2:
        raise NativeError("hash-map", "expected even number of args (k v k v ...)")
    return Map(zip(keys_and_values[::2], keys_and_values[1::2], strict=True))


@native("hash-map-count")
def hash_map_count(entries: object) -> int:
    """Return the number of entries."""
    return len(map_of(entries))


@native("hash-map-empty?")
def is_hash_map_empty(entries: object) -> bool:
    """Return whether a map has no entries."""
    return not map_of(entries)


@native("hash-map-has?", "contains?")
def hash_map_has(entries: object, key: object) -> bool:
    """Return whether a map has the key."""
    return key in map_of(entries)


@native("hash-map-get", "get")
def hash_map_get(entries: object, key: object) -> object:
    """Return the value under the key, or nil."""
    return map_of(entries).get(key)


@native("hash-map-get-or", "get-or")
def hash_map_get_or(entries: object, key: object, default: object) -> object:
    """Return the value under the key, or `default` if the key is absent."""
    return map_of(entries).get(key, default)


@native("hash-map-set", "assoc")
def hash_map_set(entries: object, key: object, value: object) -> Map:
    """Return the map with `value` under the key."""
    return map_of(entries).assoc(key, value)


@native("hash-map-remove", "dissoc")
def hash_map_remove(entries: object, key: object) -> Map:
    """Return the map without the key."""
    return map_of(entries).dissoc(key)


@native("hash-map-keys", "keys")
def hash_map_keys(entries: object) -> List:
    """Return the keys in order."""
    return List(map_of(entries).keys())


@native("hash-map-values", "vals")
def hash_map_values(entries: object) -> List:
    """Return the values in the order of their keys."""
    return List(map_of(entries).values())


@native("hash-map-entries", "entries")
def hash_map_entries(entries: object) -> List:
    """Return the entries as lists of key and value."""
    return List.own([List(entry) for entry in map_of(entries).items()])


@native("hash-map-merge", "merge")
def hash_map_merge(entries: object, *others: object) -> Map:
    """Return one map of all entries; of equal keys the later value wins."""
    merged = map_of(entries)
    for other in others:
        merged = merged.merge(map_of(other))
    return merged


@native("hash-map-update", "update")
def hash_map_update(entries: object, key: object, function: Callable[[object], object]) -> Map:
    """Return the map with `function` of the value under the key, or of nil, put there."""
    known = map_of(entries)
    return known.assoc(key, function(known.get(key)))


@native("get-in")
def get_in(entries: object, path: object) -> object:
    """Return what the keys of `path` lead to, or nil where they lead to nothing."""
    for key in items_of(path):
        if entries is None:
            return None
        entries = map_of(entries).get(key)
    return entries


@native("assoc-in")
def assoc_in(entries: object, path: object, value: object) -> object:
    """Return the map with `value` where the keys of `path` lead, making maps on the way."""
    return _change_in(entries, path, lambda _: value)


@native("update-in")
def update_in(entries: object, path: object, function: Callable[[object], object]) -> object:
    """Return the map with `function` of what the keys of `path` lead to in its place."""
    return _change_in(entries, path, function)


def _change_in(entries: object, path: object, function: Callable[[object], object]) -> object:
    way: list[tuple[Map, object]] = []
    for key in items_of(path):
        level = EMPTY_MAP if entries is None else map_of(entries)
        way.append((level, key))
        entries = level.get(key)
    changed = function(entries)
    for level, key in reversed(way):
        changed = level.assoc(key, changed)
    return changed


@native("frequencies")
def frequencies(items: object) -> Map:
    """Return a map of each element to how often it occurs."""
    counts: dict[object, list[object]] = {}
    for item in items_of(items):
        entry = counts.setdefault(key_of(item), [item, 0])
        entry[1] = entry[1] + 1  # type: ignore[operator]  # the second of each entry is its count
    return Map((item, number) for item, number in counts.values())


@native("group-by-into-map")
def group_by_into_map(function: Callable[[object], object], items: object) -> Map:
    """Return a map of what `function` gives to the elements for which it does, in order."""
    groups: dict[object, tuple[object, list[object]]] = {}
    for item in items_of(items):
        key = function(item)
        groups.setdefault(key_of(key), (key, []))[1].append(item)
    return Map((key, List.own(members)) for key, members in groups.values())


@native("into-hash-map")
def into_hash_map(items: object) -> Map:
    """Return a map of a list of pairs, or of keys and values in turn."""
    elements = list(items_of(items))
    if elements and isinstance(elements[0], List) and len(elements[0]) == 2:
        return Map(_pair(element) for element in elements)
    return hash_map(*elements)


def _pair(value: object) -> tuple[object, object]:
    parts = tuple(items_of(value))
    if len(parts) != 2:
        raise NativeError("into-hash-map", f"expected a pair, got {len(parts)} elements")
    return parts


@native("select-keys")
def select_keys(entries: object, keys: object) -> Map:
    """Return a map of the entries under those of `keys` that are there."""
    known = map_of(entries)
    return Map((key, known[key]) for key in items_of(keys) if key in known)


@native("zipmap")
def zipmap(keys: object, values: object) -> Map:
    """Return a map of keys to values, as many as both lists have."""
    return Map(zip(items_of(keys), items_of(values), strict=False))
