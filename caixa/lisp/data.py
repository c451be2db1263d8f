"""Syntax as values and values as syntax, the two ways a macro needs; without recursion (language.md 3.2, 3.4).

A prefix form becomes a list of two elements headed by the prefix's long name. What came from syntax is
remembered in `Origins`, so that turning it back gives the very node, with its span and comments.
"""

from __future__ import annotations

from collections.abc import Callable

from .errors import NativeError
from .kinds import kind_of
from .source import Span
from .syntax import Atom, Bracket, Form, Node, Prefix
from .values import ErrorValue, List, Map, Set, Symbol, Vector

__all__ = ["Origins", "quote", "unquote"]


class Origins:
    """Where values that stand for code came from: a compound by identity, a symbol by its first appearance."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._nodes: dict[int, tuple[object, Node | None]] = {}
        self._spans: dict[Symbol, Span] = {}
        self.size = 0  # how many nodes were noted

    def note(self, value: object, node: Node) -> None:
        """Remember that `value` was made of `node`."""
        self.size += 1
        if isinstance(value, Symbol):
            self._spans.setdefault(value, node.span)
        elif isinstance(value, (List, Vector, Map, Set, ErrorValue)):
            self._nodes[id(value)] = (value, node)  # the value is kept, so that its id stays its own

    def admit(self, value: Map) -> None:
        """Let `value`, a map that a template made, stand for code."""
        self._nodes[id(value)] = (value, None)

    def knows(self, value: object) -> bool:
        """Return whether `value` came from syntax or a template."""
        return id(value) in self._nodes

    def node_of(self, value: object) -> Node | None:
        """Return the node that the compound `value` was made of, if it was."""
        return self._nodes.get(id(value), (None, None))[1]

    def span_of(self, value: object) -> Span | None:
        """Return the span of the first symbol `value` that was seen."""
        return self._spans.get(value) if isinstance(value, Symbol) else None


def quote(node: Node, origins: Origins | None = None) -> object:
    """Return `node` as data, which is what quoting it evaluates to."""
    done: list[object] = []
    work: list[tuple[Node, bool]] = [(node, False)]
    while work:
        at, ready = work.pop()
        children = _children(at)
        if children and not ready:
            work.append((at, True))
            work.extend((child, False) for child in reversed(children))
            continue
        start = len(done) - len(children)
        value = _assemble(at, done[start:])
        del done[start:]
        done.append(value)
        if origins is not None:
            origins.note(value, at)
    return done[0]


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Form):
        return node.items
    return (node.inner,) if isinstance(node, Prefix) else ()


def _assemble(node: Node, parts: list[object]) -> object:
    if isinstance(node, Atom):
        return node.value
    if isinstance(node, Prefix):
        return List((Symbol(node.kind.value), parts[0]))
    if node.bracket is Bracket.VECTOR:
        return Vector(parts)
    if node.bracket is Bracket.MAP:
        return Map(zip(parts[::2], parts[1::2], strict=True))
    return Set(parts) if node.bracket is Bracket.SET else List(parts)


_REFUSED = {
    "map": "a hash map, which has no source form",
    "error": "an error value, which has no source form",
    "promise": "a promise, which has no source form",
    "closure": "a closure, which has no source form",
    "native-fn": "a native function, which has no source form",
    "foreign": "a foreign value, which has no source form",
}
_FIXES = {
    "map": "Emit a `(hash-map …)` call.",
    "error": "Use `throw` to raise it.",
    "promise": "Force it first.",
}


def unquote(value: object, span: Span, origins: Origins | None = None, macro: str = "eval") -> Node:
    """Return the code that `value` stands for; what has no origin of its own is placed at `span`.

    Raises NativeError for a value that no text reads as: a procedure, a promise, an error, a foreign value,
    or a map that is neither from syntax nor from a template.
    """
    origins = origins or Origins()
    done: list[Node] = []
    work: list[tuple[object, Callable[[], None] | None]] = [(value, None)]
    while work:
        at, finish = work.pop()
        if finish is not None:
            finish()
            continue
        known = origins.node_of(at)
        if known is not None:
            done.append(known)
        elif isinstance(at, (List, Vector, Map, Set)):
            _check_map(at, origins, macro)
            parts = [part for pair in at.items() for part in pair] if isinstance(at, Map) else list(at)
            work.append((None, _finisher(at, len(parts), span, done)))
            work.extend((part, None) for part in reversed(parts))
        else:
            done.append(_atom(at, origins.span_of(at) or span, macro))
    return done[0]


def _check_map(value: object, origins: Origins, macro: str) -> None:
    if isinstance(value, Map) and not origins.knows(value):
        raise _refusal("map", macro)


def _refusal(kind: str, macro: str) -> NativeError:
    return NativeError(macro, f"the code is {_REFUSED.get(kind, kind)}", fix=_FIXES.get(kind, ""))


_BRACKETS: dict[type, Bracket] = {
    List: Bracket.LIST,
    Vector: Bracket.VECTOR,
    Map: Bracket.MAP,
    Set: Bracket.SET,
}


def _finisher(value: object, count: int, span: Span, done: list[Node]) -> Callable[[], None]:
    def finish() -> None:
        start = len(done) - count
        items = tuple(done[start:])
        del done[start:]
        done.append(Form(span, items, _BRACKETS[type(value)]))

    return finish


def _atom(value: object, span: Span, macro: str) -> Node:
    if value is None:
        return Form(span, ())  # a template makes nil of `()`, which may stand for bindings or parameters
    kind = kind_of(value)
    if kind in _REFUSED:
        raise _refusal(kind, macro)
    return Atom(span, value)
