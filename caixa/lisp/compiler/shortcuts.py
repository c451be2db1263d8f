"""Natives in line: `(car x)` becomes `x._reversed[x._size - 1] if x.__class__ is List and … else car(x)`.

What is written in line is a shortcut for the frequent case; everything else, errors too, is left to the native.
That it still is the native is looked at each time, since a program may redefine one after it was compiled in.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core import Call
from ..source import Span
from .naming import python_name, support_name
from .nodes import make
from .operands import again, class_test, operands
from .owning import OWNED

if TYPE_CHECKING:
    from .emitter import Emitter

__all__ = ["SHORTCUTS", "Shortcut", "take_shortcut"]


class Shortcut(NamedTuple):
    """What a native does for operands of some classes, as Python: `value`, if `condition` holds.

    `operands` are their names and, by them, the classes that must be theirs (None where any will do).
    """

    operands: Mapping[str, str | None]
    value: str
    condition: str = ""
    is_boolean: bool = False


_LIST = {"x": "List"}
_INTEGER = {"n": "int"}
_INTEGERS = {"n": "int", "m": "int"}
_SIMILAR = (
    (("car", "first"), Shortcut(_LIST, "x._reversed[x._size - 1]", "x._size")),
    (("cdr", "rest"), Shortcut(_LIST, "list_view(x._reversed, x._size - 1)", "x._size > 1")),
    (("null?", "empty?"), Shortcut(_LIST, "not x._size", is_boolean=True)),
    (("pair?",), Shortcut(_LIST, "x._size > 0", is_boolean=True)),
    (("length", "count"), Shortcut(_LIST, "x._size")),
    (("cons",), Shortcut({"item": None, "x": "List"}, "x.cons(item)")),
    (("nth",), Shortcut({"n": "int", "x": "List"}, "x._reversed[x._size - 1 - n]", "0 <= n < x._size")),
    (("hash-map-get",), Shortcut({"x": "Map", "key": None}, "x.get(key)")),
    (("hash-map-set",), Shortcut({"x": "Map", "key": None, "item": None}, "x.assoc(key, item)")),
    (("number->string",), Shortcut(_INTEGER, "str(n)", "-0x4000000000000000 < n < 0x4000000000000000")),
    (("vector-ref",), Shortcut({"x": "Vector", "n": "int"}, "x._items[n]", "0 <= n < x._size")),
    (("nil?",), Shortcut({"x": None}, "x is None", is_boolean=True)),
    (("even?",), Shortcut(_INTEGER, "not n & 1", is_boolean=True)),
    (("odd?",), Shortcut(_INTEGER, "n & 1 == 1", is_boolean=True)),
    (("modulo", "mod"), Shortcut(_INTEGERS, "n % m", "m > 0")),
    (("quotient", "quot"), Shortcut(_INTEGERS, "n // m", "n >= 0 < m")),
    (("remainder", "rem"), Shortcut(_INTEGERS, "n % m", "n >= 0 < m")),
    (("abs",), Shortcut(_INTEGER, "n if n >= 0 else -n")),
    (("max",), Shortcut(_INTEGERS, "n if n >= m else m")),
    (("min",), Shortcut(_INTEGERS, "n if n <= m else m")),
)
SHORTCUTS = {name: shortcut for names, shortcut in _SIMILAR for name in names}
"""By the name of the native."""


def take_shortcut(function: Emitter, node: Call, name: str) -> ast.expr | None:
    """Return the call `node` of the native `name` with its shortcut, or None if it has none."""
    shortcut = SHORTCUTS.get(name)
    if shortcut is None or len(shortcut.operands) != len(node.arguments):
        return None
    values = operands(function, node.arguments)
    for index, kind in enumerate(shortcut.operands.values()):
        value = values[index]
        if kind is None and isinstance(value, ast.NamedExpr):  # no test comes to evaluate it
            function.store(value.target.id, value.value, node.span)
        elif (
            shortcut.is_boolean and kind is None and isinstance(value, ast.Constant)
        ):  # `1 is None` is warned of
            values[index] = function.stored_in(function.unit.fresh(), value, node.span)
    place = function.place(node.span)
    tests = _class_tests(function, shortcut, values, node.span)
    filling = _Filling(function, node.span, dict(zip(shortcut.operands, map(again, values), strict=True)))
    if shortcut.condition:
        tests.append(filling.fill(shortcut.condition))
    if not tests or not function.unit.globals.is_fixed:
        tests.append(function.still_native(name, node.span))
    native = function.load(python_name(name), node.span)
    general = make(ast.Call, place, func=native, args=list(map(again, values)), keywords=[])
    test = make(ast.BoolOp, place, op=ast.And(), values=tests) if len(tests) > 1 else tests[0]
    text = OWNED[name] if id(node) in function.unit.plan.owned else shortcut.value
    result = make(ast.IfExp, place, test=test, body=filling.fill(text), orelse=general)
    if shortcut.is_boolean:
        result.general = general  # type: ignore[attr-defined]  # for `Conditions`: the rest is true or false
    return result


def _class_tests(function: Emitter, shortcut: Shortcut, values: list[ast.expr], span: Span) -> list[ast.expr]:
    """Return the tests of the operands' classes, one for each class; a named expression comes first."""
    by_class: dict[str, list[ast.expr]] = {}
    for value, kind in zip(values, shortcut.operands.values(), strict=True):
        if kind is not None and not _is_literal(value, kind):
            by_class.setdefault(kind, []).append(value)
    groups = sorted(by_class.items(), key=lambda group: not _has_named(group[1]))
    return [class_test(function, group, kind, span) for kind, group in groups]


def _has_named(values: list[ast.expr]) -> bool:
    return ast.NamedExpr in [type(value) for value in values]


def _is_literal(value: ast.expr, kind: str) -> bool:
    return isinstance(value, ast.Constant) and value.value.__class__.__name__ == kind


class _Filling:
    """Copies Python text as a tree at one place, with operands for the names of them."""

    def __init__(self, function: Emitter, span: Span, operands: dict[str, ast.expr]) -> None:
        self.function, self.span, self.operands = function, span, operands
        self.place = function.place(span)

    def fill(self, text: str) -> Any:
        return self._copy(_parsed(text))

    def _copy(self, part: Any) -> Any:
        if isinstance(part, ast.Name):
            return self.operands.get(part.id) or self.function.load(support_name(part.id), self.span)
        if isinstance(part, list):
            return [self._copy(each) for each in part]
        if not isinstance(part, ast.expr):
            return part
        fields = {field: self._copy(getattr(part, field)) for field in part._fields}
        return make(type(part), self.place, **fields)


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
