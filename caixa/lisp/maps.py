"""Maps and sets: immutable, in the order of insertion, with any value as a key.

A map of up to 64 entries is one Python dict, and updating it copies that: faster, measured, than any tree
written in Python. A larger one is a tree, 32 wide, on the bits of the keys' hashes, with such dicts as its
leaves, so that an update copies one leaf and the few tuples above it: O(log n), the older map untouched,
and (unlike a shared table with versions) safe to read from another thread while a cell runs. Each entry
carries a number that grows, and iteration over a tree sorts by it, once per map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, Final, NamedTuple

from .equality import Compound, DeepKey, Pairs, key_of

__all__ = ["EMPTY_MAP", "Map", "Set"]

_LEAF_SIZE = 64
_WIDTH_BITS = 5
_WIDTH = 1 << _WIDTH_BITS
_MAX_SHIFT = 60  # below it all bits of a hash are used up: keys whose hashes collide share one leaf
_MIX, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


class _Entry(NamedTuple):
    key: object
    value: object
    number: int


_Leaf = dict[object, _Entry]
_Node = Any  # _Leaf, or a tuple of 32 nodes: a recursive alias costs more words than it explains


def _slot(key: object, shift: int) -> int:
    return (hash(key) * _MIX & _MASK) >> (_MAX_SHIFT - shift) & _WIDTH - 1


def _find(node: _Node, key: object) -> _Entry | None:
    shift = 0
    while type(node) is tuple:
        node = node[_slot(key, shift)]
        shift += _WIDTH_BITS
    return node.get(key)  # type: ignore[no-any-return]  # a leaf holds entries


def _branch(leaf: _Leaf, shift: int) -> _Node:
    """Return `leaf` as it is if it is small, else as a tree."""
    if len(leaf) <= _LEAF_SIZE or shift > _MAX_SHIFT:
        return leaf
    children: list[_Leaf] = [{} for _ in range(_WIDTH)]
    for key, entry in leaf.items():
        children[_slot(key, shift)][key] = entry
    return tuple(_branch(child, shift + _WIDTH_BITS) for child in children)


def _with(node: _Node, key: object, entry: _Entry | None, shift: int = 0) -> _Node:
    """Return the node with `entry` under `key`, or without the key if that is None."""
    if type(node) is tuple:
        slot = _slot(key, shift)
        child = _with(node[slot], key, entry, shift + _WIDTH_BITS)
        return (*node[:slot], child, *node[slot + 1 :])
    leaf = node.copy()
    if entry is None:
        del leaf[key]
        return leaf
    leaf[key] = entry
    return _branch(leaf, shift)


def _leaves(node: _Node) -> Iterator[_Leaf]:
    if type(node) is not tuple:
        yield node
        return
    for child in node:
        yield from _leaves(child)


class Map(Compound):
    """An immutable map that remembers the order in which its keys were first put in.

    Keys are told apart as language.md section 5.3 says: 1, 1.0 and #t are three, floats count by their bits,
    nil and the empty list are one.
    """

    __slots__ = ("_next", "_order", "_root", "_size")
    __lisp_kind__ = "map"

    def __init__(self, pairs: Iterable[tuple[object, object]] = ()) -> None:
        """Make a map of `pairs`, of which a later one replaces the value of an earlier one with its key."""
        leaf: _Leaf = {}
        for number, (key, value) in enumerate(pairs):
            stand_in = key_of(key)
            earlier = leaf.get(stand_in)
            leaf[stand_in] = (
                _Entry(key, value, number) if earlier is None else _Entry(earlier.key, value, earlier.number)
            )
        self._root: _Node = _branch(leaf, 0)
        self._size = self._next = len(leaf)
        self._order: list[_Entry] | None = None
        if leaf:
            self._next = next(reversed(leaf.values())).number + 1

    def _changed(self, root: _Node, size: int, following: int) -> Map:
        changed = object.__new__(Map)
        changed._root, changed._size, changed._next, changed._order = root, size, following, None
        return changed

    def _entries(self) -> Iterable[_Entry]:
        """Return the entries in the order of their numbers."""
        if type(self._root) is dict:
            return self._root.values()
        if self._order is None:
            self._order = sorted(self._unordered(), key=attrgetter("number"))
        return self._order

    def _unordered(self) -> Iterator[_Entry]:
        return (entry for leaf in _leaves(self._root) for entry in leaf.values())

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        return (entry.key for entry in self._entries())

    def __contains__(self, key: object) -> bool:
        return _find(self._root, key_of(key)) is not None

    def __getitem__(self, key: object) -> object:
        entry = _find(self._root, key_of(key))
        if entry is None:
            raise KeyError(key)
        return entry.value

    def __repr__(self) -> str:
        return f"Map of {self._size}"

    def get(self, key: object, default: object = None) -> object:
        """Return the value under `key`, else `default`."""
        entry = _find(self._root, key_of(key))
        return default if entry is None else entry.value

    def keys(self) -> Iterator[object]:
        """Return the keys in order."""
        return iter(self)

    def values(self) -> Iterator[object]:
        """Return the values in the order of their keys."""
        return (entry.value for entry in self._entries())

    def items(self) -> Iterator[tuple[object, object]]:
        """Return pairs of key and value, in order."""
        return ((entry.key, entry.value) for entry in self._entries())

    def assoc(self, key: object, value: object) -> Map:
        """Return the map with `value` under `key`; a key that is there keeps its place."""
        stand_in = key_of(key)
        earlier = _find(self._root, stand_in)
        if earlier is not None:
            entry = _Entry(earlier.key, value, earlier.number)
            return self._changed(_with(self._root, stand_in, entry), self._size, self._next)
        entry = _Entry(key, value, self._next)
        return self._changed(_with(self._root, stand_in, entry), self._size + 1, self._next + 1)

    def dissoc(self, key: object) -> Map:
        """Return the map without `key`, which need not be there."""
        stand_in = key_of(key)
        if _find(self._root, stand_in) is None:
            return self
        return self._changed(_with(self._root, stand_in, None), self._size - 1, self._next)

    def merge(self, other: Map) -> Map:
        """Return the map with the entries of `other` put in."""
        if self._size > 8 * other._size:  # then a few updates are cheaper than building anew
            merged = self
            for entry in other._entries():
                merged = merged.assoc(entry.key, entry.value)
            return merged
        return Map((*self.items(), *other.items()))

    @property
    def is_ordered(self) -> bool:
        """See Compound: the order of the entries does not matter for equality."""
        return False

    def parts(self) -> Iterator[object]:
        """See Compound: each entry is hashed as a pair, in which the hash of a compound key stands for it."""
        return (
            (hash(key) if isinstance(key, DeepKey) else entry.key, entry.value)
            for leaf in _leaves(self._root)
            for key, entry in leaf.items()
        )

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: maps are the same when each key of one is a key of the other, with the same value."""
        assert isinstance(other, Map)
        partners = other._partners_of(self) if self._size == other._size else None
        if partners is None:
            return None
        keys = ((one.key, another.key) for one, another in partners if isinstance(one.key, Compound))
        return (keys, True), (((one.value, another.value) for one, another in partners), False)

    def _partners_of(self, other: Map) -> list[tuple[_Entry, _Entry]] | None:
        """Return the entries of `other`, each with the one here that alone can have the same key.

        A compound key is looked up by its hash only, and left to the caller to compare: looking it up in a
        dict would compare it on the C stack, once more for every map in a key of a map.
        """
        by_hash = self._deep_by_hash()
        partners = []
        for leaf in _leaves(other._root):
            for key, entry in leaf.items():
                alone = by_hash.get(hash(key)) if isinstance(key, DeepKey) else None
                partner = alone or _find(self._root, key)
                if partner is None:
                    return None
                partners.append((entry, partner))
        return partners

    def _deep_by_hash(self) -> dict[int, _Entry | None]:
        """Return the entries with compound keys by hash, with None where two share one."""
        found: dict[int, _Entry | None] = {}
        for leaf in _leaves(self._root):
            for key, entry in leaf.items():
                if isinstance(key, DeepKey):
                    found[hash(key)] = None if hash(key) in found else entry
        return found


EMPTY_MAP: Final = Map()


class Set(Compound):
    """An immutable set that remembers the order of insertion; a map in which only the keys count."""

    __slots__ = ("_map",)
    __lisp_kind__ = "set"

    def __init__(self, items: Iterable[object] = ()) -> None:
        """Make a set of `items`."""
        self._map = Map((item, None) for item in items)

    @classmethod
    def _of(cls, members: Map) -> Set:
        made = object.__new__(cls)
        made._map = members
        return made

    def __len__(self) -> int:
        return len(self._map)

    def __iter__(self) -> Iterator[object]:
        return iter(self._map)

    def __contains__(self, item: object) -> bool:
        return item in self._map

    def __repr__(self) -> str:
        return f"Set of {len(self._map)}"

    def conj(self, item: object) -> Set:
        """Return the set with `item`."""
        return self if item in self._map else Set._of(self._map.assoc(item, None))

    def disj(self, item: object) -> Set:
        """Return the set without `item`, which need not be there."""
        return Set._of(self._map.dissoc(item))

    def union(self, other: Set) -> Set:
        """Return the set of what is in either."""
        return Set._of(self._map.merge(other._map))

    @property
    def is_ordered(self) -> bool:
        """See Compound: order does not matter."""
        return False

    def parts(self) -> Iterator[object]:
        """See Compound: the members, which are the keys of a map."""
        return self._map.parts()

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: sets are the same when their members are."""
        assert isinstance(other, Set)
        return self._map.pair_up(other._map)
