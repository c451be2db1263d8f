"""When two values are the same, and hashes that agree with it; written without recursion.

There are three relations (language.md sections 4.7 and 5.3, with the decision `two-empties`):

* `identical` is `eq?`: the same object, or equal numbers, strings and names of the same kind;
* `equal` is `equal?`: the same structure; nil and the empty list are the same; nan is not itself;
* `same_key` decides whether two values are one key of a map: as `equal`, but floats by their bits.

A value may be nested 100,000 deep, so what remains to be compared stands on a list and not on the C stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan
from struct import pack, unpack
from typing import Final

from .names import Char, Keyword, Symbol

__all__ = [
    "PLAIN_KINDS",
    "Compound",
    "DeepKey",
    "equal",
    "hash_of",
    "identical",
    "key_of",
    "same_key",
    "value_of_key",
]

Pairs = Iterator[tuple[object, object]]

_BY_VALUE = frozenset({int, str, bool})
_MIX = 0x9E3779B97F4A7C15  # 2⁶⁴ over the golden ratio: spreads neighbouring hashes over all bits
_MASK = (1 << 64) - 1
_FLOAT_SALT, _NIL_HASH = 0x5BD1E995, 0x2545F491


class Compound:
    """A value made of values; each class says how to pair its parts with another's, and which parts it has."""

    __slots__ = ()

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """Return the pairs that decide whether `other`, of this class, is the same, or None if it cannot be.

        The boolean says that those pairs are keys, which are compared as `same_key` does.
        """
        raise NotImplementedError

    def parts(self) -> Iterator[object]:
        """Return the parts that are hashed: values, or tuples of values."""
        raise NotImplementedError

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the parts matters."""
        return True

    def __eq__(self, other: object) -> bool:
        return equal(self, other) if isinstance(other, Compound) else NotImplemented

    def __hash__(self) -> int:
        return hash_of(self)


def identical(left: object, right: object) -> bool:
    """Return whether two values are one (`eq?`)."""
    if left is right:
        return type(left) is not float or left == right
    kind = type(left)
    return kind is type(right) and (kind in _BY_VALUE or kind is float) and left == right


def equal(left: object, right: object) -> bool:
    """Return whether two values have the same structure (`equal?`)."""
    return _same(left, right, exact=False)


def same_key(left: object, right: object) -> bool:
    """Return whether two values are the same key of a map."""
    return _same(left, right, exact=True)


def _same(left: object, right: object, *, exact: bool) -> bool:
    waiting: list[tuple[Pairs, bool]] = [(iter(((left, right),)), exact)]
    while waiting:
        pairs, exact = waiting[-1]
        for one, other in pairs:
            inner = _compare(one, other, exact)
            if inner is None:
                return False
            if inner:
                waiting += [(deeper, exact or are_keys) for deeper, are_keys in inner]
                break
        else:
            waiting.pop()
    return True


def _compare(one: object, other: object, exact: bool) -> tuple[tuple[Pairs, bool], ...] | None:  # noqa: FBT001  # called once per element
    """Return None if the two differ, () if they are the same, else the pairs that decide it."""
    kind = type(one)
    if kind is float:
        return () if _same_float(one, other, exact=exact) else None
    if one is other:
        return ()
    if isinstance(one, Compound) or isinstance(other, Compound):
        if kind is type(other):
            return one.pair_up(other)  # type: ignore[attr-defined, no-any-return]  # both are compounds of one class
        return () if _is_nothing(one) and _is_nothing(other) else None
    return () if kind is type(other) and kind in _BY_VALUE and one == other else None


def _same_float(one: object, other: object, *, exact: bool) -> bool:
    if type(other) is not float:
        return False
    return pack("d", one) == pack("d", other) if exact else one == other


def _is_nothing(value: object) -> bool:
    """Whether `value` is nil or the empty list."""
    return value is None or (getattr(value, "__lisp_kind__", None) == "list" and not value)


def hash_of(value: object) -> int:
    """Return a hash on which values that are `equal`, or the `same_key`, agree within this process."""
    if not isinstance(value, Compound):
        return _atom_hash(value)
    if _is_nothing(value):
        return _NIL_HASH
    open_values = [_Hashing(value)]
    while True:
        deeper = open_values[-1].take()
        if deeper is not None:
            open_values.append(_Hashing(deeper))
            continue
        result = open_values.pop().result
        if not open_values:
            return result
        open_values[-1].add(result)


class _Hashing:
    """A compound value whose hash is being computed: the parts to come, and what the others came to."""

    __slots__ = ("_is_ordered", "_parts", "result")

    def __init__(self, value: Compound | tuple[object, ...]) -> None:
        if isinstance(value, tuple):
            self._parts: Iterator[object] = iter(value)
            self._is_ordered, self.result = True, 1
        else:
            self._parts = value.parts()
            self._is_ordered, self.result = value.is_ordered, hash(type(value).__name__) & _MASK

    def take(self) -> Compound | tuple[object, ...] | None:
        """Add the hashes of the parts up to the next compound one, and return that, or None at the end."""
        for part in self._parts:
            if isinstance(part, tuple) or (isinstance(part, Compound) and not _is_nothing(part)):
                return part
            self.add(_atom_hash(part))
        return None

    def add(self, part: int) -> None:
        if self._is_ordered:
            self.result = (self.result * 1_000_003 ^ part) & _MASK
        else:
            self.result = (self.result + (part * _MIX & _MASK ^ part >> 7)) & _MASK


def _atom_hash(value: object) -> int:
    kind = type(value)
    if isinstance(value, float):
        return _FLOAT_SALT if isnan(value) else hash(value) ^ _FLOAT_SALT  # Python hashes each nan apart
    if value is None or isinstance(value, Compound):
        return _NIL_HASH
    if kind is bool:
        return 0x7F4A7C15 + (value is True)
    return hash(value) if kind in _HASHED_AS_IS else id(value) >> 4


class DeepKey:
    """A compound value standing as a key in a Python dict, with its hash computed once."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: Compound) -> None:
        """Stand for `value`."""
        self.value = value
        self._hash = hash_of(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeepKey) and self._hash == other._hash and same_key(self.value, other.value)


class _IdentityKey:
    """A Python object standing as a key by its identity, whatever it thinks of equality itself."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value) >> 4

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _IdentityKey) and self.value is other.value


_HASHED_AS_IS = frozenset({int, str, Symbol, Keyword, Char})
_TRUE_KEY, _FALSE_KEY = (object(), object())  # since Python has True == 1 and False == 0
PLAIN_KINDS: Final = frozenset({*_HASHED_AS_IS, type(None)})
"""The types whose values stand for themselves as keys: what `key_of` returns unchanged."""


def key_of(value: object) -> object:
    """Return what stands for `value` in a Python dict, where two values are `same_key` iff these are equal."""
    kind = type(value)
    if kind in PLAIN_KINDS:
        return value
    if kind is float:
        return pack("d", value)
    if kind is bool:
        return _TRUE_KEY if value else _FALSE_KEY
    if isinstance(value, Compound):
        return None if _is_nothing(value) else DeepKey(value)
    return _IdentityKey(value)


def value_of_key(key: object) -> object:
    """Return the value that `key` stands for, as `key_of` made it; of nil and the empty list, nil."""
    if isinstance(key, (DeepKey, _IdentityKey)):
        return key.value
    if isinstance(key, bytes):
        return unpack("d", key)[0]
    return key is _TRUE_KEY if key is _TRUE_KEY or key is _FALSE_KEY else key


def distinct(values: Iterable[object]) -> list[object]:
    """Return `values` without those that are `equal` to an earlier one."""
    known: set[object] = set()
    buckets: dict[int, list[object]] = {}
    kept = []
    for value in values:
        if type(value) in _HASHED_AS_IS:  # among these, equal ones are equal to Python too
            if value not in known:
                known.add(value)
                kept.append(value)
            continue
        bucket = buckets.setdefault(hash_of(value), [])
        if not any(equal(value, earlier) for earlier in bucket):
            bucket.append(value)
            kept.append(value)
    return kept
