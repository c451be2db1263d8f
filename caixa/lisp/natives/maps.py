"""Maps: any data as keys, in the order of insertion (language.md sections 5.3 and 6.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..equality import PLAIN_KINDS, key_of
from ..errors import NativeError
from ..lists import List
from ..maps import Map
from ..pieces import gathered, kinds_of, pieces_of
from .checks import items_of, map_of
from .registry import native

__all__: list[str] = []

Function = Callable[..., object]
_ABSENT = object()


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


@native("hash-map-has?")
def hash_map_has(entries: object, key: object) -> bool:
    """Return whether a map has the key."""
    return key in map_of(entries)


@native("hash-map-get")
def hash_map_get(entries: object, key: object) -> object:
    """Return the value under the key, or nil."""
    return entries.get(key) if type(entries) is Map else map_of(entries).get(key)


@native("hash-map-get-or", "get-or")
def hash_map_get_or(entries: object, key: object, default: object) -> object:
    """Return the value under the key, or `default` if the key is absent."""
    return map_of(entries).get(key, default)


@native("hash-map-set")
def hash_map_set(entries: object, key: object, value: object) -> Map:
    """Return the map with `value` under the key."""
    return entries.assoc(key, value) if type(entries) is Map else map_of(entries).assoc(key, value)


@native("hash-map-remove")
def hash_map_remove(entries: object, key: object) -> Map:
    """Return the map without the key."""
    return map_of(entries).dissoc(key)


@native("hash-map-keys", "keys")
def hash_map_keys(entries: object) -> List:
    """Return the keys in order."""
    return List.own(list(map_of(entries)))


@native("hash-map-values", "vals")
def hash_map_values(entries: object) -> List:
    """Return the values in the order of their keys."""
    return List.own(map_of(entries).values())


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


@native("hash-map-update")
def hash_map_update(entries: object, key: object, function: Callable[[object], object]) -> Map:
    """Return the map with `function` of the value under the key, or of nil, put there."""
    known = map_of(entries)
    return known.assoc(key, function(known.get(key)))


@native("frequencies")
def frequencies(items: object) -> Map:
    """Return a map of each element to how often it occurs."""
    elements = items_of(items)
    are_plain = kinds_of(elements) <= PLAIN_KINDS
    counts: Counter[object] = Counter()
    for piece in pieces_of(elements):
        counts.update(piece if are_plain else map(key_of, piece))
    return Map.own(dict(counts))


@native("group-by-into-map")
def group_by_into_map(function: Callable[[object], object], items: object) -> Map:
    """Return a map of what `function` gives to the elements for which it does, in order."""
    groups: dict[object, list[object]] = {}
    for item in items_of(items):
        groups.setdefault(key_of(function(item)), []).append(item)
    return Map.own({key: List.own(members) for key, members in groups.items()})


@native("into-hash-map")
def into_hash_map(items: object) -> Map:
    """Return a map of a list of pairs, or of keys and values in turn."""
    elements = gathered(items_of(items))
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


@native("merge-with")
def merge_with(function: Function, entries: object, *others: object) -> Map:
    """Return one map of all entries; `function` of the earlier and the later value is that of equal keys."""
    merged = map_of(entries)
    for other in others:
        for key, value in map_of(other).items():
            earlier = merged.get(key, _ABSENT)
            merged = merged.assoc(key, value if earlier is _ABSENT else function(earlier, value))
    return merged


@native("update-vals", "map-vals")
def update_vals(entries: object, function: Function) -> Map:
    """Return the map with `function` of each value in its place."""
    known = map_of(entries).as_dict()
    return Map.own({key: function(value) for key, value in known.items()})


@native("update-keys", "map-keys")
def update_keys(entries: object, function: Function) -> Map:
    """Return the map with `function` of each key in its place; of equal ones the later value wins."""
    return Map([(function(key), value) for key, value in map_of(entries).items()])


@native("filter-vals")
def filter_vals(entries: object, predicate: Function) -> Map:
    """Return the map of the entries for whose value `predicate` holds."""
    kept = {}
    for key, value in map_of(entries).as_dict().items():
        answer = predicate(value)
        if answer is not None and answer is not False:
            kept[key] = value
    return Map.own(kept)


@native("reduce-kv")
def reduce_kv(function: Function, accumulator: object, entries: object) -> object:
    """Combine the entries in order: `(f acc key value)`."""
    for key, value in map_of(entries).items():
        accumulator = function(accumulator, key, value)
    return accumulator


@native("map-invert")
def map_invert(entries: object) -> Map:
    """Return a map of the values to their keys; of equal values the later key wins."""
    return Map((value, key) for key, value in map_of(entries).items())
