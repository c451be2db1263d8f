"""The forms that bind local names: let, let*, letrec, named let, do, let-values."""

from __future__ import annotations

from ..core import Begin, Bind, Call, Const, Core, If, Lambda, Local, LocalRef, SetLocal
from ..errors import BadSpecialForm
from ..source import Span
from ..syntax import Atom, Form, Node, symbol_name
from .definitions import Procedure, make_lambda, named
from .expander import Expander, begin, special
from .params import destructure
from .scope import Scope

__all__: list[str] = []


def _bindings(form: Form, at: int = 1) -> list[tuple[Node, Node]]:
    """Return the (name, expression) pairs of the binding list of `form`, checked for their shape."""
    head = form.head or "let"
    if len(form) < at + 2:
        raise BadSpecialForm(head, f"expected ({head} ((name expr)...) body...)", form.span)
    bindings = form.items[at]
    if not isinstance(bindings, Form) or not bindings.bracket.is_sequence:
        raise BadSpecialForm(head, "bindings must be a list", bindings.span)
    return [_binding(head, item) for item in bindings.items]


def _binding(head: str, item: Node) -> tuple[Node, Node]:
    if not isinstance(item, Form) or not item.bracket.is_sequence:
        raise BadSpecialForm(head, "each binding must be (name expr)", item.span)
    if len(item) != 2:
        raise BadSpecialForm(head, "binding must be exactly (name expr)", item.span)
    if isinstance(item.items[0], Atom) and symbol_name(item.items[0]) is None:
        raise BadSpecialForm(head, "binding name must be a symbol", item.items[0].span)
    return item.items[0], item.items[1]


def _take(expander: Expander, pattern: Node, value: Core, scope: Scope, head: str) -> list[Core]:
    name = symbol_name(pattern)
    if name is not None:
        return [Bind(pattern.span, scope.bind(name, pattern.span), named(value, name))]
    whole = Local("value")
    bound: list[Core] = [Bind(pattern.span, whole, value)]
    return bound + destructure(expander, pattern, LocalRef(pattern.span, whole), scope, head)


@special("let")
def _let(expander: Expander, form: Form, scope: Scope | None) -> Core:
    name = symbol_name(form.items[1]) if len(form) > 1 else None
    if name is not None:
        return _named_let(expander, form, name, scope)
    pairs = _bindings(form)
    inner = Scope(scope)
    values = [(pattern, expander.expand(value, scope)) for pattern, value in pairs]
    items: list[Core] = []
    for pattern, value in values:
        items += _take(expander, pattern, value, inner, "let")
    return begin(form.span, [*items, expander.body(form.items[2:], inner, form.span)])


@special("let*")
def _let_star(expander: Expander, form: Form, scope: Scope | None) -> Core:
    inner = Scope(scope)
    items: list[Core] = []
    for pattern, value in _bindings(form):
        items += _take(expander, pattern, expander.expand(value, inner), inner, "let*")
    return begin(form.span, [*items, expander.body(form.items[2:], inner, form.span)])


@special("letrec", "letrec*")
def _letrec(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `letrec`: every name is nil until its expression has been evaluated (quirk letrec-uninit-nil)."""
    inner = Scope(scope)
    locals_ = [(inner.bind(_simple_name(pattern), pattern.span), value) for pattern, value in _bindings(form)]
    values = [(local, named(expander.expand(value, inner), local.name)) for local, value in locals_]
    procedures: list[Core] = []
    others: list[Core] = []
    for local, value in values:
        if isinstance(value, Lambda):
            procedures.append(Bind(value.span, local, value))
        else:
            local.is_assigned = True
            procedures.append(Bind(value.span, local, Const(value.span, None)))
            others.append(SetLocal(value.span, local, value))
    return begin(form.span, [*procedures, *others, expander.body(form.items[2:], inner, form.span)])


def _simple_name(pattern: Node) -> str:
    name = symbol_name(pattern)
    if name is None:
        raise BadSpecialForm("letrec", "binding name must be a symbol", pattern.span)
    return name


def _named_let(expander: Expander, form: Form, name: str, scope: Scope | None) -> Core:
    pairs = _bindings(form, at=2)
    arguments = tuple([expander.expand(value, scope) for _, value in pairs])
    outer = Scope(scope)
    loop = outer.bind(name, form.items[1].span)
    params = Form(form.items[2].span, tuple([pattern for pattern, _ in pairs]))
    code = make_lambda(expander, Procedure(params, form.items[3:], form.span, name), outer, "let")
    return _looping(form.span, loop, code, arguments)


def _looping(span: Span, loop: Local, code: Lambda, arguments: tuple[Core, ...]) -> Core:
    return Begin(span, (Bind(span, loop, code), Call(span, LocalRef(span, loop), arguments)))


@special("do")
def _do(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(do ((name init [step])…) (test result…) body…)`, Scheme's loop."""
    specs, exit_ = _do_shape(form)
    initial = tuple([expander.expand(spec.items[1], scope) for spec in specs])
    inner = Scope(scope)
    names = [inner.bind(_simple_name(spec.items[0]), spec.items[0].span) for spec in specs]
    test = expander.expand(exit_.items[0], inner)
    result = begin(exit_.span, expander.expand_all(exit_.items[1:], inner))
    body = expander.expand_all(form.items[3:], inner)
    loop, steps = Local("do"), []
    for spec, local in zip(specs, names, strict=True):
        step = expander.expand(spec.items[2], inner) if len(spec) == 3 else LocalRef(spec.span, local)
        steps.append(step)
    again = Call(form.span, LocalRef(form.span, loop), tuple(steps))
    code = If(form.span, test, result, begin(form.span, [*body, again]))
    return _looping(form.span, loop, Lambda(form.span, "do", tuple(names), (), None, code), initial)


def _do_shape(form: Form) -> tuple[list[Form], Form]:
    shape = "expected (do ((name init [step])...) (test result...) body...)"
    if len(form) < 3:
        raise BadSpecialForm("do", shape, form.span)
    specs, exit_ = form.items[1], form.items[2]
    if not isinstance(specs, Form) or not isinstance(exit_, Form) or not exit_.items:
        raise BadSpecialForm("do", shape, form.span)
    checked = []
    for spec in specs.items:
        if not isinstance(spec, Form) or len(spec) not in (2, 3):
            raise BadSpecialForm("do", "each variable is (name init [step])", spec.span)
        checked.append(spec)
    return checked, exit_


@special("let-values", "let*-values")
def _let_values(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(let-values (((a b) expr)…) body…)`, which takes apart what `values` made."""
    inner = Scope(scope)
    items: list[Core] = []
    for pattern, node in _bindings(form):
        value = expander.expand(node, inner if form.head == "let*-values" else scope)
        listed = expander.call_support("values_list", pattern.span, value)
        items += _take(expander, pattern, listed, inner, form.head or "let-values")
    return begin(form.span, [*items, expander.body(form.items[2:], inner, form.span)])
