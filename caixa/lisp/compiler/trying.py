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


class Handlers(Emitter):
    """The part of a function's emission that has to do with errors."""

    def try_(self, node: Try, dest: Dest) -> None:
        """Emit a try statement; no jump can leave it, since nothing inside is in tail position."""
        if self.blocks >= MAX_BLOCKS:
            self.lifted(node, dest)
            return
        name = self.unit.fresh()
        place = self.place(node.span)
        store = EFFECT if dest is EFFECT else Dest("store", name)
        loop, self.loop = self.loop, None
        self.blocks += 1
        with self.block() as body:
            self.statement(node.body, store)
        handlers = [self.handler(node.catches, store, node.span)] if node.catches else []
        with self.block() as cleanup:
            if node.finally_ is not None:
                self.statement(node.finally_, EFFECT)
        self.blocks -= 1
        self.loop = loop
        if not handlers and not cleanup:
            self.body += body
        else:
            self.body.append(ast.Try(body or [ast.Pass(**place)], handlers, [], cleanup, **place))
        if dest is not EFFECT:
            self.finish(self.load(name, node.span), node, dest)

    def handler(self, catches: Sequence[Catch], store: Dest, span: Span) -> ast.ExceptHandler:
        """Return the except clause that tries each of `catches`."""
        place = self.place(span)
        error, value = self.unit.fresh(), self.unit.fresh()
        with self.block() as statements:
            self.store(value, self.support("caught", span, self.load(error, span)), span)
            self.choose(catches, value, store, span)
        return ast.ExceptHandler(self.load(support_name("Exception"), span), error, statements, **place)

    def choose(self, catches: Sequence[Catch], value: str, store: Dest, span: Span) -> None:
        """Emit the first handler whose tag fits, and raise again if there is none."""
        if not catches:
            self.body.append(ast.Raise(None, None, **self.place(span)))
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
            self.choose(catches[1:], value, store, span)
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
