"""Code as a tree in which only what it means is left: no spans, docstrings, comments or local names.

A local variable is the number of its first appearance, counted through the definition from left to right. A
global stays a leaf `global` with its name, which the digest replaces by what the name denotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from caixa.lisp import core
from caixa.lisp.kinds import kind_of
from caixa.lisp.printer import write
from caixa.lisp.values import List, Map, Set, Symbol, Vector

__all__ = ["GLOBAL", "Tree", "tree_of"]

GLOBAL = "global"
_GENERATED = re.compile(r"(.*)__\d+__auto")


@dataclass(frozen=True, slots=True)
class Tree:
    """A node: what kind it is, what it says itself, and its parts in order."""

    label: str
    text: str = ""
    children: tuple[Tree, ...] = ()

    def globals(self) -> Iterator[str]:
        """Yield the names of the globals in it, in order, repeated ones too."""
        pending = [self]
        while pending:
            tree = pending.pop()
            if tree.label == GLOBAL:
                yield tree.text
            pending.extend(reversed(tree.children))


def tree_of(code: core.Core) -> Tree:
    """Return the tree of expanded code, which does not depend on names of variables nor on layout."""
    return _Planter().plant(code)


_Parts = tuple[str, str, Sequence[object]]
"""Label, own text, and parts: nodes of the core language, or values."""


@dataclass(slots=True)
class _Step:
    """A node whose parts are being planted: its label, its own text, and how many parts it has."""

    label: str
    text: str
    count: int


@dataclass(slots=True)
class _Planter:
    """Goes through one definition without recursion, numbering variables and generated symbols as they come."""

    numbers: dict[core.Local, int] = field(default_factory=dict)
    generated: dict[str, int] = field(default_factory=dict)

    def plant(self, code: core.Core) -> Tree:
        done: list[Tree] = []
        work: list[object] = [code]
        while work:
            at = work.pop()
            if isinstance(at, _Step):
                start = len(done) - at.count
                tree = Tree(at.label, at.text, tuple(done[start:]))
                del done[start:]
                done.append(tree)
                continue
            label, text, parts = self._take(at)
            work.append(_Step(label, text, len(parts)))
            work.extend(reversed(parts))
        return done[0]

    def _take(self, at: object) -> _Parts:
        """Return label, text and parts of a node of the core language, or of a value in it."""
        reader = _READERS.get(type(at))
        return reader(self, at) if reader is not None else self._value(at)

    def number(self, local: core.Local) -> str:
        """Return the number of a local variable, the next one if it has not been seen."""
        return str(self.numbers.setdefault(local, len(self.numbers)))

    def _value(self, value: object) -> _Parts:
        if isinstance(value, (List, Vector, Set)):
            return kind_of(value), "", tuple(value)
        if isinstance(value, Map):
            return "map", "", tuple(part for pair in value.items() for part in pair)
        if isinstance(value, tuple):  # names that the expander hands to the run time
            return "names", " ".join(map(str, value)), ()
        if value.__class__ is int:
            return "int", f"{value:x}", ()  # printing abbreviates long ones
        if isinstance(value, Symbol):
            return "symbol", self._symbol(value.name), ()
        return kind_of(value), write(value), ()

    def _symbol(self, name: str) -> str:
        """Return `name`, or for a generated symbol its place among those of the same definition."""
        match = _GENERATED.fullmatch(name)
        if match is None:
            return name
        return f"{match[1]}__{self.generated.setdefault(name, len(self.generated))}__auto"


# -- what each kind of node says itself ---------------------------------------------------------------------

_LABELS: dict[type, str] = {
    core.If: "if",
    core.And: "and",
    core.Or: "or",
    core.Not: "not",
    core.Begin: "begin",
    core.Call: "call",
}
"""Of what is nothing but its parts."""


def _plain(_: _Planter, node: core.Core) -> _Parts:
    return _LABELS[node.__class__], "", core.children(node)


def _const(_: _Planter, node: core.Const) -> _Parts:
    return "const", "", (node.value,)


def _local(planter: _Planter, node: core.LocalRef) -> _Parts:
    return "local", planter.number(node.local), ()


def _global(_: _Planter, node: core.GlobalRef) -> _Parts:
    return GLOBAL, node.name, ()


def _support(_: _Planter, node: core.Support) -> _Parts:
    return "support", node.name, ()


def _bind(planter: _Planter, node: core.Bind) -> _Parts:
    return "bind", planter.number(node.local), core.children(node)


def _set_local(planter: _Planter, node: core.SetLocal) -> _Parts:
    return "set-local", planter.number(node.local), core.children(node)


def _set_global(_: _Planter, node: core.SetGlobal) -> _Parts:
    return "set-global", "", (core.GlobalRef(node.span, node.name), *core.children(node))


def _define(_: _Planter, node: core.Define) -> _Parts:
    return "define", "", (core.GlobalRef(node.span, node.name), *core.children(node))


def _lambda(planter: _Planter, node: core.Lambda) -> _Parts:
    required = " ".join([planter.number(local) for local in node.required])
    rest = planter.number(node.rest) if node.rest is not None else "-"
    return "lambda", f"({required}) {rest}", (*node.optional, node.body)


def _optional(planter: _Planter, node: core.Optional) -> _Parts:
    return "optional", planter.number(node.local), () if node.default is None else (node.default,)


def _catch(planter: _Planter, node: core.Catch) -> _Parts:
    return "catch", f"{planter.number(node.local)} {node.tag or ''}".rstrip(), (node.body,)


def _try(_: _Planter, node: core.Try) -> _Parts:
    last = () if node.finally_ is None else (node.finally_,)
    return "try" if node.finally_ is None else "try-finally", "", (node.body, *node.catches, *last)


def _eval_here(planter: _Planter, node: core.EvalHere) -> _Parts:
    # code that is made at run time sees these variables by name: here, names are part of the meaning
    seen = " ".join(f"{local.name}={planter.number(local)}" for local in node.visible)
    return "eval", seen, core.children(node)


_READERS: dict[type, Callable[..., _Parts]] = {
    **dict.fromkeys(_LABELS, _plain),
    core.Const: _const,
    core.LocalRef: _local,
    core.GlobalRef: _global,
    core.Support: _support,
    core.Bind: _bind,
    core.SetLocal: _set_local,
    core.SetGlobal: _set_global,
    core.Define: _define,
    core.Lambda: _lambda,
    core.Optional: _optional,
    core.Catch: _catch,
    core.Try: _try,
    core.EvalHere: _eval_here,
}
