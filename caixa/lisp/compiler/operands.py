"""Operands that an inlined operation mentions more than once, and the look at their classes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core import Core, LocalRef
from ..source import Span
from .facts import kind_of, mark_kind
from .naming import MARK, support_name
from .nodes import make

if TYPE_CHECKING:
    from .emitter import Emitter

_LOAD = ast.Load()

__all__ = ["again", "bare", "class_test", "operands"]


def operands(function: Emitter, nodes: tuple[Core, ...]) -> list[ast.expr]:
    """Return expressions for `nodes`: variables and literals, or one of them a named expression."""
    values = function.expressions(nodes)
    complex_ones = [index for index, value in enumerate(values) if not _is_simple(value, nodes[index])]
    if len(complex_ones) == 1:
        index = complex_ones[0]
        others = [at for at in range(len(nodes)) if at != index]
        if all([function.is_stable(values[at], nodes[at]) for at in others]):  # noqa: C419  # as in facts.py
            values[index] = _named(function, values[index], nodes[index].span)
            return values
    if complex_ones:
        last = complex_ones[-1]
        for index, value in enumerate(values):
            if index in complex_ones or (index < last and not function.is_stable(value, nodes[index])):
                values[index] = function.spill(value, nodes[index].span)
    return values


def _named(function: Emitter, value: ast.expr, span: Span) -> ast.expr:
    place = function.place(span)
    name = function.unit.fresh()
    return mark_kind(ast.NamedExpr(ast.Name(name, ast.Store(), **place), value, **place), kind_of(value))


def _is_simple(value: ast.expr, node: Core) -> bool:
    if isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Name) and (isinstance(node, LocalRef) or value.id.startswith(MARK))


def class_test(function: Emitter, values: Sequence[ast.expr], kind: str, span: Span) -> ast.expr:
    """Return `x.__class__ is int`, or `x.__class__ is int is y.__class__`; a named expression comes first."""
    place = function.place(span)
    ordered = sorted(values, key=lambda each: not isinstance(each, ast.NamedExpr))
    classes = [make(ast.Attribute, place, value=each, attr="__class__", ctx=_LOAD) for each in ordered]
    wanted: ast.expr = function.load(support_name(kind), span)
    comparators = [wanted, *classes[1:]]
    return make(ast.Compare, place, left=classes[0], ops=[ast.Is()] * len(comparators), comparators=comparators)


def again(value: ast.expr) -> ast.expr:
    """Return what refers to `value` once it has been evaluated."""
    if isinstance(value, ast.NamedExpr):
        target = value.target
        return ast.Name(target.id, ast.Load(), lineno=value.lineno, col_offset=value.col_offset,
                        end_lineno=value.end_lineno, end_col_offset=value.end_col_offset)  # fmt: skip
    return value


def bare(value: ast.expr) -> ast.expr:
    """Return `value` without the name that it was given, for a single mention."""
    return value.value if isinstance(value, ast.NamedExpr) else value
