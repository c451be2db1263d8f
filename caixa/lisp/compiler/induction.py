"""Loop variables that are integers in every round: they start as one, and each step keeps them so."""

from __future__ import annotations

from collections.abc import Callable

from ..core import Call, Const, Core, GlobalRef, If, Local, LocalRef
from .plan import Label

__all__ = ["always_integers"]

_CLOSED = frozenset({"+", "-", "*", "inc", "dec"})
"""Natives whose result is an integer if all arguments are."""

IsNative = Callable[[str], bool]


def always_integers(label: Label, first: set[Local], is_native: IsNative) -> frozenset[Local]:
    """Return which of the variables `first` of a loop, that start as integers, never hold anything else.

    `is_native` tells whether a name still means what the language defines. It is supposed of all of them, and
    taken back where a step does not keep it.
    """
    supposed = set(first)
    while True:
        wrong = [
            local
            for call, _ in label.jumps
            for local, step in zip(label.code.required, call.arguments, strict=True)
            if local in supposed and not _is_integer(step, supposed, is_native)
        ]
        if not wrong:
            return frozenset(supposed)
        supposed.difference_update(wrong)


def _is_integer(node: Core, integers: set[Local], is_native: IsNative) -> bool:
    """Return whether the value of `node` is an integer if those of the variables `integers` are."""
    if isinstance(node, Const):
        return node.value.__class__ is int
    if isinstance(node, LocalRef):
        return node.local in integers
    if isinstance(node, If):
        return _is_integer(node.then, integers, is_native) and _is_integer(node.orelse, integers, is_native)
    if not isinstance(node, Call) or not isinstance(node.function, GlobalRef):
        return False
    if node.function.name not in _CLOSED or not is_native(node.function.name):
        return False
    return all([_is_integer(each, integers, is_native) for each in node.arguments])  # noqa: C419  # as in facts.py
