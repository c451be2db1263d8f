"""Maps and sets: immutable, in the order of insertion, with any value as a key.

A map is a Python dict of what stands for its keys (see `key_of`). With up to 128 entries an update copies it:
faster, measured, than any tree written in Python. Beyond, there are three ways, of which each update takes the
cheapest that is safe:

* Updating the newest version of a map changes the dict in place, which goes on to the new version; the older
  one keeps what it had under that key and a link to the newer one. O(1), and nothing is kept for an older
  version that nobody holds.
* The first time that an older version is updated as well, or read from afar, all versions that are linked
  become trees (hash_tree.py), the dict for its entries and each link for an update paying what that costs. From
  there on they are updated in O(log n), nothing ever changing.
* A dict that was handed out to be gone through is not changed any more; the first update copies it, as going
  through it had cost as much, and a second one of the same version makes it a tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sys import getrefcount
from typing import Any, Final

from .equality import PLAIN_KINDS, Compound, DeepKey, Pairs, key_of, value_of_key
from .hash_tree import Tree, find, flattened, put, tree_of, without

__all__ = ["EMPTY_MAP", "Map", "Set"]

_FLAT_SIZE = 128  # entries, up to which an update copies the dict
_NEAR = 8  # links, over which an older version is read without becoming a tree
_SLACK = 256  # links, by which a family of versions may be longer than it has entries
_FROZEN, _COPIED = -1, -2  # instead of a number of links: the dict does not change, and was copied once
_ABSENT: Final = object()
_Flat = dict[Any, object]


class Map(Compound):
    """An immutable map that remembers the order in which its keys were first put in.

    Keys are told apart as language.md section 5.3 says: 1, 1.0 and #t are three, floats count by their bits,
    nil and the empty list are one.
    """

    __slots__ = ("_flat", "_links", "_newer", "_size", "_tree")
    __lisp_kind__ = "map"

    def __init__(self, pairs: Iterable[tuple[object, object]] = ()) -> None:
        """Make a map of `pairs`, of which a later one replaces the value of an earlier one with its key."""
        flat: _Flat = {}
        for key, value in pairs:
            flat[key if type(key) in PLAIN_KINDS else key_of(key)] = value
        self._flat: _Flat | None = flat  # which no other map reads
        self._tree: tuple[Tree, int] | None = None  # and a number greater than all in it
        self._newer: tuple[Map, object, object] | None = None  # its key, and the value here
        self._links = 0  # how many older versions lead here
        self._size = len(flat)

    @classmethod
    def own(cls, flat: dict[Any, Any]) -> Map:
        """Make a map of a dict without copying it; the caller gives it away.

        Its keys must be what `key_of` gives: integers, strings, names and None stand for themselves.
        """
        made = _new(Map)
        made._flat, made._tree, made._newer, made._links, made._size = flat, None, None, 0, len(flat)
        return made

    def as_dict(self) -> dict[Any, object]:
        """Return a dict from what stands for each key to its value, in order; it must not be changed."""
        flat = self._flat
        if flat is None:
            flat = self._flat = flattened(self._as_tree()[0])
        self._freeze()
        return flat

    def _freeze(self) -> None:
        if self._links >= 0:
            self._links = _FROZEN

    def _as_tree(self) -> tuple[Tree, int]:
        """Return the tree of this version, turning all newer ones into trees on the way."""
        way: list[Map] = []
        version = self
        while version._tree is None and version._flat is None:
            assert version._newer is not None
            way.append(version)
            version = version._newer[0]
        if version._tree is None:
            assert version._flat is not None
            version._freeze()
            version._tree = tree_of(version._flat), version._size
        tree, number = version._tree
        for older in reversed(way):
            assert older._newer is not None
            _, key, value = older._newer
            tree = without(tree, key) if value is _ABSENT else put(tree, key, value, 0)[0]
            older._tree, older._newer = (tree, number), None
        return tree, number

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        return iter([key if type(key) in PLAIN_KINDS else value_of_key(key) for key in list(self.as_dict())])

    def __contains__(self, key: object) -> bool:
        return self.get(key, _ABSENT) is not _ABSENT

    def __getitem__(self, key: object) -> object:
        value = self.get(key, _ABSENT)
        if value is _ABSENT:
            raise KeyError(key)
        return value

    def __repr__(self) -> str:
        return f"Map of {self._size}"

    def __call__(self, key: object, default: object = None) -> object:
        """Return the value under `key`, else `default`: a map is a function of its keys."""
        return self.get(key, default)

    def get(self, key: object, default: object = None) -> object:
        """Return the value under `key`, else `default`."""
        if type(key) not in PLAIN_KINDS:
            key = key_of(key)
        flat = self._flat
        if flat is not None:
            return flat.get(key, default)
        value = self._look_up(key)
        return default if value is _ABSENT else value

    def _look_up(self, key: object) -> object:
        """Return the value under `key`, or _ABSENT, in a version without a dict of its own."""
        version = self
        for _ in range(_NEAR):
            if version._newer is None:
                break
            newer, changed, value = version._newer
            if changed == key:
                return value
            version = newer
            if version._flat is not None:
                return version._flat.get(key, _ABSENT)
        entry = find(self._as_tree()[0], key)
        return _ABSENT if entry is None else entry[1]

    def keys(self) -> Iterator[object]:
        """Return the keys in order."""
        return iter(self)

    def values(self) -> list[object]:
        """Return the values in the order of their keys."""
        return list(self.as_dict().values())

    def items(self) -> Iterator[tuple[object, object]]:
        """Return pairs of key and value, in order."""
        return zip(self, self.values(), strict=True)

    def assoc(self, key: object, value: object) -> Map:
        """Return the map with `value` under `key`; a key that is there keeps its place."""
        if type(key) not in PLAIN_KINDS:
            key = key_of(key)
        flat, links, size = self._flat, self._links, self._size
        if flat is None or size <= _FLAT_SIZE or not 0 <= links < size + _SLACK:
            return self._assoc_in_copy(key, value)
        changed = _new(Map)
        # In this order, so that Stop between any two finds this version right, whoever reads it then:
        before = flat.get(key, _ABSENT)
        changed._flat, changed._tree, changed._newer, changed._links = flat, None, None, links + 1
        changed._size = size + (before is _ABSENT)
        self._newer = (changed, key, before)
        self._flat = None
        flat[key] = value
        return changed

    def assoc_owned(self, key: object, value: object) -> Map:
        """Do what `assoc` does for compiled code that has this map in one variable, which the result replaces.

        If nothing else holds it, nobody can see it change, so it does.
        """
        flat = self._flat
        if flat is None or self._links < 0 or getrefcount(self) != _ONE_VARIABLE:
            return self.assoc(key, value)
        flat[key if type(key) in PLAIN_KINDS else key_of(key)] = value
        self._size = len(flat)
        return self

    def _holders(self) -> int:
        return getrefcount(self)

    def _assoc_in_copy(self, key: object, value: object) -> Map:
        """Do what `assoc` does without changing what is here."""
        is_small = self._size <= _FLAT_SIZE
        if self._flat is not None and (is_small or self._links != _COPIED):
            if not is_small:
                self._links = _COPIED
            flat = self._flat.copy()
            flat[key] = value
            return Map.own(flat)
        tree, number = self._as_tree()
        tree, is_new = put(tree, key, value, number)
        return self._of_tree(tree, self._size + is_new, number + is_new)

    def _of_tree(self, tree: Tree, size: int, number: int) -> Map:
        changed = _new(Map)
        changed._flat, changed._tree, changed._newer = None, (tree, number), None
        changed._links, changed._size = _COPIED, size
        return changed

    def dissoc(self, key: object) -> Map:
        """Return the map without `key`, which need not be there."""
        if key not in self:
            return self
        stand_in = key_of(key)
        if self._size <= _FLAT_SIZE:
            flat = self.as_dict().copy()
            del flat[stand_in]
            return Map.own(flat)
        tree, number = self._as_tree()
        return self._of_tree(without(tree, stand_in), self._size - 1, number)

    def merge(self, other: Map) -> Map:
        """Return the map with the entries of `other` put in."""
        if self._size <= _FLAT_SIZE or self._size <= 8 * other._size:
            return Map.own({**self.as_dict(), **other.as_dict()})
        merged = self  # a few updates are cheaper than a copy
        for key, value in other.items():
            merged = merged.assoc(key, value)
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


def _held_by_one_variable() -> int:
    """Return how many holders a method counts of a map that its caller has in one variable."""
    made = Map()
    return made._holders()


_ONE_VARIABLE: Final = _held_by_one_variable()


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

    def __call__(self, item: object, default: object = None) -> object:
        """Return `item` if it is a member, else `default`: a set is a function of its members."""
        return item if item in self._map else default

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
        return Set(item for item in self if item in other)

    def difference(self, other: Set) -> Set:
        """Return the set of what is in this one only."""
        return Set(item for item in self if item not in other)

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
