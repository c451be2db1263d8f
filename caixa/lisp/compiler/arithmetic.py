"""Arithmetic and comparison in line: a class check costs a third of what a call would (DESIGN section 4).

`(+ x y)` becomes `x + y if x.__class__ is int is y.__class__ else add(x, y)`, where `add` is the native,
which takes floats too and refuses what is no number; a literal is not checked. A product is checked for its
size as well.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..core import Call, Const, Core, LocalRef
from ..source import Span

if TYPE_CHECKING:
    from .emitter import Emitter

__all__ = ["INLINED", "inline"]

_ARITHMETIC: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_COMPARISON: dict[str, type[ast.cmpop]] = {"<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE, "=": ast.Eq}
_WITH_LITERAL = {
    "inc": ("+", 1),
    "dec": ("-", 1),
    "zero?": ("=", 0),
    "positive?": (">", 0),
    "negative?": ("<", 0),
}
INLINED = (*_ARITHMETIC, *_COMPARISON)
"""The natives that inlined code falls back to, as run-time functions of the same names."""

_SMALL = 1 << 62  # a product below this needs no look at its bits


def inline(function: Emitter, node: Call, name: str) -> ast.expr | None:
    """Return the call `node` of the native `name` as Python arithmetic, or None if it is not of that kind."""
    arguments = node.arguments
    if name in _WITH_LITERAL and len(arguments) == 1:
        name, number = _WITH_LITERAL[name]
        arguments = (*arguments, Const(node.span, number))
    if name not in INLINED or len(arguments) != 2 or any(map(_is_no_number, arguments)):
        return None
    left, right = _operands(function, arguments)
    return _Operation(function, node.span, name, left, right).emit()


def _is_no_number(node: Core) -> bool:
    return isinstance(node, Const) and node.value.__class__ not in (int, float)


def _operands(function: Emitter, nodes: tuple[Core, ...]) -> list[ast.expr]:
    """Return both operands: variables and literals, or one of them a named expression."""
    values = function.expressions(nodes)
    complex_ones = [index for index, value in enumerate(values) if not _is_simple(value, nodes[index])]
    if len(complex_ones) == 1 and function.is_stable(values[1 - complex_ones[0]], nodes[1 - complex_ones[0]]):
        index = complex_ones[0]
        name = ast.Name(function.unit.fresh(), ast.Store(), **function.place(nodes[index].span))
        values[index] = ast.NamedExpr(name, values[index], **function.place(nodes[index].span))
        return values
    if complex_ones:
        last = complex_ones[-1]
        for index, value in enumerate(values):
            if index in complex_ones or (index < last and not function.is_stable(value, nodes[index])):
                values[index] = function.spill(value, nodes[index].span)
    return values


def _is_simple(value: ast.expr, node: Core) -> bool:
    if isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Name) and (isinstance(node, LocalRef) or value.id.startswith("\x01"))


class _Operation:
    """One operation on two operands, each a name, a literal or (at most one) a named expression."""

    def __init__(self, function: Emitter, span: Span, name: str, left: ast.expr, right: ast.expr) -> None:
        self.function, self.span, self.name = function, span, name
        self.left, self.right = left, right
        self.place: Any = function.place(span)

    def emit(self) -> ast.expr:
        checks = [each for each in (self.left, self.right) if not _is_int(each)]
        if not checks:
            return self._python()
        if any(isinstance(each, ast.Constant) for each in checks):  # a float: never two integers
            return self._call(self.left, self.right)
        test = self._test(checks)
        value = self._python()
        if self.name == "*":
            value = self._bounded(value)
        fallback = self._call(_again(self.left), _again(self.right))
        result = ast.IfExp(test, value, fallback, **self.place)
        if self.name in _COMPARISON:
            result.is_boolean = True  # type: ignore[attr-defined]  # a mark for `is_boolean`
        return result

    def _test(self, checks: list[ast.expr]) -> ast.expr:
        """`x.__class__ is int`, or `x.__class__ is int is y.__class__`; a named expression comes first."""
        ordered = sorted(checks, key=lambda each: not isinstance(each, ast.NamedExpr))
        classes = [ast.Attribute(each, "__class__", ast.Load(), **self.place) for each in ordered]
        integer: ast.expr = self.function.load("\x01int", self.span)
        comparators = [integer, *classes[1:]]
        return ast.Compare(classes[0], [ast.Is()] * len(comparators), comparators, **self.place)

    def _python(self) -> ast.expr:
        left, right = _again(self.left), _again(self.right)
        if self.name in _COMPARISON:
            return ast.Compare(left, [_COMPARISON[self.name]()], [right], **self.place)
        return ast.BinOp(left, _ARITHMETIC[self.name](), right, **self.place)

    def _call(self, left: ast.expr, right: ast.expr) -> ast.expr:
        call = self.function.support(self.name, self.span, left, right)
        if self.name in _COMPARISON:
            call.is_boolean = True  # type: ignore[attr-defined]  # a mark for `is_boolean`
        return call

    def _bounded(self, value: ast.expr) -> ast.expr:
        name = self.function.unit.fresh()
        product = ast.NamedExpr(ast.Name(name, ast.Store(), **self.place), value, **self.place)
        low, high = (ast.Constant(bound, **self.place) for bound in (-_SMALL, _SMALL))
        test = ast.Compare(low, [ast.Lt(), ast.Lt()], [product, high], **self.place)
        small = self.function.load(name, self.span)
        return ast.IfExp(test, small, self.function.support("bounded", self.span, small), **self.place)


def _again(value: ast.expr) -> ast.expr:
    """Return what refers to `value` once it has been evaluated."""
    if isinstance(value, ast.NamedExpr):
        target = value.target
        return ast.Name(target.id, ast.Load(), lineno=value.lineno, col_offset=value.col_offset,
                        end_lineno=value.end_lineno, end_col_offset=value.end_col_offset)  # fmt: skip
    return value


def _is_int(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value.__class__ is int
