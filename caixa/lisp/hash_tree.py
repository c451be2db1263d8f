"""A persistent hash table: a tree, 16 wide, on the bits of the keys' hashes, with small dicts as its leaves.

An update copies one leaf and the few lists above it, and nothing that was made before ever changes. The widths
are those that measured fastest at 10⁵ entries: a copy touches every object that it holds, most of them not in
the processor's cache, and a level more costs Python about as much as 30 of those.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Tree", "find", "flattened", "put", "tree_of", "without"]

Entry = tuple[int, object]
"""The number that orders an entry among all of its tree, and its value."""

Tree = list[Any]  # of trees and of dicts from key to Entry: a recursive alias costs more words than it explains

_LEAF_SIZE = 32
_WIDTH_BITS = 4
_WIDTH = 1 << _WIDTH_BITS
_SLOT = _WIDTH - 1
_MAX_DEPTH = 10  # below it the bits of a hash are used up: keys whose hashes collide share one leaf
_MIX, _MASK, _UNUSED = 0x9E3779B97F4A7C15, (1 << 64) - 1, 64 - _WIDTH_BITS * _MAX_DEPTH


def _bits(key: object) -> int:
    """Return the bits that lead to `key`, those for the root being the lowest."""
    return (hash(key) * _MIX & _MASK) >> _UNUSED


def tree_of(entries: dict[Any, object]) -> Tree:
    """Return a tree of the entries of a dict, numbered from 0 in its order."""
    return _branch({key: (number, value) for number, (key, value) in enumerate(entries.items())}, 0)


def _branch(leaf: dict[Any, Entry], depth: int) -> Tree:
    """Return the tree that takes the place of a leaf at `depth` that has grown too large."""
    children: list[dict[Any, Entry]] = [{} for _ in range(_WIDTH)]
    for key, entry in leaf.items():
        children[_bits(key) >> depth * _WIDTH_BITS & _SLOT][key] = entry
    inner = depth + 1
    return [
        child if len(child) <= _LEAF_SIZE or inner == _MAX_DEPTH else _branch(child, inner)
        for child in children
    ]


def find(tree: Tree, key: object) -> Entry | None:
    """Return the entry under `key`, or None."""
    bits = _bits(key)
    node = tree[bits & _SLOT]
    while type(node) is list:
        bits >>= _WIDTH_BITS
        node = node[bits & _SLOT]
    return node.get(key)  # type: ignore[no-any-return]  # a leaf holds entries


def put(tree: Tree, key: object, value: object, number: int) -> tuple[Tree, bool]:
    """Return the tree with `value` under `key`, and whether the key is new; a new one gets `number`."""
    bits, depth = _bits(key), 1
    root = node = tree.copy()
    child = node[bits & _SLOT]
    while type(child) is list:
        child = node[bits & _SLOT] = child.copy()
        node = child
        bits >>= _WIDTH_BITS
        depth += 1
        child = node[bits & _SLOT]
    leaf = child.copy()
    earlier = leaf.get(key)
    leaf[key] = (number, value) if earlier is None else (earlier[0], value)
    node[bits & _SLOT] = leaf if len(leaf) <= _LEAF_SIZE or depth == _MAX_DEPTH else _branch(leaf, depth)
    return root, earlier is None


def without(tree: Tree, key: object) -> Tree:
    """Return the tree without `key`, which need not be there."""
    bits = _bits(key)
    root = node = tree.copy()
    child = node[bits & _SLOT]
    while type(child) is list:
        child = node[bits & _SLOT] = child.copy()
        node = child
        bits >>= _WIDTH_BITS
        child = node[bits & _SLOT]
    leaf = node[bits & _SLOT] = child.copy()
    leaf.pop(key, None)
    return root


def flattened(tree: Tree) -> dict[Any, object]:
    """Return the keys and values as a dict, in the order of their numbers."""
    entries: list[tuple[int, Any, object]] = []
    waiting = list(tree)
    while waiting:
        node = waiting.pop()
        if type(node) is list:
            waiting += node
        else:
            entries += [(number, key, value) for key, (number, value) in node.items()]
    entries.sort(key=_number)
    return {key: value for _, key, value in entries}


def _number(entry: tuple[int, Any, object]) -> int:
    return entry[0]
