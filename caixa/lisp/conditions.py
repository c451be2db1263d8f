"""Conditions and restarts: what may be done about a problem is asked before anything is undone.

Two stacks, kept in context variables, say what surrounds the code that runs: handlers (of `handler-bind`,
`handler-case` and `try`) and restarts. `throw`, `signal` and `warn` walk the handlers from the innermost
out; so does an error that a native raised, at the first of these forms that it passes on its way up. A handler
runs with the handlers outside of its own, and either returns, which declines, or leaves: by a restart, or by
throwing. Only when no handler has left does an error unwind, or is somebody asked to choose a restart.

Leaving for a restart is a BaseException, so that neither `try` nor a native takes it for an error, while every
`finally` runs; Stop, a KeyboardInterrupt, passes in the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from .errors import LispError, Offer, RestartNotFound, Thrown, TypeMismatch
from .names import Keyword, Symbol
from .objects import ErrorValue
from .printer import display
from .procedures import procedure_params
from .source import Source
from .traceback import as_lisp_error, condition_of, error_value, mark_handled, meaning

__all__ = [
    "Answer",
    "Ask",
    "Choose",
    "Conditions",
    "Question",
    "Restart",
    "Unattended",
    "dynamic_state",
    "find_restart",
    "invoke_restart",
    "restarts",
    "unattended",
]

_WARNING = Keyword("warning")
Thunk = Callable[[], object]
Function = Callable[..., object]


class Unattended(Exception):
    """Nobody is there to choose a restart; the scripted default applies."""


class Answer:
    """The restart that was chosen, by its place among those offered, and the arguments it is given."""

    __slots__ = ("arguments", "chosen")

    def __init__(self, chosen: int, arguments: Sequence[object] = ()) -> None:
        """Take the restart at `chosen`, from 0."""
        self.chosen = chosen
        self.arguments = arguments


class Question:
    """An error that nothing has handled, and the restarts, innermost first, one of which may be chosen.

    `evaluate` gives the value of a Lisp text; `interactive` of a restart gives a list of its arguments.
    """

    __slots__ = ("error", "evaluate", "interactive", "offers")

    def __init__(
        self,
        error: LispError,
        offers: tuple[Offer, ...],
        interactive: tuple[Thunk | None, ...],
        evaluate: Callable[[str], object],
    ) -> None:
        """Put all that the choice may need into one value."""
        self.error = error
        self.offers = offers
        self.interactive = interactive
        self.evaluate = evaluate


Choose = Callable[[Question], Answer | None]
"""Says which restart is to be taken, or None for letting the error go on; raises Unattended."""


Ask = Callable[[str], str]
"""Asks a person for a line of text. Raises Unattended if nobody is there, EOFError if there will be no more."""


def unattended(_prompt: str) -> str:
    """Ask nobody: an Ask where no person is."""
    raise Unattended


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


# -- the two stacks ---------------------------------------------------------------------------------------


Catching = tuple[Any, ...]
"""A `try` on the handler stack: what is outside of it, and the tags that it takes, any if it has none.

Compiled code makes the tuple itself, so that a `try` costs little where nothing is thrown.
"""


def _takes(catching: Catching, condition: object) -> bool:
    """Return whether a clause of a `try` catches `condition`."""
    return len(catching) == 1 or (isinstance(condition, ErrorValue) and condition.tag.name in catching[1:])


class Binding:
    """The handlers of one form on the handler stack, each with the test for what it handles."""

    __slots__ = ("clauses", "outer")

    def __init__(self, outer: Handling | None, clauses: Sequence[tuple[object, Function]]) -> None:
        self.outer = outer
        self.clauses = clauses


class Established:
    """The restarts of one form on the restart stack."""

    __slots__ = ("outer", "restarts")

    def __init__(self, outer: Established | None, restarts: Sequence[Restart]) -> None:
        self.outer = outer
        self.restarts = restarts


Handling = Catching | Binding
_HANDLERS: ContextVar[Handling | None] = ContextVar("handlers", default=None)
_RESTARTS: ContextVar[Established | None] = ContextVar("restarts", default=None)


@contextmanager
def dynamic_state() -> Iterator[None]:
    """Leave both stacks as they are now, whatever a stopped program leaves behind."""
    handlers, established = _HANDLERS.get(), _RESTARTS.get()
    try:
        yield
    finally:
        _HANDLERS.set(handlers)
        _RESTARTS.set(established)


@contextmanager
def _handlers(handlers: Handling | None) -> Iterator[None]:
    before = _HANDLERS.get()
    _HANDLERS.set(handlers)
    try:
        yield
    finally:
        _HANDLERS.set(before)


def restarts() -> Iterator[Restart]:
    """Yield the restarts that can be invoked here, innermost first."""
    owner, at = _running_on(), _RESTARTS.get()
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


def fits(test: object, condition: object) -> bool:
    """Return whether a clause handles `condition`: its test is a tag, a predicate, or true for everything."""
    if test is True:
        return True
    if isinstance(test, Keyword):
        return condition is test or (isinstance(condition, ErrorValue) and condition.tag is test)
    if callable(test):
        return test(condition) not in (None, False)
    raise TypeMismatch("keyword, predicate or else", test)


def _call(function: Function, arguments: Sequence[object]) -> object:
    """Call with the arguments one by one, since `f(*args)` uses the C stack on Python 3.11."""
    if not arguments:
        return function()
    if len(arguments) == 1:
        return function(arguments[0])
    if len(arguments) == 2:
        return function(arguments[0], arguments[1])
    return function(*arguments)


# -- signalling -------------------------------------------------------------------------------------------


class Conditions:
    """The conditions of one interpreter: they point into its sources, and its `choose` is asked at last."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        evaluate: Callable[[str], object],
        choose: Choose | None = None,
    ) -> None:
        """Begin without a scripted default; `evaluate` is of a Lisp text, `choose` asks somebody."""
        self.sources = sources
        self._evaluate = evaluate
        self.choose = choose
        self.default: tuple[str, tuple[object, ...]] | None = None  # a restart's name, and its arguments

    def warn(self, condition: object, write: Callable[[ErrorValue], object]) -> None:
        """Signal a warning, which handlers may muffle; otherwise `write` it."""
        warning = condition if isinstance(condition, ErrorValue) else ErrorValue(_WARNING, display(condition))

        def say() -> None:
            self.signal(warning)
            write(warning)

        self.restart_case(say, Symbol("muffle-warning"), "Say nothing of the warning.", None, _nothing)

    def signal(self, condition: object) -> None:
        """Ask the handlers for `condition`, which is no error; return if none of them leaves."""
        self._notify(condition, None)

    def throw(self, value: object, running: FrameType) -> None:
        """Raise Thrown(`value`), unless a handler or whoever chooses leaves before; `running` is who throws."""
        error = Thrown(value)
        error.__context__ = sys.exc_info()[1]
        self._announce(error, running)
        raise error

    def passing(self, error: Exception) -> None:
        """Signal an error that is on its way up, unless that has been done further in."""
        self._announce(error, None)

    def _announce(self, error: Exception, running: FrameType | None) -> None:
        at = _HANDLERS.get()
        if at is None and _RESTARTS.get() is None:
            return
        if isinstance(at, tuple) and len(at) == 1:
            return  # the frequent case: nobody stands between the error and a `try` that takes everything
        lisp_error = meaning(error)
        if lisp_error.is_signalled:
            return
        lisp_error.is_signalled = True
        while isinstance(at, tuple):  # a `try` is found without looking where the error happened
            if _takes(at, error_value(lisp_error)):
                return
            at = at[0]
        as_lisp_error(error, self.sources, running)
        if not self._notify(condition_of(lisp_error), lisp_error):
            self._offer(lisp_error)

    def _notify(self, condition: object, error: LispError | None) -> bool:
        """Call the handlers from the innermost out; return whether a `try` is met that takes the error."""
        at = _HANDLERS.get()
        while at is not None:
            if isinstance(at, tuple):
                if error is not None and _takes(at, condition):
                    return True
                at = at[0]
            else:
                self._handle(at, condition, error)
                at = at.outer
        return False

    def _handle(self, binding: Binding, condition: object, lisp_error: LispError | None) -> None:
        with _handlers(binding.outer):
            try:
                for test, function in binding.clauses:
                    if fits(test, condition):
                        function(condition)
            except Unwind as unwind:
                if lisp_error is not None and not hasattr(unwind, "lisp_error"):
                    mark_handled(unwind, lisp_error)
                raise
            except (
                Exception
            ) as problem:  # of the handler: signalled here, where its own binding is not in force
                self.passing(problem)
                meaning(problem).is_signalled = True  # not again, where it leaves the binding
                raise

    # -- choosing -------------------------------------------------------------------------------------------

    def _offer(self, error: LispError) -> None:
        """Ask which restart to take for an error that nothing handles; return if it is none."""
        established = list(restarts())
        if not established:
            return
        error.offers = tuple([restart.offer() for restart in established])
        with _handlers(None):
            answer = self._answer(error, established)
        if answer is not None:
            invoke_restart(established[answer.chosen], *answer.arguments)

    def _answer(self, error: LispError, established: Sequence[Restart]) -> Answer | None:
        interactive = tuple([restart.interactive for restart in established])
        try:
            if self.choose is None:
                raise Unattended
            return self.choose(Question(error, error.offers, interactive, self._evaluate))
        except Unattended:
            return self._scripted(established)

    def _scripted(self, established: Sequence[Restart]) -> Answer | None:
        if self.default is None:
            return None
        name, arguments = self.default
        found = [index for index, restart in enumerate(established) if restart.name.name == name]
        return Answer(found[0], arguments) if found else None

    # -- what compiled code calls ---------------------------------------------------------------------------

    def support(self) -> dict[str, Callable[..., Any]]:
        """Return the functions behind the special forms, by the names that the compiler knows."""
        return {
            "handlers": _HANDLERS.get, "set_handlers": _HANDLERS.set,
            "caught": self.caught, "cleanup": self.cleanup,
            "handler_bind": self.handler_bind, "handler_case": self.handler_case,
            "restart_case": self.restart_case,
        }  # fmt: skip

    def caught(self, error: Exception, outer: Handling | None) -> object:
        """Return what `catch` binds for `error`, and put the handlers around the `try` in force."""
        _HANDLERS.set(outer)
        if isinstance(error, Thrown) and not isinstance(error.value, ErrorValue):
            mark_handled(error, error)
            return error.value  # which cannot tell where it was thrown, so nobody need find out
        lisp_error = as_lisp_error(error, self.sources)
        mark_handled(error, lisp_error)
        return condition_of(lisp_error)

    def cleanup(self, error: Exception, outer: Handling | None) -> None:
        """Signal an error that no clause of a `try` takes, before its `finally` runs."""
        _HANDLERS.set(outer)
        self.passing(error)
        mark_handled(error, as_lisp_error(error, self.sources))

    def handler_bind(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk` with handlers in force: a test and a function in turn."""
        outer = _HANDLERS.get()
        return self._bound(Binding(outer, list(zip(parts[::2], parts[1::2], strict=True))), thunk)

    def handler_case(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk`; a condition that a clause's test fits unwinds, and its function gives the value."""
        target = object()
        clauses = [
            (test, _leaving(target, function)) for test, function in zip(parts[::2], parts[1::2], strict=True)
        ]
        try:
            return self._bound(Binding(_HANDLERS.get(), clauses), thunk)
        except Unwind as unwind:
            if unwind.target is not target:
                raise
            return _call(unwind.function, unwind.arguments)  # inside, so that an error there knows its cause

    def _bound(self, binding: Binding, thunk: Thunk) -> object:
        established = _RESTARTS.get()
        _HANDLERS.set(binding)
        try:
            return thunk()
        except Exception as error:
            _HANDLERS.set(binding)
            _RESTARTS.set(established)
            self.passing(error)
            raise
        finally:
            _HANDLERS.set(binding.outer)

    def restart_case(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk` with restarts established: name, report, interactive function and function in turn."""
        target = object()
        outer, handlers = _RESTARTS.get(), _HANDLERS.get()
        mine = [Restart(target, *parts[at : at + 4]) for at in range(0, len(parts), 4)]
        try:
            return self._restartable(thunk, Established(outer, mine), handlers)
        except Unwind as unwind:
            if unwind.target is not target:
                raise
            function, arguments = unwind.function, unwind.arguments
        finally:
            _RESTARTS.set(outer)
            _HANDLERS.set(handlers)
        return _call(function, arguments)

    def _restartable(self, thunk: Thunk, established: Established, handlers: Handling | None) -> object:
        _RESTARTS.set(established)
        try:
            return thunk()
        except Exception as error:
            _HANDLERS.set(handlers)
            _RESTARTS.set(established)
            self.passing(error)
            raise


def _nothing() -> None:
    """Return nil, which is what a form that was left comes to."""


def _leaving(target: object, function: Function) -> Function:
    def leave(condition: object) -> object:
        raise Unwind(target, function, (condition,))

    return leave
