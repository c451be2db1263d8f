"""Emitting what decides: if, and, or, not, and the truth of anything."""

from __future__ import annotations

import ast

from ..core import And, Core, If, Not, Or
from ..source import Span
from .emitter import EFFECT, MAX_EXPRESSION_NESTING, Dest, Emitter, Loop
from .facts import is_boolean, kind_of, mark_boolean, mark_kind
from .naming import MARK

__all__ = ["Conditions"]

MAX_CHAIN = 20  # branches of one `cond`, or items of one `and`, before they are laid out flat
_STORE = ast.Store()


class Conditions(Emitter):
    """The part of a function's emission that has to do with truth."""

    def if_(self, node: If) -> ast.expr:
        """Return a conditional expression, or the variable that statements store its value in."""
        if _chain_length(node) > MAX_CHAIN:
            return self.by_statements(node)
        self.deeper(node.span)
        value = self._conditional(node)
        self.nesting -= 1
        return value

    def _conditional(self, node: If) -> ast.expr:
        test = self.test(node.test)
        with self.branch() as then_statements:
            then = self.expression(node.then)
        with self.branch() as else_statements:
            orelse = self.expression(node.orelse)
        place = self.place(node.span)
        if not then_statements and not else_statements:
            return mark_kind(ast.IfExp(test, then, orelse, **place), min(kind_of(then), kind_of(orelse)))
        name = self.unit.fresh()
        with self.block() as then_block:
            self.body += then_statements
            self.store(name, then, node.then.span)
        with self.block() as else_block:
            self.body += else_statements
            self.store(name, orelse, node.orelse.span)
        self.body.append(ast.If(test, then_block, else_block, **place))
        self.known[name] = min(kind_of(then), kind_of(orelse))
        return self.stored(name, node.span)

    def if_statement(self, node: If, dest: Dest) -> None:
        """Emit an if statement; a long `cond` is laid out flat."""
        if not dest.leaves and _chain_length(node) > MAX_CHAIN:
            self._looping_once(node, dest)
            return
        while True:  # along the else branches, since a long `cond` is many of them
            test = self.test(node.test)
            place = self.place(node.span)
            with self.branch() as then:
                self.statement(node.then, dest)
            then = then or [ast.Pass(**place)]
            if not dest.leaves:
                with self.branch() as orelse:
                    self.statement(node.orelse, dest)
                self.body.append(ast.If(test, then, orelse, **place))
                self.known.pop(dest.name, None)
                return
            self.body.append(ast.If(test, then, [], **place))
            if not isinstance(node.orelse, If):
                self.statement(node.orelse, dest)
                return
            node = node.orelse

    def _looping_once(self, node: If, dest: Dest) -> None:
        """Emit a long chain of tests flat: each branch breaks out of a loop that never goes round."""
        loop = self.loop = Loop(None, self.loop)
        with self.branch() as statements:
            self.if_statement(node, dest._replace(exit=loop))
        self.loop = loop.outer
        place = self.place(node.span)
        self.body.append(ast.While(ast.Constant(value=True, **place), statements, [], **place))

    # -- truth ----------------------------------------------------------------------------------------------

    def test(self, node: Core) -> ast.expr:
        """Return a Python condition for the truth of `node`: neither nil nor false."""
        self.depth += 1
        condition = self._test(node)
        self.depth -= 1
        if self.depth and self.depth % MAX_EXPRESSION_NESTING == 0:
            condition = mark_boolean(self.spill(condition, node.span))
        return condition

    def _test(self, node: Core) -> ast.expr:
        place = self.place(node.span)
        if isinstance(node, Not):
            return ast.UnaryOp(ast.Not(), self.test(node.value), **place)
        if isinstance(node, (And, Or)):
            return self._test_all(node)
        value = self.expression(node)
        general = getattr(value, "general", None)
        if general is not None and isinstance(value, ast.IfExp):  # the shortcut of a predicate
            value.orelse = mark_boolean(self.support("truth", node.span, general))
        if is_boolean(value):
            return value
        if isinstance(value, ast.Constant):
            return ast.Constant(value.value is not None and value.value is not False, **place)
        if isinstance(value, ast.Name):
            first: ast.expr = value
            again = self.load(value.id, node.span)
        else:
            name = self.unit.fresh()
            first = ast.NamedExpr(ast.Name(name, _STORE, **place), value, **place)
            again = self.load(name, node.span)
        return ast.BoolOp(
            ast.And(),
            [
                ast.Compare(first, [ast.IsNot()], [ast.Constant(None, **place)], **place),
                ast.Compare(again, [ast.IsNot()], [ast.Constant(value=False, **place)], **place),
            ],
            **place,
        )

    def _test_all(self, node: And | Or) -> ast.expr:
        place = self.place(node.span)
        tests: list[ast.expr] = []
        known = self.known
        for index, item in enumerate(node.items):
            if index == 1:  # what the first item teaches holds for all
                known = self.known.copy()
            with self.block() as statements:
                test = self.test(item)
            if statements and index:  # they may only run if the items before did not decide
                self.known = known
                return self._test_by_statements(node, tests, index)
            self.body += statements
            tests.append(test)
        self.known = known
        return ast.BoolOp(ast.And() if isinstance(node, And) else ast.Or(), tests, **place)

    def _test_by_statements(self, node: And | Or, tests: list[ast.expr], index: int) -> ast.expr:
        place = self.place(node.span)
        is_and = isinstance(node, And)
        known = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And() if is_and else ast.Or(), tests, **place)
        name = self.unit.fresh()
        rest = node.items[index:]
        remaining: Core = rest[0] if len(rest) == 1 else type(node)(node.span, rest)
        with self.branch() as statements:
            self.store(name, self.test(remaining), node.span)
        self.store(name, known, node.span)
        self.body.append(ast.If(self._negated(name, node.span, not is_and), statements, [], **place))
        return mark_boolean(self.load(name, node.span))

    def _negated(self, name: str, span: Span, negate: bool) -> ast.expr:  # noqa: FBT001  # which of the two
        value = self.load(name, span)
        return ast.UnaryOp(ast.Not(), value, **self.place(span)) if negate else value

    def _truth(self, name: str, span: Span, wanted: bool) -> ast.expr:  # noqa: FBT001  # which of the two
        place = self.place(span)
        operator: ast.cmpop = ast.IsNot() if wanted else ast.Is()
        parts: list[ast.expr] = [
            ast.Compare(self.load(name, span), [operator], [ast.Constant(value, **place)], **place)
            for value in (None, False)
        ]
        return ast.BoolOp(ast.And() if wanted else ast.Or(), parts, **place)

    def not_(self, node: Not) -> ast.expr:
        """Return the negation of a truth."""
        return self.test(node)

    # -- and, or --------------------------------------------------------------------------------------------

    def and_or(self, node: And | Or, dest: Dest) -> None:
        """Store each item until one decides; the last has the destination to itself."""
        is_own = dest.kind == "store" and dest.name.startswith(MARK)  # a variable may be in use in the items
        name = dest.name if is_own else self.unit.fresh()
        place = self.place(node.span)
        if len(node.items) > MAX_CHAIN and not dest.leaves:
            middle = len(node.items) // 2  # in halves, so that the depth is that of a tree
            halves = node.items[:middle], node.items[middle:]
            node = type(node)(node.span, tuple([type(node)(node.span, half) for half in halves]))
        if not dest.leaves:
            self._and_or_nested(node, name, 0)
            if not is_own and dest is not EFFECT:
                self.finish(self.load(name, node.span), node, dest)
            return
        for item in node.items[:-1]:
            self.store(name, self.expression(item), item.span)
            with self.branch() as decided:
                self.finish(self.load(name, item.span), item, dest)
            self.body.append(ast.If(self._truth(name, item.span, isinstance(node, Or)), decided, [], **place))
        self.statement(node.items[-1], dest)

    def _and_or_nested(self, node: And | Or, name: str, index: int) -> None:
        item = node.items[index]
        self.statement(item, Dest("store", name))
        if index == len(node.items) - 1:
            return
        with self.branch() as following:
            self._and_or_nested(node, name, index + 1)
        self.known.pop(name, None)
        test = self._truth(name, item.span, isinstance(node, And))
        self.body.append(ast.If(test, following, [], **self.place(node.span)))


def _chain_length(node: If) -> int:
    length, at = 0, node
    while isinstance(at.orelse, If):
        length, at = length + 1, at.orelse
    return length
