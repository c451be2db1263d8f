"""Emitting try: handlers by tag, cleaning up, and functions for what would nest deeper than CPython allows."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..core import Catch, Try
from ..source import Span
from .emitter import EFFECT, RETURN, Dest, Emitter
from .naming import support_name
from .units import no_arguments

__all__ = ["Handlers"]

MAX_BLOCKS = 12  # nested loops and tries in one Python function, of the 20 that CPython allows
_STORE = ast.Store()
_Raised = tuple[Span, tuple[ast.expr, ...]]  # where the try stands; the error, and the handlers around it


class Handlers(Emitter):
    """The part of a function's emission that has to do with errors."""

    def try_(self, node: Try, dest: Dest) -> None:
        """Emit a try statement; no jump can leave it, since nothing inside is in tail position."""
        if self.blocks >= MAX_BLOCKS:
            self.lifted(node, dest)
            return
        name, outer = self.unit.fresh(), self.unit.fresh()
        store = EFFECT if dest is EFFECT else Dest("store", name)
        loop, self.loop = self.loop, None
        self.blocks += 1
        self.enter_try(node, outer)
        with self.block() as body:
            self.statement(node.body, store)
        handler = self.handler(node, outer, store)
        with self.block() as leaving:
            self.leave(outer, node.span)
            if node.finally_ is not None:
                self.statement(node.finally_, EFFECT)
        self.blocks -= 1
        self.loop = loop
        place = self.place(node.span)
        at_last, otherwise = (leaving, []) if node.finally_ is not None else ([], leaving)
        self.body.append(ast.Try(body or [ast.Pass(**place)], [handler], otherwise, at_last, **place))
        if dest is not EFFECT:
            self.finish(self.load(name, node.span), node, dest)

    def enter_try(self, node: Try, outer: str) -> None:
        """Emit what notes which errors the try takes (conditions.py), and keeps what was noted before."""
        span, place = node.span, self.place(node.span)
        self.store(outer, self.support("handlers", span), span)
        if not node.catches:
            return
        tags: list[ast.expr] = [
            ast.Constant(catch.tag, **self.place(catch.span)) for catch in node.catches if catch.tag is not None
        ]
        takes_all = len(tags) < len(node.catches)
        noted = ast.Tuple([self.load(outer, span), *([] if takes_all else tags)], ast.Load(), **place)
        self.body.append(ast.Expr(self.support("set_handlers", span, noted), **place))

    def leave(self, outer: str, span: Span) -> None:
        """Emit the end of what `enter_try` began."""
        call = self.support("set_handlers", span, self.load(outer, span))
        self.body.append(ast.Expr(call, **self.place(span)))

    def handler(self, node: Try, outer: str, store: Dest) -> ast.ExceptHandler:
        """Return the except clause that tries each of the catches."""
        span, place = node.span, self.place(node.span)
        error, value = self.unit.fresh(), self.unit.fresh()
        parts = self.load(error, span), self.load(outer, span)
        with self.block() as statements:
            if node.catches:
                self.store(value, self.support("caught", span, *parts), span)
            self.choose(node.catches, value, store, (span, parts))
        return ast.ExceptHandler(self.load(support_name("Exception"), span), error, statements, **place)

    def choose(self, catches: Sequence[Catch], value: str, store: Dest, raised: _Raised) -> None:
        """Emit the first handler whose tag fits; if there is none, signal the error and raise it again."""
        if not catches:
            span, parts = raised
            place = self.place(span)
            self.body.append(ast.Expr(self.support("cleanup", span, *parts), **place))
            self.body.append(ast.Raise(None, None, **place))
            return
        catch = catches[0]
        place = self.place(catch.span)
        with self.block() as handling:
            self.store(self.unit.name(catch.local), self.load(value, catch.span), catch.span)
            self.statement(catch.body, store)
        if catch.tag is None:
            self.body += handling
            return
        with self.block() as otherwise:
            self.choose(catches[1:], value, store, raised)
        tag = ast.Constant(catch.tag, **place)
        test = self.support("has_tag", catch.span, self.load(value, catch.span), tag)
        self.body.append(ast.If(test, handling, otherwise, **place))

    def lifted(self, node: Try, dest: Dest) -> None:
        """Emit `node` in a function of its own, since CPython limits how deep blocks may nest."""
        inner = type(self)(self.unit, self.region, self)
        inner.lifted_from = self
        inner.bounces = False
        self.check_nesting(inner, node.span)
        inner.statement(node, RETURN)
        self.nonlocals |= inner.nonlocals
        self._lend(inner.lent, node.span)
        name = self.unit.fresh()
        self.body.append(inner.definition(name, no_arguments(), self.place(node.span)))
        self.finish(ast.Call(self.load(name, node.span), [], [], **self.place(node.span)), node, dest)

    def _lend(self, names: set[str], span: Span) -> None:
        """See that `names` are variables of this function, so that an inner one can declare them nonlocal."""
        if self.lifted_from is not None:
            self.lent |= names
            return
        place = self.place(span)
        for name in sorted(names):
            never = ast.Assign([ast.Name(name, _STORE, **place)], ast.Constant(None, **place), **place)
            self.body.append(ast.If(ast.Constant(value=False, **place), [never], [], **place))
