"""The expander, watched: what it finds out about names while it expands, with the places it found them at.

Nothing here decides what a name means. An error in a form is noted and the form left out, so that one mistake
hides neither other mistakes nor the names around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from caixa.lisp.core import (
    Begin,
    Bind,
    Core,
    Define,
    GlobalRef,
    Lambda,
    Local,
    LocalRef,
    SetGlobal,
    SetLocal,
    Try,
    children,
)
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.errors import LispError, RecursionLimit
from caixa.lisp.expander import Environment, Expander, Macro, Scope
from caixa.lisp.expander.expander import Special
from caixa.lisp.source import Span
from caixa.lisp.syntax import Atom, Form, Node, symbol_name

__all__ = ["CURSOR", "Bound", "Observer", "Seen", "walk"]

CURSOR = "caixa-lsp:cursor"
"""The name that stands at the cursor while a completion asks what is visible there."""


class Observer(Expander):
    """An expander that notes heads, calls of macros and errors, and what is visible at the name CURSOR."""

    def __init__(self, environment: Environment) -> None:
        """Work in `environment`, which expanding changes."""
        super().__init__(environment)
        self.errors: list[LispError] = []
        self.macros: list[tuple[str, Span]] = []
        self.calls: list[Form] = []
        self.specials: set[Span] = set()
        self.visible: tuple[str, ...] | None = None

    def expand(self, node: Node, scope: Scope | None) -> Core:
        """See Expander: what does not expand is noted, and left out."""
        depth = self.depth
        try:
            return super().expand(node, scope)
        except RecursionLimit:
            raise
        except LispError as error:
            self.depth = depth
            self.errors.append(error)
            return super().expand(Atom(node.span, None), scope)

    def reference(self, name: str, span: Span, scope: Scope | None) -> Core:
        """See Expander."""
        if name == CURSOR and self.visible is None:
            self.visible = _visible(scope)
        return super().reference(name, span, scope)

    def special_of(self, form: Form, scope: Scope | None) -> Special | None:
        """See Expander."""
        found = super().special_of(form, scope)
        if found is not None:
            self.specials.add(form.items[0].span)
        return found

    def expand_once(self, macro: Macro, form: Form) -> Node:
        """See Expander: of a macro that fails, the arguments are looked at as they stand."""
        self.macros.append((symbol_name(form.items[0]) or macro.name, form.items[0].span))
        self.calls.append(form)
        try:
            return super().expand_once(macro, form)
        except RecursionLimit:
            raise
        except LispError as error:
            if (
                error.span is None or error.span.source != form.span.source
            ):  # in the macro, which may be anywhere
                error.diagnostics = tuple(_placed(each, form.span) for each in error.diagnostics)
            self.errors.append(error)
            return Form(form.span, (Atom(form.items[0].span, None), *form.items[1:]))


def _placed(each: Diagnostic, span: Span) -> Diagnostic:
    return Diagnostic(each.code, each.severity, span, each.message, each.why, each.fix, each.edits, each.data)


def _visible(scope: Scope | None) -> tuple[str, ...]:
    """Return the names of the local variables and macros that can be seen, the innermost first."""
    seen: dict[str, None] = {}
    while scope is not None:
        seen.update(dict.fromkeys([*reversed(scope.names), *scope.macros]))
        scope = scope.parent
    return tuple(name for name in seen if name != CURSOR)


@dataclass(slots=True)
class Bound:
    """A local variable in the code, the span in which it is known, and the spans of its mentions."""

    local: Local
    extent: Span
    mentions: list[Span] = field(default_factory=list)
    is_parameter: bool = False
    is_function: bool = False


@dataclass(slots=True)
class Seen:
    """What stands in expanded code: definitions, variables by identity, and global names with their spans."""

    definitions: list[Define] = field(default_factory=list)
    bound: dict[Local, Bound] = field(default_factory=dict)
    reads: list[tuple[str, Span]] = field(default_factory=list)
    writes: list[tuple[str, Span]] = field(default_factory=list)

    def bind(self, local: Local, extent: Span, *, is_parameter: bool = False) -> None:
        """Note that `local` is known in `extent`."""
        found = self.bound.get(local)
        if found is None:
            self.bound[local] = Bound(local, extent, is_parameter=is_parameter)
        elif extent.covers(found.extent):
            found.extent = extent

    def mention(self, local: Local, span: Span | None, extent: Span) -> None:
        """Note that `local` is mentioned at `span`, if the program does it."""
        self.bind(local, extent)
        if span is not None:
            self.bound[local].mentions.append(span)


def walk(root: Core, span: Span, seen: Seen) -> None:
    """Note what stands in the code `root` of the form at `span`; without recursion, for code of any depth."""
    pending: list[tuple[Core, Span]] = [(root, span)]
    while pending:
        node, extent = pending.pop()
        inside = node.span if isinstance(node, Begin | Lambda) else extent
        _note(node, inside, seen)
        pending += [(child, inside) for child in reversed(children(node))]


def _note(node: Core, extent: Span, seen: Seen) -> None:
    """Note what `node` itself names or binds, where `extent` is what it is known in."""
    match node:
        case LocalRef():
            seen.mention(node.local, node.span, extent)
        case GlobalRef():
            seen.reads.append((node.name, node.span))
        case Bind():
            seen.bind(node.local, extent)
            seen.bound[node.local].is_function |= isinstance(node.value, Lambda)
        case SetLocal():
            seen.mention(node.local, node.name_span, extent)
        case SetGlobal():
            seen.writes.append((node.name, node.name_span))
        case Define():
            seen.definitions.append(node)
        case Lambda():
            for local in node.parameters():
                seen.bind(local, node.span, is_parameter=True)
        case Try():
            _catches(node, seen)


def _catches(node: Try, seen: Seen) -> None:
    for clause in node.catches:
        seen.bind(clause.local, clause.span, is_parameter=True)
