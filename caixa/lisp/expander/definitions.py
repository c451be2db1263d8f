"""Procedures, and the forms that give names to things: lambda, define, set!, defmacro."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..core import Bind, Const, Core, Define, Lambda, Local, SetGlobal, SetLocal
from ..errors import BadSpecialForm, LispError
from ..source import Span
from ..syntax import Atom, Form, Node, symbol_name
from .expander import Expander, begin, special
from .params import parse_parameters
from .scope import Macro, Scope

__all__ = ["MalformedMacro", "Procedure", "macro_definition", "make_lambda", "named", "split_doc"]

_MACRO_SHAPE = "(defmacro name (params…) body…)"


class Procedure(NamedTuple):
    """A procedure as it is written; `name` and `doc` are None if it has none."""

    params: Node
    body: Sequence[Node]
    span: Span
    name: str | None = None
    doc: str | None = None


def make_lambda(expander: Expander, procedure: Procedure, scope: Scope | None, form: str = "lambda") -> Lambda:
    """Expand a procedure; problems with its parameter list are reported under the name `form`."""
    inner, span = Scope(scope), procedure.span
    parameters = parse_parameters(expander, procedure.params, inner, form)
    code = begin(span, [*parameters.prologue, expander.body(procedure.body, inner, span)])
    required, optional = tuple(parameters.required), tuple(parameters.optional)
    return Lambda(span, procedure.name, required, optional, parameters.rest, code, procedure.doc)


def split_doc(body: Sequence[Node]) -> tuple[str | None, Sequence[Node]]:
    """Return the docstring at the start of a body, if more follows it, and the rest."""
    first = body[0] if len(body) > 1 else None
    if isinstance(first, Atom) and isinstance(first.value, str):
        return first.value, body[1:]
    return None, body


@special("lambda", "fn")
def _lambda(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) < 3:
        raise BadSpecialForm("lambda", "expected (lambda (params...) body...)", form.span)
    return make_lambda(expander, Procedure(form.items[1], form.items[2:], form.span), scope)


@special("define")
def _define(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) < 3:
        shape = "expected (define name expr) or (define (name args) body)"
        raise BadSpecialForm("define", shape, form.span)
    target = form.items[1]
    if isinstance(target, Form):
        return _define_function(expander, form, target, scope)
    name = symbol_name(target)
    if name is None:
        raise BadSpecialForm("define", "second form must be a symbol or (name args) list", target.span)
    if len(form) > 3:
        raise BadSpecialForm("define", "one expression stands after the name", form.items[3].span)
    return _bind(expander, target, form.items[2], form.span, scope)


def _define_function(expander: Expander, form: Form, target: Form, scope: Scope | None) -> Core:
    if not target.items:
        raise BadSpecialForm("define", "empty (name args) list", target.span)
    name = symbol_name(target.items[0])
    if name is None:
        message = "first item in (name args) must be a symbol"
        raise BadSpecialForm("define", message, target.items[0].span)
    params = Form(target.span, target.items[1:], target.bracket)
    doc, body = split_doc(form.items[2:])
    procedure = Procedure(params, body, form.span, name, doc)
    return _bind_function(expander, target.items[0], procedure, scope)


@special("defn")
def _defn(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(defn name [doc] params body…)`, Clojure's spelling, or `(defn (name params…) body…)`."""
    if len(form) < 3:
        raise BadSpecialForm("defn", "expected (defn name (params...) body...)", form.span)
    if isinstance(form.items[1], Form):
        return _define_function(expander, form, form.items[1], scope)
    name = symbol_name(form.items[1])
    if name is None:
        raise BadSpecialForm("defn", "the name must be a symbol", form.items[1].span)
    doc, rest = split_doc(form.items[2:])
    if len(rest) < 2:
        raise BadSpecialForm("defn", "expected (defn name (params...) body...)", form.span)
    procedure = Procedure(rest[0], rest[1:], form.span, name, doc)
    return _bind_function(expander, form.items[1], procedure, scope)


def _bind_function(expander: Expander, target: Node, procedure: Procedure, scope: Scope | None) -> Core:
    local, is_first = _declared(expander, target, scope)
    code = make_lambda(expander, procedure, scope)
    return _definition(procedure.span, target, code, local, is_first=is_first)


def _bind(expander: Expander, target: Node, node: Node, span: Span, scope: Scope | None) -> Core:
    local, is_first = _declared(expander, target, scope)
    value = named(expander.expand(node, scope), symbol_name(target) or "")
    return _definition(span, target, value, local, is_first=is_first)


def _declared(expander: Expander, target: Node, scope: Scope | None) -> tuple[Local | None, bool]:
    """Return the local variable that a definition binds (None for a global), and whether for the first time."""
    name = symbol_name(target) or ""
    if scope is not None:
        return scope.define(name, target.span)
    expander.environment.announce(name)
    return None, True


def _definition(span: Span, target: Node, value: Core, local: Local | None, *, is_first: bool) -> Core:
    if local is None:
        return Define(span, symbol_name(target) or "", value, target.span)
    if is_first:
        return Bind(span, local, value)
    local.is_assigned = True
    return SetLocal(span, local, value, target.span)


def named(value: Core, name: str) -> Core:
    """Return `value`, a procedure without a name being called `name` from now on."""
    if isinstance(value, Lambda) and value.name is None:
        code = value
        return Lambda(code.span, name, code.required, code.optional, code.rest, code.body, code.doc)
    return value


@special("set!")
def _set(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) != 3:
        raise BadSpecialForm("set!", "expected (set! name expr)", form.span)
    name = symbol_name(form.items[1])
    if name is None:
        raise BadSpecialForm("set!", "first arg must be a symbol", form.items[1].span)
    value = expander.expand(form.items[2], scope)
    found = scope.find(name) if scope is not None else None
    if isinstance(found, Local):
        found.is_assigned = True
        return SetLocal(form.span, found, value, form.items[1].span)
    return SetGlobal(form.span, name, form.items[1].span, value)


class MalformedMacro(LispError):
    """A macro definition that is not written as it must be."""

    kind = "reader"


def macro_definition(expander: Expander, form: Form) -> tuple[str, Lambda, str]:
    """Return the name, the function and the parameters as text of a macro definition."""
    if len(form) < 4:
        raise _bad_macro(f"write {_MACRO_SHAPE}", form)
    name = symbol_name(form.items[1])
    if name is None:
        raise _bad_macro("the name must be a symbol", form.items[1])
    params: Node = form.items[2]
    body: Sequence[Node] = form.items[3:]
    if not isinstance(params, Form):
        raise _bad_macro(f"the parameters are a list: {_MACRO_SHAPE}", params)
    doc, body = split_doc(body)
    try:
        code = make_lambda(expander, Procedure(params, body, form.span, name, doc), None, "defmacro")
    except BadSpecialForm as error:
        if error.form != "defmacro":
            raise
        raise MalformedMacro(error.reason, error.span) from None
    return name, code, _params_text(params)


def _bad_macro(reason: str, node: Node) -> MalformedMacro:
    return MalformedMacro(reason, node.span)


def _params_text(params: Node) -> str:
    from ..printer import write_syntax  # noqa: PLC0415  # needed for definitions of macros alone

    return write_syntax(params)


@special("defmacro", "defpoint-template", "defcheck")
def _defmacro(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Define a macro inside a body; the driver takes those at the top level."""
    name, code, params = macro_definition(expander, form)
    macro = Macro(name, expander.environment.make_function(code), params, code.doc, form.span)
    if scope is None:
        expander.environment.add_macro(macro)
    else:
        scope.names.pop(name, None)
        scope.macros[name] = macro
    return Const(form.span, None)
