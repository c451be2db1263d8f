"""One walk over expanded code: what it mentions, binds, calls and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from caixa.lisp.core import (
    Begin,
    Bind,
    Call,
    Core,
    Define,
    EvalHere,
    GlobalRef,
    If,
    Lambda,
    Local,
    LocalRef,
    SetGlobal,
    SetLocal,
    Support,
    Try,
    children,
)
from caixa.lisp.source import Span

__all__ = ["Bound", "Survey"]


class Bound(NamedTuple):
    """A local variable and the span of what binds it; `is_parameter` tells one of a procedure."""

    local: Local
    span: Span
    is_parameter: bool = False


@dataclass(slots=True)
class Survey:
    """What was found, each in the order of the text."""

    references: list[GlobalRef] = field(default_factory=list)
    assignments: list[SetGlobal] = field(default_factory=list)
    definitions: list[Define] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    sequences: list[Begin] = field(default_factory=list)
    tests: list[If] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    used: set[Local] = field(default_factory=set)
    functions: dict[Local, Lambda] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    has_eval: bool = False

    @classmethod
    def of(cls, forms: Iterable[Core], is_unknown: Callable[[str], bool]) -> Survey:
        """Walk `forms`; what is given to a callee that `is_unknown`, which may be a macro, is left out."""
        found = cls()
        for form in forms:
            found._walk(form, is_unknown)
        return found

    def _walk(self, form: Core, is_unknown: Callable[[str], bool]) -> None:
        waiting: list[Core] = [form]
        while waiting:
            node = waiting.pop()
            callee = node.function if isinstance(node, Call) else None
            if isinstance(callee, GlobalRef) and is_unknown(callee.name):
                self._use_all(node)
                continue
            if isinstance(node, If) and _is_late(node.test):
                self.has_eval = True  # a name that `eval` may have bound: neither branch says more
                continue
            self._note(node)
            waiting += reversed(children(node))

    def _use_all(self, node: Core) -> None:
        """Take every variable that an unknown callee is given for used."""
        waiting: list[Core] = [node]
        while waiting:
            at = waiting.pop()
            if isinstance(at, (LocalRef, SetLocal, Bind)):
                self.used.add(at.local)
            waiting += children(at)

    def _note(self, node: Core) -> None:
        handler = _NOTES.get(node.__class__)
        if handler is not None:
            handler(self, node)

    def _bind(self, node: Bind) -> None:
        self.bound.append(Bound(node.local, node.span))
        if isinstance(node.value, Lambda) and not node.local.is_assigned:
            self.functions[node.local] = node.value

    def _lambda(self, node: Lambda) -> None:
        self.bound += [Bound(local, node.span, is_parameter=True) for local in node.parameters()]

    def _set_global(self, node: SetGlobal) -> None:
        self.assignments.append(node)
        self.changed.add(node.name)

    def _try(self, node: Try) -> None:
        self.bound += [Bound(each.local, each.span) for each in node.catches]

    def _eval(self, node: EvalHere) -> None:
        self.has_eval = True
        self.used.update(node.visible)

    def _support(self, node: Support) -> None:
        self.has_eval = self.has_eval or node.name.startswith("eval")


_NOTES: dict[type, Callable[[Survey, Any], object]] = {
    GlobalRef: lambda survey, node: survey.references.append(node),
    LocalRef: lambda survey, node: survey.used.add(node.local),
    Define: lambda survey, node: survey.definitions.append(node),
    Call: lambda survey, node: survey.calls.append(node),
    Begin: lambda survey, node: survey.sequences.append(node),
    If: lambda survey, node: survey.tests.append(node),
    Bind: Survey._bind,
    Lambda: Survey._lambda,
    SetGlobal: Survey._set_global,
    Try: Survey._try,
    EvalHere: Survey._eval,
    Support: Survey._support,
}


def _is_late(test: Core) -> bool:
    """Whether a test asks if `eval` has bound a name."""
    return isinstance(test, Call) and isinstance(test.function, Support) and test.function.name == "frame_has"
