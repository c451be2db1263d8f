"""From syntax to the core language: names are resolved, macros expanded, special forms taken apart.

Expansion is aware of scope: a local variable hides a macro of its name, and a macro can be defined anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ..budget import Exhausted
from ..core import Begin, Call, Const, Core, Lambda, Local, LocalRef, Support
from ..data import Origins, quote, unquote
from ..errors import BadSpecialForm, Frame, LispError, NativeError, RecursionLimit
from ..source import Span
from ..syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, symbol_name
from ..values import Symbol
from .late import EvalScope, exporting, late_reference, with_frame
from .scope import Macro, Scope

__all__ = ["CORE_FORMS", "SPECIAL_FORMS", "Environment", "Expander", "Special", "begin", "special"]

MAX_NESTING = 1_500  # forms inside forms
MAX_EXPANSIONS = 1_000  # of one form into another call of a macro
MAX_NODES = 250_000  # that one top-level form may expand to, counting what macros are given

CORE_FORMS = frozenset(
    {
        "quote", "quasiquote", "if", "cond", "when", "unless", "let", "let*", "letrec", "lambda", "define",
        "set!", "begin", "and", "or", "not", "try", "macroexpand-1", "macroexpand", "delay", "eval", "provide",
        "require", "defmacro",
    }
)  # fmt: skip
"""The forms known by their spelling alone: no variable of the name disables them (language.md 4.1)."""

_NAMED_VALUES: dict[str, object] = {"nil": None, "true": True, "false": False}


class Environment(Protocol):
    """What the expander needs to know of the namespace it works in."""

    def find_macro(self, name: str) -> Macro | None:
        """Return the macro that the global `name` stands for."""

    def is_variable(self, name: str) -> bool:
        """Return whether the program has defined a global `name`."""

    def announce(self, name: str) -> None:
        """Note that a global `name` is being defined: in its own definition it is a variable already."""

    def is_domain(self, name: str) -> bool:
        """Return whether `name` heads typed forms that are data."""

    def make_function(self, code: Lambda) -> Callable[..., object]:
        """Return the procedure that `code`, which uses globals only, describes."""

    def add_macro(self, macro: Macro) -> None:
        """Define `macro` for the whole namespace."""

    def as_lisp_error(self, error: Exception) -> LispError:
        """Return `error` as an error of the language, located where it happened."""

    def spend(self, nodes: int) -> None:
        """Count the nodes that a macro is given as work."""

    def begin_expansion(self, origins: Origins) -> object:
        """Make `origins` the one that templates report to; return what was before."""

    def end_expansion(self, before: object) -> None:
        """Undo `begin_expansion`."""


Special = Callable[["Expander", Form, Scope | None], Core]
SPECIAL_FORMS: dict[str, Special] = {}


def special(*names: str) -> Callable[[Special], Special]:
    """Enter the decorated function as the expander of the special forms `names`."""

    def enter(function: Special) -> Special:
        SPECIAL_FORMS.update(dict.fromkeys(names, function))
        return function

    return enter


def begin(span: Span, items: Sequence[Core]) -> Core:
    """Return `items` in sequence as one node."""
    if not items:
        return Const(span, None)
    return items[0] if len(items) == 1 else Begin(span, tuple(items))


class Expander:
    """Expands the forms of one namespace; `scope` None stands for the top level throughout."""

    def __init__(self, environment: Environment) -> None:
        """Work in `environment`."""
        self.environment = environment
        self.depth = 0
        self._nodes = 0

    def program(self, node: Node) -> Core:
        """Expand a top-level form; the body of a macro may evaluate, and so come here during another."""
        before = self.depth, self._nodes
        self.depth = self._nodes = 0
        try:
            return self.expand(node, None)
        finally:
            self.depth, self._nodes = before

    def program_inside(self, node: Node, scope: Scope) -> Core:
        """Expand a form that is evaluated in `scope`, whose own code was expanded before."""
        before = self.depth, self._nodes
        self.depth = self._nodes = 0
        try:
            inside = EvalScope(scope)
            return exporting(self.body([node], inside, node.span), inside, node.span)
        finally:
            self.depth, self._nodes = before

    def program_head(self, node: Node) -> Node:
        """Expand a top-level form until it is not a call of a macro."""
        before, self._nodes = self._nodes, 0
        try:
            return self.expand_head(node, None)
        finally:
            self._nodes = before

    def expand(self, node: Node, scope: Scope | None) -> Core:
        """Expand one form. Raises LispError for what is malformed, too deep or too large."""
        self.depth += 1
        self._spend(1, node.span)
        if self.depth > MAX_NESTING:
            self.depth = 0
            raise RecursionLimit(f"forms are nested more than {MAX_NESTING} deep", node.span)
        if isinstance(node, Atom):
            core = self._atom(node, scope)
        elif isinstance(node, Form):
            core = self._form(node, scope)
        else:
            core = self._prefix(node, scope)
        self.depth -= 1
        return core

    def _spend(self, nodes: int, span: Span) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise RecursionLimit("the form is too large, or expands without end", span)

    def expand_all(self, nodes: Sequence[Node], scope: Scope | None) -> tuple[Core, ...]:
        """Expand several forms in the same scope, in order."""
        return tuple([self.expand(node, scope) for node in nodes])

    # -- the kinds of node ----------------------------------------------------------------------------------

    def _atom(self, node: Atom, scope: Scope | None) -> Core:
        if not isinstance(node.value, Symbol):
            return Const(node.span, node.value)
        return self.reference(node.value.name, node.span, scope)

    def reference(self, name: str, span: Span, scope: Scope | None) -> Core:
        """Return what the variable `name` means here."""
        found = scope.find(name) if scope is not None else None
        if isinstance(found, Local):
            return LocalRef(span, found)
        if name in _NAMED_VALUES and not self.environment.is_variable(name):
            return Const(span, _NAMED_VALUES[name])
        return late_reference(name, span, scope)

    def _prefix(self, node: Prefix, scope: Scope | None) -> Core:
        if node.kind is PrefixKind.QUOTE:
            return Const(node.span, quote(node.inner))
        if node.kind is PrefixKind.QUASIQUOTE:
            from .quasi import template  # noqa: PLC0415  # it expands what is unquoted, so it comes after this

            return template(self, node.inner, scope, node.span)
        raise BadSpecialForm("unquote", "unquote outside of quasiquote", node.span)

    def _form(self, form: Form, scope: Scope | None) -> Core:
        if form.bracket is not Bracket.LIST:
            maker = form.bracket.name.lower()
            return self.call_support(maker, form.span, *self.expand_all(form.items, scope))
        node = self.expand_head(form, scope)
        if node is not form:
            return self.expand(node, scope)
        if not form.items:
            return Const(form.span, None)
        handler = self.special_of(form, scope)
        if handler is not None:
            return handler(self, form, scope)
        self._refuse_domain(form)
        function = self.expand(form.items[0], scope)
        return Call(form.span, function, self.expand_all(form.items[1:], scope))

    def special_of(self, form: Form, scope: Scope | None) -> Special | None:
        """Return the expander of the special form that `form` is, or None for a call."""
        name = form.head
        handler = SPECIAL_FORMS.get(name) if name is not None else None
        if handler is None or name is None or name in CORE_FORMS:
            return handler
        hidden = self.environment.is_variable(name) or (scope is not None and scope.find(name) is not None)
        return None if hidden else handler

    def _refuse_domain(self, form: Form) -> None:
        head = form.head
        if head is not None and self.environment.is_domain(head):
            raise BadSpecialForm(head, "a typed form stands at the top level only", form.span)

    def call_support(self, name: str, span: Span, *arguments: Core) -> Core:
        """Return a call of the run-time function `name`."""
        return Call(span, Support(span, name), arguments)

    # -- macros ---------------------------------------------------------------------------------------------

    def macro_of(self, node: Node, scope: Scope | None) -> Macro | None:
        """Return the macro that `node` calls, or None."""
        name = node.head if isinstance(node, Form) else None
        if name is None:
            return None
        found = scope.find(name) if scope is not None else None
        if found is None:
            return self.environment.find_macro(name)
        return found if isinstance(found, Macro) else None

    def expand_head(self, node: Node, scope: Scope | None) -> Node:
        """Expand `node` until it is not a call of a macro."""
        for _ in range(MAX_EXPANSIONS):
            macro = self.macro_of(node, scope)
            if macro is None:
                return node
            assert isinstance(node, Form)
            node = self.expand_once(macro, node)
        raise RecursionLimit(f"a macro expanded {MAX_EXPANSIONS} times and is still a macro call", node.span)

    def expand_once(self, macro: Macro, form: Form) -> Node:
        """Return what the call `form` of `macro` stands for."""
        _check_arguments(macro, form)
        origins = Origins()
        arguments = [quote(item, origins) for item in form.items[1:]]
        self._spend(origins.size, form.span)
        self.environment.spend(origins.size)
        before = self.environment.begin_expansion(origins)
        try:
            value = macro.function(*arguments)
        except Exception as error:
            raise self._in_macro(error, macro, form) from None
        except Exhausted as work:
            raise work.at(macro.name, form.span) from None
        finally:
            self.environment.end_expansion(before)
        try:
            return unquote(value, form.span, origins, f"macro {macro.name}")
        except LispError as error:
            error.locate(form.span, ())
            raise

    def _in_macro(self, error: Exception, macro: Macro, form: Form) -> LispError:
        lisp_error = self.environment.as_lisp_error(error)
        lisp_error.locate(form.span, ())
        lisp_error.stack = (Frame(f"macro {macro.name}", form.span, form.span), *lisp_error.stack)
        return lisp_error

    # -- bodies ---------------------------------------------------------------------------------------------

    def body(self, nodes: Sequence[Node], scope: Scope, span: Span) -> Core:
        """Expand the body of a procedure or binding form, in which `define` binds in `scope`."""
        scope.has_body = not isinstance(scope, EvalScope)
        forms = self._declare(nodes, scope)
        return begin(span, with_frame(self.expand_all(forms, scope), scope, span))

    def _declare(self, nodes: Sequence[Node], scope: Scope) -> list[Node]:
        """Find what a body defines before any of it is expanded: definitions can be mutually recursive."""
        forms: list[Node] = []
        pending = list(reversed(nodes))
        while pending:
            node = self.expand_head(pending.pop(), scope)
            head = node.head if isinstance(node, Form) else None
            if head == "begin" and isinstance(node, Form) and len(node) > 1:
                pending.extend(reversed(node.items[1:]))
                continue
            if head in ("defmacro", "defpoint-template", "defcheck") and isinstance(node, Form):
                self.expand(node, scope)  # defines it in the scope, and leaves no code
                node = Atom(node.span, None)
            elif head in ("define", "defn") and isinstance(node, Form):
                _declare_name(node, scope)
            forms.append(node)
        return forms


def _declare_name(form: Form, scope: Scope) -> None:
    target = form.items[1] if len(form) > 1 else None
    if isinstance(target, Form) and target.items:
        target = target.items[0]
    name = symbol_name(target) if target is not None else None
    if target is not None and name is not None:
        scope.declare(name, target.span)


def _check_arguments(macro: Macro, form: Form) -> None:
    code = getattr(macro.function, "__code__", None)
    if code is None:
        return
    given = len(form) - 1
    least = code.co_argcount - len(macro.function.__defaults__ or ())
    takes_rest = bool(code.co_flags & 0x04)
    if given < least:
        reason = f"it needs {least} argument{'s' * (least != 1)}, got {given}"
    elif given > code.co_argcount and not takes_rest:
        reason = f"it takes {code.co_argcount} argument{'s' * (code.co_argcount != 1)}, got {given}"
    else:
        return
    raise NativeError(f"macro {macro.name}", reason, form.span, fix=f"Its parameters are {macro.params}.")
