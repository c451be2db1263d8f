"""The core language: what is left after expansion, in a dozen kinds of node.

Every back end starts here (DESIGN section 4). Names are resolved: a reference is to a `Local`, which is one
binding and compares by identity, or to a global by name. Binding is one node, `Bind`, so `let` is a sequence.
The classes are not frozen, since making a frozen one takes four times as long, but nothing changes a node.
"""

from __future__ import annotations

from dataclasses import dataclass

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
]


class Local:
    """One binding of a name: a parameter, or what `let`, an inner `define` or `catch` binds."""

    __slots__ = ("is_assigned", "name", "python")

    def __init__(self, name: str) -> None:
        """Make a binding of `name`; the compiler gives it its Python name."""
        self.name = name
        self.python = ""
        self.is_assigned = False  # whether `set!`, or a second `define`, ever changes it

    def __repr__(self) -> str:
        return f"Local({self.name!r})"


@dataclass(slots=True, eq=False)
class Const:
    """A value known now: a literal or quoted data."""

    span: Span
    value: object


@dataclass(slots=True, eq=False)
class LocalRef:
    """The value of a local variable."""

    span: Span
    local: Local


@dataclass(slots=True, eq=False)
class GlobalRef:
    """The value of a global variable, a native or a library function."""

    span: Span
    name: str


@dataclass(slots=True, eq=False)
class Support:
    """A function of the run time that no program can name."""

    span: Span
    name: str


@dataclass(slots=True, eq=False)
class Bind:
    """Give a local its first value; nil as a value."""

    span: Span
    local: Local
    value: Core


@dataclass(slots=True, eq=False)
class SetLocal:
    """Change a local variable; nil as a value."""

    span: Span
    local: Local
    value: Core


@dataclass(slots=True, eq=False)
class SetGlobal:
    """Change a global variable, which must exist; `name_span` is where an unbound one is reported."""

    span: Span
    name: str
    name_span: Span
    value: Core


@dataclass(slots=True, eq=False)
class Define:
    """Bind a global variable; nil as a value."""

    span: Span
    name: str
    value: Core


@dataclass(slots=True, eq=False)
class If:
    """One of two branches, by whether the test is neither nil nor false."""

    span: Span
    test: Core
    then: Core
    orelse: Core


@dataclass(slots=True, eq=False)
class And:
    """The first false value, else the last; at least two items."""

    span: Span
    items: tuple[Core, ...]


@dataclass(slots=True, eq=False)
class Or:
    """The first true value, else the last; at least two items."""

    span: Span
    items: tuple[Core, ...]


@dataclass(slots=True, eq=False)
class Not:
    """Whether the value is nil or false."""

    span: Span
    value: Core


@dataclass(slots=True, eq=False)
class Begin:
    """Each item in turn; the value of the last; at least two items."""

    span: Span
    items: tuple[Core, ...]


@dataclass(slots=True, eq=False)
class Optional:
    """A parameter that may be left out; then `default`, evaluated where the parameters before it are bound."""

    local: Local
    default: Core | None


@dataclass(slots=True, eq=False)
class Lambda:
    """A procedure. `name` is what it is called in errors, None for one without a name."""

    span: Span
    name: str | None
    required: tuple[Local, ...]
    optional: tuple[Optional, ...]
    rest: Local | None
    body: Core
    doc: str | None = None


@dataclass(slots=True, eq=False)
class Call:
    """A procedure applied to arguments, evaluated left to right after the procedure."""

    span: Span
    function: Core
    arguments: tuple[Core, ...]


@dataclass(slots=True, eq=False)
class Catch:
    """A handler: `local` is bound to what was thrown; `tag` None takes everything."""

    span: Span
    local: Local
    tag: str | None
    body: Core


@dataclass(slots=True, eq=False)
class Try:
    """A body with handlers and something that is done at last, whatever happens."""

    span: Span
    body: Core
    catches: tuple[Catch, ...]
    finally_: Core | None


@dataclass(slots=True, eq=False)
class EvalHere:
    """`eval` where local variables are visible; `scope` is what the expander knows of them."""

    span: Span
    value: Core
    scope: object
    visible: tuple[Local, ...]


Core = (
    Const | LocalRef | GlobalRef | Support | Bind | SetLocal | SetGlobal | Define | If | And | Or | Not | Begin
    | Lambda | Call | Try | EvalHere
)  # fmt: skip
