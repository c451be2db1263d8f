"""Quoting, delaying, evaluating: the forms in which code is data or waits, and module forms out of place."""

from __future__ import annotations

from ..core import Call, Const, Core, EvalHere, Lambda
from ..data import quote
from ..errors import BadSpecialForm
from ..syntax import Form, Node, keyword_name
from .binding import _bindings
from .expander import Expander, begin, special
from .late import enclosing_frame
from .quasi import template
from .scope import Scope

__all__: list[str] = []


@special("quote")
def _quote(expander: Expander, form: Form, scope: Scope | None) -> Core:  # noqa: ARG001  # one signature for all
    return Const(form.span, quote(_only(form).items[1]))


@special("quasiquote")
def _quasiquote(expander: Expander, form: Form, scope: Scope | None) -> Core:
    return template(expander, _only(form).items[1], scope, form.span)


def _only(form: Form) -> Form:
    if len(form) != 2:
        raise BadSpecialForm(form.head or "quote", f"expected 1 arg, got {len(form) - 1}", form.span)
    return form


@special("delay")
def _delay(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) != 2:
        raise BadSpecialForm("delay", "expected (delay expr)", form.span)
    code = expander.body(form.items[1:], Scope(scope), form.span)
    return expander.call_support("delay", form.span, Lambda(form.span, "delay", (), (), None, code))


@special("eval")
def _eval(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(eval e)`, which sees the local variables of the place where it stands."""
    if len(form) != 2:
        raise BadSpecialForm("eval", "expected (eval form)", form.span)
    value = expander.expand(form.items[1], scope)
    if scope is None:
        return expander.call_support("eval", form.span, value)
    enclosing_frame(scope)
    return EvalHere(form.span, value, scope, scope.visible())


@special("macroexpand", "macroexpand-1")
def _macroexpand(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) != 2:
        raise BadSpecialForm(form.head or "macroexpand", "expected (macroexpand[-1] form)", form.span)
    value = expander.expand(form.items[1], scope)
    steps = Const(form.span, 1 if form.head == "macroexpand-1" else None)
    return expander.call_support("macroexpand", form.span, value, steps)


@special("require", "provide", "importar")
def _module_form(expander: Expander, form: Form, scope: Scope | None) -> Core:  # noqa: ARG001  # one signature
    """Refuse a module form that is not at the top level; the driver takes those that are."""
    head = form.head or "require"
    raise BadSpecialForm(head, "module forms are only valid at top level", form.span)


@special("parameterize")
def _parameterize(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(parameterize ((p value)…) body…)`: parameters have these values while the body runs."""
    parts: list[Core] = []
    for parameter, value in _bindings(form):
        parts += [expander.expand(parameter, scope), expander.expand(value, scope)]
    code = expander.body(form.items[2:], Scope(scope), form.span)
    thunk = Lambda(form.span, "parameterize", (), (), None, begin(form.span, [code]))
    return expander.call_support("parameterize", form.span, thunk, *parts)


_TYPE_CONSTRUCTORS = frozenset({"list-of", "map-of", "union", "fn"})


@special("the")
def _the(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(the TYPE e)`, a call of `the` in which a type like `(:list-of :int)` is not evaluated."""
    return _typed_call(expander, form, scope, at=1)


@special("is?")
def _is(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(is? e TYPE)`, likewise a call of `is?`."""
    return _typed_call(expander, form, scope, at=2)


def _typed_call(expander: Expander, form: Form, scope: Scope | None, at: int) -> Core:
    function = expander.reference(form.head or "", form.items[0].span, scope)
    arguments = [
        Const(item.span, quote(item)) if index == at and _is_type(item) else expander.expand(item, scope)
        for index, item in enumerate(form.items)
        if index
    ]
    return Call(form.span, function, tuple(arguments))


def _is_type(node: Node) -> bool:
    return isinstance(node, Form) and bool(node.items) and keyword_name(node.items[0]) in _TYPE_CONSTRUCTORS
