"""What is known of a value without looking at it: that it is a number, an integer, or a truth value.

Expressions carry what is known of them, and an emitter keeps what it has learnt of variables: a comparison
that did not fail had numbers on both sides, so further on they need not be checked again. Facts hold along
one path: a branch forgets at its end what it learnt.
"""

from __future__ import annotations

import ast

__all__ = [
    "INTEGER",
    "NUMBER",
    "UNKNOWN",
    "is_boolean",
    "is_small_literal",
    "kind_of",
    "mark_boolean",
    "mark_kind",
]

UNKNOWN, NUMBER, INTEGER = range(3)
_EXACT = 1 << 53  # an integer up to here is the same as a float


def mark_kind(value: ast.expr, kind: int) -> ast.expr:
    """Note that `value` is of `kind`, and return it."""
    if kind:
        value.lisp_kind = kind  # type: ignore[attr-defined]  # a mark for `kind_of`
    return value


def kind_of(value: ast.expr) -> int:
    """Return what is known of `value`."""
    if isinstance(value, ast.Constant):
        literal = value.value.__class__
        return INTEGER if literal is int else NUMBER if literal is float else UNKNOWN
    return getattr(value, "lisp_kind", UNKNOWN)


def is_small_literal(value: ast.expr) -> bool:
    """Return whether `value` is an integer that combines with a float as it does with an integer."""
    if not isinstance(value, ast.Constant) or value.value.__class__ is not int:
        return False
    return -_EXACT <= value.value <= _EXACT


def mark_boolean(value: ast.expr) -> ast.expr:
    """Note that `value` is true or false, and return it."""
    value.is_boolean = True  # type: ignore[attr-defined]  # a mark for `is_boolean`
    return value


def is_boolean(value: ast.expr) -> bool:
    """Return whether `value` is known to be true or false."""
    if isinstance(value, ast.Compare) or getattr(value, "is_boolean", False):
        return True
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Not)
    if isinstance(value, ast.BoolOp):
        return all([is_boolean(part) for part in value.values])  # noqa: C419  # a generator would use the C stack
    if isinstance(value, ast.IfExp):
        return is_boolean(value.body) and is_boolean(value.orelse)
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)
