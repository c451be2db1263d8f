"""The rules on the flow of control: what is never reached, and tests that come out one way."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.core import Begin, Call, Const, Core, GlobalRef, If
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.syntax import Form

from .code import Code
from .findings import finding

__all__ = ["constant_tests", "unreachable_code"]

_LEAVING = frozenset({"throw", "exit", "raise"})
_TESTING = frozenset({"if", "when", "unless"})


def unreachable_code(code: Code) -> Iterator[Diagnostic]:
    """Yield the first form of a body after one that never returns."""
    leaving = {name for name in _LEAVING if name not in code.definitions and code.namespace.is_native(name)}
    for sequence in code.survey.sequences:
        for item, following in zip(sequence.items, sequence.items[1:], strict=False):
            if _leaves(item, leaving):
                if code.node_at(following.span) is not None and following.span != sequence.span:
                    yield finding("unreachable-code", following.span, "this is never reached")
                break


def _leaves(node: Core, leaving: set[str]) -> bool:
    """Whether `node` never returns: a throw, or a choice between such."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if isinstance(at, If):
            waiting += (at.then, at.orelse)
        elif isinstance(at, Begin):
            waiting.append(at.items[-1])
        elif not (isinstance(at, Call) and isinstance(at.function, GlobalRef) and at.function.name in leaving):
            return False
    return True


def constant_tests(code: Code) -> Iterator[Diagnostic]:
    """Yield the tests that are literals: of `if`, `when`, `unless`, and of a `cond` clause before another."""
    for test in code.survey.tests:
        if not isinstance(test.test, Const):
            continue
        form = code.node_at(test.span)
        if not isinstance(form, Form) or not form.items:
            continue
        is_form = form.head in _TESTING and len(form) > 1
        place = form.items[1] if is_form else form.items[0]
        is_false = test.test.value is None or test.test.value is False
        if place.span == test.test.span and (is_form or is_false or not _is_nothing(test.orelse)):
            outcome = "false" if is_false else "true"
            yield finding("constant-test", place.span, f"this test is always {outcome}")


def _is_nothing(node: Core) -> bool:
    return isinstance(node, Const) and node.value is None
