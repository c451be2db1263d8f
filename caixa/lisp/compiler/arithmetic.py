"""Arithmetic and comparison in line: a class check costs a third of what a call would (DESIGN section 4).

`(+ x y)` becomes `x + y if x.__class__ is int is y.__class__ else add(x, y)`, where `add` is the native,
which takes floats too and refuses what is no number. What is known to be an integer is not checked, nor is a
number beside a small literal, where Python's arithmetic is the language's. A product is checked for its size
as well. Operators mean what they meant when the code was compiled: redefining one later changes nothing in it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..core import Call, Const, Core, LocalRef
from ..source import Span
from .facts import INTEGER, NUMBER, is_small_literal, kind_of, mark_boolean, mark_kind
from .operands import again, bare, class_test, operands

if TYPE_CHECKING:
    from .emitter import Emitter

__all__ = ["OPERATORS", "inline_arithmetic"]

_ARITHMETIC: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_COMPARISON: dict[str, type[ast.cmpop]] = {"<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE, "=": ast.Eq}
WITH_LITERAL = {
    "inc": ("+", 1),
    "dec": ("-", 1),
    "zero?": ("=", 0),
    "positive?": (">", 0),
    "negative?": ("<", 0),
}
OPERATORS = (*_ARITHMETIC, *_COMPARISON)
"""The natives that inlined code falls back to, as run-time functions of the same names."""

_SMALL = 1 << 62  # a product below this needs no look at its bits


def inline_arithmetic(function: Emitter, node: Call, name: str) -> ast.expr | None:
    """Return the call `node` of the native `name` as Python arithmetic, or None if it is not of that kind."""
    arguments = node.arguments
    if name in WITH_LITERAL and len(arguments) == 1:
        name, number = WITH_LITERAL[name]
        arguments = (*arguments, Const(node.span, number))
    if name not in OPERATORS or any(map(_is_no_number, arguments)):
        return None
    if len(arguments) > 2 and name in _ARITHMETIC and all(map(_is_plain, arguments[2:])):
        first = Call(node.span, node.function, arguments[:-1])  # from the left, as the native does it
        arguments = (first, arguments[-1])
    if len(arguments) != 2:
        return None
    left, right = operands(function, arguments)
    return _Operation(function, node.span, name, left, right).emit()


def _is_no_number(node: Core) -> bool:
    return isinstance(node, Const) and node.value.__class__ not in (int, float)


def _is_plain(node: Core) -> bool:
    return isinstance(node, Const) or (isinstance(node, LocalRef) and not node.local.is_assigned)


class _Operation:
    """One operation on two operands, each a name, a literal or (at most one) a named expression."""

    def __init__(self, function: Emitter, span: Span, name: str, left: ast.expr, right: ast.expr) -> None:
        self.function, self.span, self.name = function, span, name
        self.left, self.right = left, right
        self.place: Any = function.place(span)

    def emit(self) -> ast.expr:
        both = (self.left, self.right)
        floats = [each for each in both if _is_float(each)]
        checked = [each for each in both if not isinstance(each, ast.Constant)] if floats else self._unsure()
        if not checked:
            return self._fallback() if floats else self._value(bare(self.left), bare(self.right))
        test = class_test(self.function, checked, "float" if floats else "int", self.span)
        left, right = again(self.left), again(self.right)
        value = self._python(left, right) if floats else self._value(left, right)
        self._learn()
        return self._marked(ast.IfExp(test, value, self._fallback(), **self.place), NUMBER)

    def _unsure(self) -> list[ast.expr]:
        """Return the operands whose class must be looked at before Python may calculate with integers."""
        both = (self.left, self.right)
        unsure = [each for each in both if kind_of(each) != INTEGER]
        if len(unsure) == 1 and kind_of(unsure[0]) == NUMBER and any(map(is_small_literal, both)):
            return []
        named = [each for each in both if isinstance(each, ast.NamedExpr) and each not in unsure]
        return [*unsure, *named] if unsure else []

    def _learn(self) -> None:
        """Note that both operands are numbers: otherwise this is not passed."""
        for each in (self.left, self.right):
            if isinstance(each, ast.Name):
                known = self.function.known
                known[each.id] = max(NUMBER, known.get(each.id, NUMBER))

    def _fallback(self) -> ast.expr:
        return self.function.support(self.name, self.span, again(self.left), again(self.right))

    def _value(self, left: ast.expr, right: ast.expr) -> ast.expr:
        value = self._python(left, right)
        if self.name == "*":
            value = self._bounded(value)
        return self._marked(value, min(kind_of(self.left), kind_of(self.right)))

    def _python(self, left: ast.expr, right: ast.expr) -> ast.expr:
        if self.name in _COMPARISON:
            return ast.Compare(left, [_COMPARISON[self.name]()], [right], **self.place)
        return ast.BinOp(left, _ARITHMETIC[self.name](), right, **self.place)

    def _marked(self, value: ast.expr, kind: int) -> ast.expr:
        return mark_boolean(value) if self.name in _COMPARISON else mark_kind(value, kind)

    def _bounded(self, value: ast.expr) -> ast.expr:
        name = self.function.unit.fresh()
        product = ast.NamedExpr(ast.Name(name, ast.Store(), **self.place), value, **self.place)
        low, high = (ast.Constant(bound, **self.place) for bound in (-_SMALL, _SMALL))
        test = ast.Compare(low, [ast.Lt(), ast.Lt()], [product, high], **self.place)
        small = self.function.load(name, self.span)
        return ast.IfExp(test, small, self.function.support("bounded", self.span, small), **self.place)


def _is_float(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value.__class__ is float
