"""Emitting higher-order natives as loops: a function that is called nowhere else needs to be none.

That the name still is the native is looked at each time; if it is not, the function is made after all.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..core import Call, Lambda, Local
from ..source import Span
from .emitter import EFFECT, Dest, Emitter
from .naming import MARK, python_name
from .plan import Label

__all__ = ["Deferred", "Fusions"]

_STORE = ast.Store()


class Deferred:
    """A function that is compiled when it turns out to be needed, with the variables around it as values."""

    __slots__ = ("code", "free")

    def __init__(self, code: Lambda, free: tuple[Local, ...]) -> None:
        """Keep `code`, which uses the variables `free` of the procedure around it."""
        self.code = code
        self.free = free

    def closing(self) -> Lambda:
        """Return the function that takes the values of the free variables and returns the function."""
        return Lambda(self.code.span, None, self.free, (), None, self.code)


class Fusions(Emitter):
    """The part of a function's emission that has to do with loops over the elements of something."""

    def fused(self, node: Call, label: Label, dest: Dest) -> None:
        """Emit the loop, and what happens instead if the name is not the native any more."""
        assert label.fusion is not None
        name, span = label.fusion.native, node.span
        values = [self.spill(value, span) for value in self.expressions(node.arguments[1:])]
        is_own = dest.kind == "store" and dest.name.startswith(MARK)
        result = dest.name if is_own else self.unit.fresh()
        with self.branch() as loop:
            self._loops[name](self, label, values, result)
        if self.unit.globals.is_fixed:
            self.body += loop
        else:
            with self.branch() as general:
                function = self._function(label, span)
                call = ast.Call(self.load(python_name(name), span), [function, *values], [], **self.place(span))
                self.store(result, call, span)
            self.body.append(ast.If(self.still_native(name, span), loop, general, **self.place(span)))
        self.known.pop(result, None)
        if dest is not EFFECT:
            self.finish(self.load(result, span), node, dest)

    def _function(self, label: Label, span: Span) -> ast.expr:
        assert label.fusion is not None
        free = tuple(label.fusion.free)
        variables = [self.load(self.unit.name(local), span) for local in free]
        return self.support("closure", span, self.constant(Deferred(label.code, free), span), *variables)

    def _rounds(self, label: Label, items: ast.expr, emit: Callable[[], None]) -> None:
        """Emit a loop over `items`, inside which `emit` puts what is done with each."""
        span = label.code.span
        place = self.place(span)
        loop, self.loop = self.loop, None
        self.blocks += 1
        element = self.unit.name(label.code.required[-1])
        with self.branch() as statements:
            self.known.pop(element, None)
            emit()
        self.blocks -= 1
        self.loop = loop
        elements = self.support("items", label.entries[0][0].span, items)
        target = ast.Name(element, _STORE, **place)
        self.body.append(ast.For(target, elements, statements or [ast.Pass(**place)], [], **place))

    def _element(self, label: Label) -> ast.expr:
        return self.load(self.unit.name(label.code.required[-1]), label.code.span)

    def _append(self, name: str, value: ast.expr, span: Span) -> None:
        place = self.place(span)
        append = ast.Attribute(self.load(name, span), "append", ast.Load(), **place)
        self.body.append(ast.Expr(ast.Call(append, [value], [], **place), **place))

    def _collecting(self, label: Label, items: ast.expr, result: str, emit: Callable[[str], None]) -> None:
        """Emit a loop that collects elements in a Python list, of which a list of the language is made."""
        span, collected = label.code.span, self.unit.fresh()
        self.store(collected, ast.List([], ast.Load(), **self.place(span)), span)
        self._rounds(label, items, lambda: emit(collected))
        self.store(result, self.support("own", span, self.load(collected, span)), span)

    def _map(self, label: Label, values: list[ast.expr], result: str) -> None:
        def emit(collected: str) -> None:
            self._append(collected, self.expression(label.code.body), label.code.span)

        self._collecting(label, values[0], result, emit)

    def _filter(self, label: Label, values: list[ast.expr], result: str) -> None:
        def emit(collected: str) -> None:
            self._when(label, lambda: self._append(collected, self._element(label), label.code.span))

        self._collecting(label, values[0], result, emit)

    def _remove(self, label: Label, values: list[ast.expr], result: str) -> None:
        def emit(collected: str) -> None:
            keep = lambda: self._append(collected, self._element(label), label.code.span)  # noqa: E731  # as above
            self._when(label, keep, wanted=False)

        self._collecting(label, values[0], result, emit)

    def _when(self, label: Label, emit: Callable[[], None], *, wanted: bool = True) -> None:
        """Emit what is done with an element for which the predicate holds, or does not."""
        span = label.code.span
        test = self.test(label.code.body)
        if not wanted:
            test = ast.UnaryOp(ast.Not(), test, **self.place(span))
        with self.branch() as then:
            emit()
        self.body.append(ast.If(test, then, [], **self.place(span)))

    def _for_each(self, label: Label, values: list[ast.expr], result: str) -> None:
        self._rounds(label, values[0], lambda: self.statement(label.code.body, EFFECT))
        self.store(result, ast.Constant(None, **self.place(label.code.span)), label.code.span)

    def _fold(self, label: Label, values: list[ast.expr], result: str) -> None:
        span = label.code.span
        accumulator = self.unit.name(label.code.required[0])
        self.store(accumulator, values[0], span)

        def emit() -> None:
            self.known.pop(accumulator, None)
            self.store(accumulator, self.expression(label.code.body), span)

        self._rounds(label, values[1], emit)
        self.store(result, self.load(accumulator, span), span)

    def _search(self, label: Label, values: list[ast.expr], result: str) -> None:
        """Emit a loop that ends with the first element that decides."""
        assert label.fusion is not None
        span = label.code.span
        place = self.place(span)
        kind = label.fusion.native
        otherwise = {"any?": False, "every?": True, "find": None}[kind]
        self.store(result, ast.Constant(otherwise, **place), span)

        def emit() -> None:
            found = self._element(label) if kind == "find" else ast.Constant(not otherwise, **place)
            self.store(result, found, span)
            self.body.append(ast.Break(**place))

        self._rounds(label, values[0], lambda: self._when(label, emit, wanted=kind != "every?"))

    def _count(self, label: Label, values: list[ast.expr], result: str) -> None:
        span = label.code.span
        place = self.place(span)
        self.store(result, ast.Constant(0, **place), span)

        def emit() -> None:
            one = ast.Constant(1, **place)
            self.body.append(ast.AugAssign(ast.Name(result, _STORE, **place), ast.Add(), one, **place))

        self._rounds(label, values[0], lambda: self._when(label, emit))

    _loops: dict[str, Callable[[Fusions, Label, list[ast.expr], str], None]] = {  # noqa: RUF012  # never changed
        "map": _map, "filter": _filter, "remove": _remove, "for-each": _for_each, "count-if": _count,
        "any?": _search, "every?": _search, "find": _search,
        "foldl": _fold, "fold-left": _fold, "reduce": _fold,
    }  # fmt: skip
