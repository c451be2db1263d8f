"""The forms that decide what is evaluated: if, cond, when, unless, and, or, not, begin, try."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import And, Begin, Bind, Call, Catch, Const, Core, If, Local, LocalRef, Not, Or, Try
from ..errors import BadSpecialForm, LispError
from ..source import Span
from ..syntax import Form, Node, keyword_name, symbol_name
from .expander import Expander, begin, special
from .scope import Scope

__all__: list[str] = []


@special("if")
def _if(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) not in (3, 4):
        raise BadSpecialForm("if", f"expected (if c t [e]), got {len(form)} subforms", form.span)
    test, then, *orelse = expander.expand_all(form.items[1:], scope)
    return If(form.span, test, then, orelse[0] if orelse else Const(form.span, None))


@special("begin")
def _begin(expander: Expander, form: Form, scope: Scope | None) -> Core:
    return begin(form.span, expander.expand_all(form.items[1:], scope))


@special("when", "unless")
def _when(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) < 2:
        raise BadSpecialForm(form.head or "when", "need a test", form.span)
    test = expander.expand(form.items[1], scope)
    body = begin(form.span, expander.expand_all(form.items[2:], scope))
    nothing = Const(form.span, None)
    return If(form.span, test, body, nothing) if form.head == "when" else If(form.span, test, nothing, body)


@special("not")
def _not(expander: Expander, form: Form, scope: Scope | None) -> Core:
    if len(form) != 2:
        raise BadSpecialForm("not", "expected (not x)", form.span)
    return Not(form.span, expander.expand(form.items[1], scope))


@special("and", "or")
def _and_or(expander: Expander, form: Form, scope: Scope | None) -> Core:
    items = expander.expand_all(form.items[1:], scope)
    if not items:
        return Const(form.span, form.head == "and")
    if len(items) == 1:
        return items[0]
    return And(form.span, items) if form.head == "and" else Or(form.span, items)


# -- cond -------------------------------------------------------------------------------------------------


@special("cond")
def _cond(expander: Expander, form: Form, scope: Scope | None) -> Core:
    clauses: list[tuple[Span, Core | None, Sequence[Core]]] = []
    for clause in form.items[1:]:
        if not isinstance(clause, Form):
            raise BadSpecialForm("cond", "clause must be a list", clause.span)
        if not clause.items:
            raise BadSpecialForm("cond", "empty clause", clause.span)
        clauses.append(_clause(expander, clause, scope))
        if clauses[-1][1] is None:
            break  # what follows `else` is never reached
    code: Core = Const(form.span, None)
    for span, test, body in reversed(clauses):
        code = _choose(span, test, body, code)
    return code


def _clause(expander: Expander, clause: Form, scope: Scope | None) -> tuple[Span, Core | None, Sequence[Core]]:
    """Return where a clause stands, its test (None for `else`) and its body, `=>` made a call."""
    is_else = symbol_name(clause.items[0]) == "else"
    if is_else and (scope is None or scope.find("else") is None):
        return clause.span, None, expander.expand_all(clause.items[1:], scope)
    test = expander.expand(clause.items[0], scope)
    if len(clause) == 3 and symbol_name(clause.items[1]) == "=>":
        found = Local("found")
        receiver = expander.expand(clause.items[2], scope)
        call = Call(clause.span, receiver, (LocalRef(clause.span, found),))
        kept = Begin(clause.span, (Bind(clause.span, found, test), LocalRef(clause.span, found)))
        return clause.span, kept, (call,)
    return clause.span, test, expander.expand_all(clause.items[1:], scope)


def _choose(span: Span, test: Core | None, body: Sequence[Core], otherwise: Core) -> Core:
    if test is None:
        return begin(span, body)
    if not body:
        return Or(span, (test, otherwise))
    return If(span, test, begin(span, body), otherwise)


# -- try --------------------------------------------------------------------------------------------------


@special("try")
def _try(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(try body… (catch (e [:tag]) handler…)… [(finally cleanup…)])`."""
    if len(form) < 3:
        raise BadSpecialForm("try", "expected (try body... (catch (e) handler...))", form.span)
    body, catches, cleanup = _split_try(form)
    code = begin(form.span, [_caught_later(expander, node, scope) for node in body])
    handlers = tuple([_catch(expander, clause, scope) for clause in catches])
    finally_ = None
    if cleanup is not None:
        finally_ = begin(cleanup.span, expander.expand_all(cleanup.items[1:], scope))
    return Try(form.span, code, handlers, finally_)


def _split_try(form: Form) -> tuple[Sequence[Node], Sequence[Form], Form | None]:
    items = list(form.items[1:])
    last = items[-1]
    if not isinstance(last, Form):
        raise BadSpecialForm("try", "last form must be (catch (binding) handler...)", last.span)
    if last.head not in ("catch", "finally"):
        raise BadSpecialForm("try", "last form must be a (catch ...) clause", last.span)
    cleanup = last if last.head == "finally" else None
    if cleanup is not None:
        items.pop()
    catches: list[Form] = []
    while items and isinstance(items[-1], Form) and items[-1].head == "catch":
        catches.insert(0, items.pop())  # type: ignore[arg-type]  # a Form, as the line before says
    if not items:
        raise BadSpecialForm("try", "expected (try body... (catch (e) handler...))", form.span)
    return items, catches, cleanup


def _caught_later(expander: Expander, node: Node, scope: Scope | None) -> Core:
    """Expand `node`; if that fails, the error is raised when the form would run, so that it is caught."""
    depth = expander.depth
    try:
        return expander.expand(node, scope)
    except LispError as error:
        expander.depth = depth
        return expander.call_support("raise", node.span, Const(node.span, error))


def _catch(expander: Expander, clause: Form, scope: Scope | None) -> Catch:
    if len(clause) < 3:
        raise BadSpecialForm("catch", "expected (catch (binding) handler...)", clause.span)
    binding = clause.items[1]
    if not isinstance(binding, Form):
        raise BadSpecialForm("catch", "binding must be a 1-element list (e)", binding.span)
    tag = keyword_name(binding.items[1]) if len(binding) == 2 else None
    if len(binding) != 1 and tag is None:
        raise BadSpecialForm("catch", "binding must bind exactly one symbol", binding.span)
    name = symbol_name(binding.items[0])
    if name is None:
        raise BadSpecialForm("catch", "binding must be a symbol", binding.items[0].span)
    inner = Scope(scope)
    local = inner.bind(name, binding.items[0].span)
    return Catch(clause.span, local, tag, expander.body(clause.items[2:], inner, clause.span))
