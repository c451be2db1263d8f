"""The forms that establish handlers and restarts: handler-bind, handler-case, restart-case.

Each becomes a call of the run time (conditions.py) with procedures for what it protects and for its clauses.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core import Begin, Bind, Const, Core, Lambda, Local, LocalRef
from ..data import quote
from ..errors import BadSpecialForm
from ..source import Span
from ..syntax import Atom, Form, Node, keyword_name, symbol_name
from .definitions import Procedure, make_lambda
from .expander import Expander, begin, special
from .scope import Scope

__all__: list[str] = []

_HIDDEN = "\x01protected"  # a name by which no call stack shows a procedure


class _Parts:
    """The arguments of the call, and the bindings of the procedures among them, which must come first."""

    def __init__(self) -> None:
        self.bindings: list[Core] = []
        self.arguments: list[Core] = []

    def procedure(self, code: Lambda, name: str = _HIDDEN) -> None:
        """Add a procedure, which call stacks show under `name`."""
        local = Local(name)
        self.bindings.append(Bind(code.span, local, code))
        self.arguments.append(LocalRef(code.span, local))

    def call(self, expander: Expander, form: Form, support: str) -> Core:
        """Return the call of the run-time function `support`."""
        call = expander.call_support(support, form.span, *self.arguments)
        return Begin(form.span, (*self.bindings, call))


def _protected(expander: Expander, nodes: Sequence[Node], scope: Scope | None, span: Span) -> Lambda:
    """Return a procedure of what is protected; at the top level its definitions are global, as in `try`."""
    if scope is None:
        code = begin(span, expander.expand_all(nodes, None))
    else:
        code = expander.body(nodes, Scope(scope), span)
    return Lambda(span, None, (), (), None, code)


def _test(expander: Expander, node: Node, scope: Scope | None) -> Core:
    """Return what a clause applies to: a tag, a predicate, or, for `else`, true."""
    if symbol_name(node) == "else" and (scope is None or scope.find("else") is None):
        return Const(node.span, value=True)
    return expander.expand(node, scope)


def _clause(name: str, node: Node, shape: str, least: int) -> Form:
    if not isinstance(node, Form) or len(node) < least:
        raise BadSpecialForm(name, f"a clause is {shape}", node.span)
    return node


@special("handler-bind")
def _handler_bind(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(handler-bind ((test function)…) body…)`."""
    bindings = form.items[1] if len(form) > 2 else None
    if not isinstance(bindings, Form):
        raise BadSpecialForm("handler-bind", "expected (handler-bind ((tag function) ...) body...)", form.span)
    parts = _Parts()
    parts.procedure(_protected(expander, form.items[2:], scope, form.span))
    for node in bindings.items:
        clause = _clause("handler-bind", node, "(tag function)", 2)
        if len(clause) > 2:
            raise BadSpecialForm("handler-bind", "a clause is (tag function)", clause.items[2].span)
        parts.arguments += [
            _test(expander, clause.items[0], scope),
            expander.expand(clause.items[1], scope),
        ]
    return parts.call(expander, form, "handler_bind")


@special("handler-case")
def _handler_case(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(handler-case e (test (name) body…)…)`."""
    if len(form) < 3:
        raise BadSpecialForm("handler-case", "expected (handler-case e (tag (name) body...) ...)", form.span)
    parts = _Parts()
    parts.procedure(_protected(expander, form.items[1:2], scope, form.span))
    for node in form.items[2:]:
        clause = _clause("handler-case", node, "(tag (name) body...)", 3)
        parts.arguments.append(_test(expander, clause.items[0], scope))
        parts.procedure(_handler(expander, clause, scope))
    return parts.call(expander, form, "handler_case")


def _handler(expander: Expander, clause: Form, scope: Scope | None) -> Lambda:
    binding = clause.items[1]
    if not isinstance(binding, Form) or len(binding) > 1:
        raise BadSpecialForm("handler-case", "binding must be a list of at most one symbol", binding.span)
    name = symbol_name(binding.items[0]) if binding.items else "condition"
    if name is None:
        raise BadSpecialForm("handler-case", "binding must be a symbol", binding.items[0].span)
    inner = Scope(scope)
    local = inner.bind(name, binding.items[0].span) if binding.items else Local(name)
    code = expander.body(clause.items[2:], inner, clause.span)
    return Lambda(clause.span, None, (local,), (), None, code)


@special("restart-case")
def _restart_case(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(restart-case e (name (params…) [:report text] [:interactive function] body…)…)`."""
    if len(form) < 3:
        raise BadSpecialForm(
            "restart-case", "expected (restart-case e (name (params...) body...) ...)", form.span
        )
    parts = _Parts()
    parts.procedure(_protected(expander, form.items[1:2], scope, form.span))
    for node in form.items[2:]:
        clause = _clause("restart-case", node, "(name (params...) body...)", 2)
        _restart(expander, clause, scope, parts)
    return parts.call(expander, form, "restart_case")


def _restart(expander: Expander, clause: Form, scope: Scope | None, parts: _Parts) -> None:
    name = symbol_name(clause.items[0])
    if name is None:
        raise BadSpecialForm("restart-case", "a restart is named by a symbol", clause.items[0].span)
    options, body = _options(clause)
    parts.arguments.append(Const(clause.span, quote(clause.items[0])))
    report = options.get("report")
    if report is None or isinstance(report, Atom):
        parts.arguments.append(Const(clause.span, None) if report is None else expander.expand(report, scope))
    else:  # asked for when the restart is shown
        parts.procedure(_protected(expander, [report], Scope(scope), report.span))
    interactive = options.get("interactive")
    nothing = Const(clause.span, None)
    parts.arguments.append(nothing if interactive is None else expander.expand(interactive, scope))
    nodes = body or (Atom(clause.span, None),)
    procedure = Procedure(clause.items[1], nodes, clause.span, name)
    parts.procedure(make_lambda(expander, procedure, scope, "restart-case"), name)


def _options(clause: Form) -> tuple[dict[str, Node], Sequence[Node]]:
    """Return the options at the start of a restart's body, and what follows them."""
    options: dict[str, Node] = {}
    body = clause.items[2:]
    while len(body) > 1 and keyword_name(body[0]) in ("report", "interactive"):
        options[keyword_name(body[0]) or ""] = body[1]
        body = body[2:]
    return options, body
