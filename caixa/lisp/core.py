"""The core language: what is left after expansion, in a dozen kinds of node.

Every back end starts here (DESIGN section 4). Names are resolved: a reference is to a `Local`, which is one
binding and compares by identity, or to a global by name. Binding is one node, `Bind`, so `let` is a sequence.
Nothing changes a node once it is made. The classes are written out, since making dataclasses would take 10 ms
of each start.
"""

# ruff: noqa: D107, PLR0913, PLR0917 -- each class says above its parameters what they are, and takes all its parts

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .source import Span

__all__ = [
    "And",
    "Begin",
    "Bind",
    "Call",
    "Catch",
    "Const",
    "Core",
    "Define",
    "EvalHere",
    "GlobalRef",
    "If",
    "Lambda",
    "Local",
    "LocalRef",
    "Not",
    "Optional",
    "Or",
    "SetGlobal",
    "SetLocal",
    "Support",
    "Try",
    "children",
]


class Local:
    """One binding of a name: a parameter, or what `let`, an inner `define` or `catch` binds."""

    __slots__ = ("is_assigned", "name", "python", "span")

    def __init__(self, name: str, span: Span | None = None) -> None:
        """Make a binding of `name`, written at `span`; the compiler gives it its Python name."""
        self.name = name
        self.span = span  # None for what no program wrote
        self.python = ""
        self.is_assigned = False  # whether `set!`, or a second `define`, ever changes it

    def __repr__(self) -> str:
        return f"Local({self.name!r})"


class Const:
    """A value known now: a literal or quoted data."""

    __slots__ = ("span", "value")

    def __init__(self, span: Span, value: object) -> None:
        self.span = span
        self.value = value


class LocalRef:
    """The value of a local variable."""

    __slots__ = ("local", "span")

    def __init__(self, span: Span, local: Local) -> None:
        self.span = span
        self.local = local


class GlobalRef:
    """The value of a global variable, a native or a library function."""

    __slots__ = ("name", "span")

    def __init__(self, span: Span, name: str) -> None:
        self.span = span
        self.name = name


class Support:
    """A function of the run time that no program can name."""

    __slots__ = ("name", "span")

    def __init__(self, span: Span, name: str) -> None:
        self.span = span
        self.name = name


class Bind:
    """Give a local its first value; nil as a value."""

    __slots__ = ("local", "span", "value")

    def __init__(self, span: Span, local: Local, value: Core) -> None:
        self.span = span
        self.local = local
        self.value = value


class SetLocal:
    """Change a local variable, which the program names at `name_span`, if it does; nil as a value."""

    __slots__ = ("local", "name_span", "span", "value")

    def __init__(self, span: Span, local: Local, value: Core, name_span: Span | None = None) -> None:
        self.span = span
        self.local = local
        self.value = value
        self.name_span = name_span


class SetGlobal:
    """Change a global variable, which must exist; `name_span` is where an unbound one is reported."""

    __slots__ = ("name", "name_span", "span", "value")

    def __init__(self, span: Span, name: str, name_span: Span, value: Core) -> None:
        self.span = span
        self.name = name
        self.name_span = name_span
        self.value = value


class Define:
    """Bind a global variable, whose name stands at `name_span`; nil as a value."""

    __slots__ = ("name", "name_span", "span", "value")

    def __init__(self, span: Span, name: str, value: Core, name_span: Span) -> None:
        self.span = span
        self.name = name
        self.value = value
        self.name_span = name_span


class If:
    """One of two branches, by whether the test is neither nil nor false."""

    __slots__ = ("orelse", "span", "test", "then")

    def __init__(self, span: Span, test: Core, then: Core, orelse: Core) -> None:
        self.span = span
        self.test = test
        self.then = then
        self.orelse = orelse


class And:
    """The first false value, else the last; at least two items."""

    __slots__ = ("items", "span")

    def __init__(self, span: Span, items: tuple[Core, ...]) -> None:
        self.span = span
        self.items = items


class Or:
    """The first true value, else the last; at least two items."""

    __slots__ = ("items", "span")

    def __init__(self, span: Span, items: tuple[Core, ...]) -> None:
        self.span = span
        self.items = items


class Not:
    """Whether the value is nil or false."""

    __slots__ = ("span", "value")

    def __init__(self, span: Span, value: Core) -> None:
        self.span = span
        self.value = value


class Begin:
    """Each item in turn; the value of the last; at least two items."""

    __slots__ = ("items", "span")

    def __init__(self, span: Span, items: tuple[Core, ...]) -> None:
        self.span = span
        self.items = items


class Optional:
    """A parameter that may be left out; then `default`, evaluated where the parameters before it are bound."""

    __slots__ = ("default", "local")

    def __init__(self, local: Local, default: Core | None) -> None:
        self.local = local
        self.default = default


class Lambda:
    """A procedure. `name` is what it is called in errors, None for one without a name."""

    __slots__ = ("body", "doc", "name", "optional", "required", "rest", "span")

    def __init__(
        self,
        span: Span,
        name: str | None,
        required: tuple[Local, ...],
        optional: tuple[Optional, ...],
        rest: Local | None,
        body: Core,
        doc: str | None = None,
    ) -> None:
        self.span = span
        self.name = name
        self.required = required
        self.optional = optional
        self.rest = rest
        self.body = body
        self.doc = doc

    def parameters(self) -> list[Local]:
        """Return the variables that a call binds, in order."""
        found = [*self.required, *[each.local for each in self.optional]]
        return found if self.rest is None else [*found, self.rest]


class Call:
    """A procedure applied to arguments, evaluated left to right after the procedure."""

    __slots__ = ("arguments", "function", "span")

    def __init__(self, span: Span, function: Core, arguments: tuple[Core, ...]) -> None:
        self.span = span
        self.function = function
        self.arguments = arguments


class Catch:
    """A handler: `local` is bound to what was thrown; `tag` None takes everything."""

    __slots__ = ("body", "local", "span", "tag")

    def __init__(self, span: Span, local: Local, tag: str | None, body: Core) -> None:
        self.span = span
        self.local = local
        self.tag = tag
        self.body = body


class Try:
    """A body with handlers and something that is done at last, whatever happens."""

    __slots__ = ("body", "catches", "finally_", "span")

    def __init__(self, span: Span, body: Core, catches: tuple[Catch, ...], finally_: Core | None) -> None:
        self.span = span
        self.body = body
        self.catches = catches
        self.finally_ = finally_


class EvalHere:
    """`eval` where local variables are visible; `scope` is what the expander knows of them."""

    __slots__ = ("scope", "span", "value", "visible")

    def __init__(self, span: Span, value: Core, scope: object, visible: tuple[Local, ...]) -> None:
        self.span = span
        self.value = value
        self.scope = scope
        self.visible = visible


Core = (
    Const | LocalRef | GlobalRef | Support | Bind | SetLocal | SetGlobal | Define | If | And | Or | Not | Begin
    | Lambda | Call | Try | EvalHere
)  # fmt: skip


def children(node: Core) -> tuple[Core, ...]:
    """Return the code that `node` is made of, in the order of evaluation, that of defaults and handlers too.

    The one place that knows: what is new in the language is added here, and every walk meets it.
    """
    inside = _INSIDE.get(node.__class__)
    return () if inside is None else inside(node)


def _value(node: Any) -> tuple[Core, ...]:
    return (node.value,)


def _items(node: Any) -> tuple[Core, ...]:
    items: tuple[Core, ...] = node.items
    return items


def _of_lambda(node: Lambda) -> tuple[Core, ...]:
    if not node.optional:
        return (node.body,)
    return (*[each.default for each in node.optional if each.default is not None], node.body)


def _of_try(node: Try) -> tuple[Core, ...]:
    cleanup = () if node.finally_ is None else (node.finally_,)
    return (node.body, *[each.body for each in node.catches], *cleanup)


_INSIDE: dict[type, Callable[[Any], tuple[Core, ...]]] = {
    **dict.fromkeys((Bind, SetLocal, SetGlobal, Define, Not, EvalHere), _value),
    **dict.fromkeys((Begin, And, Or), _items),
    Call: lambda node: (node.function, *node.arguments),
    If: lambda node: (node.test, node.then, node.orelse),
    Lambda: _of_lambda,
    Try: _of_try,
}
