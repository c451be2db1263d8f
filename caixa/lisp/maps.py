"""Maps and sets: immutable, in the order of insertion, with any value as a key.

A map is a Python dict of what stands for its keys (see `key_of`) as long as it has up to 128 entries, and
updating it copies that: faster, measured, than any tree written in Python. A larger one is such a dict for
reading, once it was built or gone through as a whole, and a tree for updating (hash_tree.py); the one is
made from the other when it is needed first. Neither ever changes, so an older map stays what it was, and
another thread may read it while a cell runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, ValuesView
from typing import Any, Final

from .equality import PLAIN_KINDS, Compound, DeepKey, Pairs, key_of, value_of_key
from .hash_tree import Tree, find, flattened, put, tree_of, without

__all__ = ["EMPTY_MAP", "Map", "Set"]

_FLAT_SIZE = 128  # up to which an update copies the dict
_SMALL = _FLAT_SIZE // 2  # at which a tree that shrinks becomes a dict again
_ABSENT: Final = object()
_Flat = dict[Any, object]


class Map(Compound):
    """An immutable map that remembers the order in which its keys were first put in.

    Keys are told apart as language.md section 5.3 says: 1, 1.0 and #t are three, floats count by their bits,
    nil and the empty list are one.
    """

    __slots__ = ("_flat", "_next", "_size", "_tree")
    __lisp_kind__ = "map"

    def __init__(self, pairs: Iterable[tuple[object, object]] = ()) -> None:
        """Make a map of `pairs`, of which a later one replaces the value of an earlier one with its key."""
        flat: _Flat = {}
        for key, value in pairs:
            flat[key if type(key) in PLAIN_KINDS else key_of(key)] = value
        self._flat: _Flat | None = flat
        self._tree: Tree | None = None
        self._size = self._next = len(flat)

    @classmethod
    def own(cls, flat: dict[Any, Any]) -> Map:
        """Make a map of a dict without copying it; the caller gives it away.

        Its keys must be what `key_of` gives: integers, strings, names and None stand for themselves.
        """
        made = _new(Map)
        made._flat, made._tree = flat, None
        made._size = made._next = len(flat)
        return made

    def as_dict(self) -> dict[Any, object]:
        """Return a dict from what stands for each key to its value, in order; it must not be changed."""
        flat = self._flat
        if flat is None:
            assert self._tree is not None
            flat = self._flat = flattened(self._tree)
        return flat

    def _as_tree(self) -> Tree:
        tree = self._tree
        if tree is None:
            assert self._flat is not None
            tree = self._tree = tree_of(self._flat)
        return tree

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        return iter([key if type(key) in PLAIN_KINDS else value_of_key(key) for key in self.as_dict()])

    def __contains__(self, key: object) -> bool:
        return self.get(key, _ABSENT) is not _ABSENT

    def __getitem__(self, key: object) -> object:
        value = self.get(key, _ABSENT)
        if value is _ABSENT:
            raise KeyError(key)
        return value

    def __repr__(self) -> str:
        return f"Map of {self._size}"

    def get(self, key: object, default: object = None) -> object:
        """Return the value under `key`, else `default`."""
        if type(key) not in PLAIN_KINDS:
            key = key_of(key)
        flat = self._flat
        if flat is not None:
            return flat.get(key, default)
        entry = find(self._tree, key)  # type: ignore[arg-type]  # a map has a dict or a tree
        return default if entry is None else entry[1]

    def keys(self) -> Iterator[object]:
        """Return the keys in order."""
        return iter(self)

    def values(self) -> ValuesView[object]:
        """Return the values in the order of their keys."""
        return self.as_dict().values()

    def items(self) -> Iterator[tuple[object, object]]:
        """Return pairs of key and value, in order."""
        return zip(self, self.as_dict().values(), strict=True)

    def assoc(self, key: object, value: object) -> Map:
        """Return the map with `value` under `key`; a key that is there keeps its place."""
        if type(key) not in PLAIN_KINDS:
            key = key_of(key)
        size = self._size
        changed = _new(Map)
        if size <= _FLAT_SIZE:
            flat = self.as_dict().copy()
            flat[key] = value
            changed._flat, changed._tree = flat, None
            changed._size = changed._next = len(flat)
            return changed
        number = self._next
        changed._tree, is_new = put(self._tree or self._as_tree(), key, value, number)
        changed._flat = None
        changed._size, changed._next = size + is_new, number + is_new
        return changed

    def dissoc(self, key: object) -> Map:
        """Return the map without `key`, which need not be there."""
        if key not in self:
            return self
        stand_in = key_of(key)
        if self._size <= _SMALL or (self._tree is None and self._size <= _FLAT_SIZE):
            flat = self.as_dict().copy()
            del flat[stand_in]
            return Map.own(flat)
        changed = _new(Map)
        changed._tree = without(self._as_tree(), stand_in)
        changed._flat, changed._size, changed._next = None, self._size - 1, self._next
        return changed

    def merge(self, other: Map) -> Map:
        """Return the map with the entries of `other` put in."""
        theirs = other.as_dict()
        if self._size <= _FLAT_SIZE or self._size <= 8 * other._size:
            return Map.own({**self.as_dict(), **theirs})
        tree, following, size = self._as_tree(), self._next, self._size  # a few updates are cheaper than a copy
        for key, value in theirs.items():
            tree, is_new = put(tree, key, value, following)
            following, size = following + is_new, size + is_new
        merged = _new(Map)
        merged._flat, merged._tree, merged._size, merged._next = None, tree, size, following
        return merged

    @property
    def is_ordered(self) -> bool:
        """See Compound: the order of the entries does not matter for equality."""
        return False

    def parts(self) -> Iterator[object]:
        """See Compound: each entry is hashed as a pair, in which the hash of a compound key stands for it."""
        return (
            (hash(key) if isinstance(key, DeepKey) else value_of_key(key), value)
            for key, value in self.as_dict().items()
        )

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: maps are the same when each key of one is a key of the other, with the same value.

        A compound key is looked up by its hash only, and left to the caller to compare: looking it up in a
        dict would compare it on the C stack, once more for every map in a key of a map.
        """
        assert isinstance(other, Map)
        if self._size != other._size:
            return None
        mine, theirs = self.as_dict(), other.as_dict()
        by_hash = _deep_keys(mine)
        keys, values = [], []
        for key, value in theirs.items():
            alone = by_hash.get(hash(key)) if by_hash and type(key) is DeepKey else None
            if alone is not None:
                keys.append((alone.value, key.value))
            partner = mine.get(alone or key, _ABSENT)
            if partner is _ABSENT:
                return None
            values.append((partner, value))
        return ((iter(keys), True), (iter(values), False)) if keys else ((iter(values), False),)


def _deep_keys(flat: _Flat) -> dict[int, DeepKey | None]:
    """Return the compound keys by hash, with None where two share one."""
    found: dict[int, DeepKey | None] = {}
    for key in flat:
        if type(key) is DeepKey:
            found[hash(key)] = None if hash(key) in found else key
    return found


_new = object.__new__
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
        made = _new(Set)
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

    def intersection(self, other: Set) -> Set:
        """Return the set of what is in both, in the order of this one."""
        theirs = other._map.as_dict()
        return Set._of(Map.own({key: None for key in self._map.as_dict() if key in theirs}))

    def difference(self, other: Set) -> Set:
        """Return the set of what is in this one only."""
        theirs = other._map.as_dict()
        return Set._of(Map.own({key: None for key in self._map.as_dict() if key not in theirs}))

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
