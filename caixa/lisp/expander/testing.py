"""The forms that test: deftest, is, is-error, run-tests; a variable of such a name hides the form."""

from __future__ import annotations

from ..core import Const, Core, Lambda
from ..errors import BadSpecialForm
from ..lists import List
from ..printer import write_syntax
from ..source import Span
from ..syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, symbol_name
from .expander import Expander, special
from .scope import Scope

__all__: list[str] = []


@special("deftest")
def _deftest(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(deftest name "doc" body…)`: a test of this namespace, whose body `run-tests` runs."""
    name = _name(form.items[1]) if len(form) > 1 else None
    if name is None:
        at = form.items[1].span if len(form) > 1 else form.span
        raise BadSpecialForm("deftest", 'expected (deftest name ["doc"] body …)', at)
    body = form.items[2:]
    doc = (
        body[0].value if len(body) > 1 and isinstance(body[0], Atom) and isinstance(body[0].value, str) else ""
    )
    code = _thunk(expander, name, body[bool(doc) :], scope, form.span)
    return expander.call_support(
        "deftest", form.span, Const(form.span, name), Const(form.span, doc), _place(form), code
    )


def _name(node: Node) -> str | None:
    """Return the name of a test, a symbol or a string (language.md section 7, "Driver")."""
    if isinstance(node, Atom) and isinstance(node.value, str):
        return node.value
    return symbol_name(node)


@special("is")
def _is(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(is e [message])`: of the call of a function the operands are kept, to be told of."""
    if len(form) not in (2, 3):
        raise BadSpecialForm(
            "is", f"expected (is expression [message]), got {len(form) - 1} arguments", form.span
        )
    subject = form.items[1]
    message = expander.expand(form.items[2], scope) if len(form) == 3 else Const(form.span, None)
    told = (Const(subject.span, write_syntax(subject)), message, _place(subject))
    if isinstance(subject, Form) and _is_plain_call(expander, subject, scope):
        parts = expander.expand_all(subject.items, scope)
        return expander.call_support("is_call", subject.span, *told, _operand_texts(subject), *parts)
    return expander.call_support("is_true", subject.span, *told, expander.expand(subject, scope))


def _operand_texts(call: Form) -> Const:
    """Return a list of the function's name and the text of each operand, empty for a literal."""
    texts = ["" if _is_literal(item) else write_syntax(item) for item in call.items[1:]]
    return Const(call.span, List([call.head or "", *texts]))


def _is_literal(node: Node) -> bool:
    if isinstance(node, Prefix):
        return node.kind is PrefixKind.QUOTE
    return isinstance(node, Atom) and symbol_name(node) is None


@special("is-error")
def _is_error(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(is-error tag body…)`: the body must raise an error of that kind or tag, which is the value."""
    if len(form) < 3:
        raise BadSpecialForm("is-error", "expected (is-error :tag body …)", form.span)
    tag = expander.expand(form.items[1], scope)
    code = _thunk(expander, "is-error", form.items[2:], scope, form.span)
    return expander.call_support("is_error", form.span, tag, _place(form), code)


@special("run-tests")
def _run_tests(expander: Expander, form: Form, scope: Scope | None) -> Core:
    """Expand `(run-tests [pattern])`: run the tests of this namespace, which an empty closure stands for."""
    if len(form) > 2:
        raise BadSpecialForm("run-tests", 'expected (run-tests ["pattern"])', form.span)
    here = Lambda(form.span, "run-tests", (), (), None, Const(form.span, None))
    return expander.call_support("run_tests", form.span, here, *expander.expand_all(form.items[1:], scope))


def _thunk(expander: Expander, name: str, body: tuple[Node, ...], scope: Scope | None, span: Span) -> Lambda:
    return Lambda(span, name, (), (), None, expander.body(body, Scope(scope), span))


def _place(node: Node) -> Const:
    """Return the span of `node` as data, so that compiled code can be stored with it."""
    return Const(node.span, List(node.span))


def _is_plain_call(expander: Expander, node: Form, scope: Scope | None) -> bool:
    return (
        node.bracket is Bracket.LIST
        and bool(node.items)
        and expander.macro_of(node, scope) is None
        and expander.special_of(node, scope) is None
        and not expander.environment.is_domain(node.head or "")
    )
