"""The rule on calls: as many arguments as the callee takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from caixa.lisp.core import Call, GlobalRef, Lambda, LocalRef
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.kinds import is_procedure
from caixa.lisp.procedures import procedure_params

from .code import Code
from .findings import finding

__all__ = ["wrong_arities"]

_REST = 0x04  # the flag of Python's code objects for `*rest`


class Arity(NamedTuple):
    """The least and the greatest number of arguments (None: any), and the parameters as text."""

    least: int
    most: int | None
    params: str

    @property
    def text(self) -> str:
        """How many arguments are taken, in words."""
        if self.most is None:
            return f"at least {_count(self.least)}"
        return _count(self.most) if self.least == self.most else f"{self.least} to {_count(self.most)}"

    def takes(self, count: int) -> bool:
        """Whether `count` arguments are right."""
        return self.least <= count and (self.most is None or count <= self.most)


def _count(number: int) -> str:
    return "no arguments" if number == 0 else f"{number} argument{'s' * (number != 1)}"


def wrong_arities(code: Code) -> Iterator[Diagnostic]:
    """Yield the calls of procedures that are known, with too few or too many arguments."""
    natives = _Natives(code)
    for call in code.survey.calls:
        known = _callee(call, code, natives)
        if known is None:
            continue
        name, arity = known
        given = len(call.arguments)
        if not arity.takes(given):
            message = f"`{name[:60]}` takes {arity.text}, and gets {given}"
            fix = f"Its parameters are {arity.params}." if arity.params else ""
            yield finding("wrong-arity", call.span, message, fix=fix, name=name, given=given)


def _callee(call: Call, code: Code, natives: _Natives) -> tuple[str, Arity] | None:
    function = call.function
    if isinstance(function, LocalRef):
        found = code.survey.functions.get(function.local)
        return None if found is None or function.local.is_assigned else (function.local.name, _of_lambda(found))
    if not isinstance(function, GlobalRef):
        return None
    name = function.name
    if name in code.definitions:
        found = code.function(name)
        return None if found is None else (name, _of_lambda(found))
    native = None if code.is_changed(name) or code.is_lent(name) else natives.arity(name)
    return None if native is None else (name, native)


def _of_lambda(code: Lambda) -> Arity:
    least = len(code.required)
    most = None if code.rest is not None else least + len(code.optional)
    names = [local.name for local in code.required]
    names += ["&optional", *(each.local.name for each in code.optional)] if code.optional else []
    params = f"({' '.join(names)})" if code.rest is None else ""
    return Arity(least, most, params)


class _Natives:
    """The arities of what the language provides, each found once."""

    def __init__(self, code: Code) -> None:
        self.namespace = code.namespace
        self.known: dict[str, Arity | None] = {}

    def arity(self, name: str) -> Arity | None:
        if name not in self.known:
            self.known[name] = self._arity(name)
        return self.known[name]

    def _arity(self, name: str) -> Arity | None:
        if not self.namespace.is_native(name):
            return None
        value = self.namespace.lookup(name)
        if not is_procedure(value):
            return None
        inner: Any = getattr(value, "__wrapped__", value)  # behind the guard of its capabilities
        python = inner.__code__
        least = python.co_argcount - len(inner.__defaults__ or ())
        most = None if python.co_flags & _REST else python.co_argcount
        return Arity(least, most, procedure_params(value) or "")
