"""Restarts: the ways to go on that surround the code that runs, and unwinding to one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar

from ..calling import call_with
from ..errors import Offer, RestartNotFound, TypeMismatch
from ..names import Keyword, Symbol
from ..procedures import procedure_params

__all__ = [
    "RESTARTS",
    "Established",
    "Function",
    "Restart",
    "Thunk",
    "Unwind",
    "find_restart",
    "invoke_restart",
    "restarts",
]

Thunk = Callable[[], object]
Function = Callable[..., object]


class Restart:
    """A way to go on that `restart-case` established."""

    __slots__ = ("_report", "function", "interactive", "name", "owner", "target")
    __lisp_kind__ = "restart"

    def __init__(
        self, target: object, name: Symbol, report: object, interactive: Thunk | None, function: Function
    ) -> None:
        """Say where it goes on, and how it is called and shown; `report` is a text, or makes one."""
        self.target = target
        self.name = name
        self._report = report
        self.interactive = interactive
        self.function = function
        self.owner = _running_on()

    @classmethod
    def __lisp_text__(cls, restart: Restart) -> str:
        """Return what a restart prints as."""
        return f"#<restart {restart.name.name}>"

    @property
    def report(self) -> str:
        """What it would do, in words."""
        report = self._report() if callable(self._report) else self._report
        return report if isinstance(report, str) else ""

    def offer(self) -> Offer:
        """Return it as it is shown."""
        return Offer(self.name.name, procedure_params(self.function) or "()", self.report)


def _running_on() -> object:
    """Return the fiber that runs, None outside of any: a restart of another cannot be reached by unwinding."""
    greenlet = sys.modules.get("greenlet")
    current = greenlet.getcurrent() if greenlet is not None else None
    return None if current is None or current.parent is None else current


class Unwind(BaseException):
    """The stack unwinds to `target`, where the function at `index` is called with `arguments`."""

    def __init__(self, target: object, function: Function, arguments: Sequence[object]) -> None:
        """Say where to, and what is done there."""
        super().__init__()
        self.target = target
        self.function = function
        self.arguments = arguments

    def arrive(self) -> object:
        """Do there what is to be done."""
        return call_with(self.function, self.arguments)


class Established:
    """The restarts of one form on the restart stack."""

    __slots__ = ("outer", "restarts")

    def __init__(self, outer: Established | None, restarts: Sequence[Restart]) -> None:
        """Stand inside `outer`."""
        self.outer = outer
        self.restarts = restarts


RESTARTS: ContextVar[Established | None] = ContextVar("restarts", default=None)


def restarts() -> Iterator[Restart]:
    """Yield the restarts that can be invoked here, innermost first."""
    owner, at = _running_on(), RESTARTS.get()
    while at is not None:
        yield from [restart for restart in at.restarts if restart.owner is owner]
        at = at.outer


def find_restart(designator: object) -> Restart | None:
    """Return the restart that `designator` is, or the innermost that it names."""
    if isinstance(designator, Restart):
        return next((restart for restart in restarts() if restart is designator), None)
    name = designator if isinstance(designator, str) else getattr(designator, "name", None)
    if not isinstance(designator, (str, Symbol, Keyword)):
        raise TypeMismatch("symbol or restart", designator)
    return next((restart for restart in restarts() if restart.name.name == name), None)


def invoke_restart(designator: object, *arguments: object) -> object:
    """Unwind to the restart that `designator` is or names. Raises RestartNotFound."""
    restart = find_restart(designator)
    if restart is None:
        named = designator.name if isinstance(designator, Restart) else designator
        raise RestartNotFound(getattr(named, "name", str(named)), [each.name.name for each in restarts()])
    raise Unwind(restart.target, restart.function, arguments)
