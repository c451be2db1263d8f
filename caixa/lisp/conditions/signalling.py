"""Signalling: the handlers are asked from the innermost out, then whoever may choose a restart."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ..errors import LispError, Thrown
from ..names import Keyword, Symbol
from ..objects import ErrorValue
from ..printer import display
from ..source import Source
from ..traceback import as_lisp_error, condition_of, error_value, mark_handled, meaning
from .choosing import Answer, Choose, Question, Unattended
from .handlers import HANDLERS, Binding, Handling, fits, handlers_in_force, takes
from .restarts import RESTARTS, Established, Function, Restart, Thunk, Unwind, invoke_restart, restarts

__all__ = ["Conditions", "dynamic_state"]

_WARNING = Keyword("warning")


@contextmanager
def dynamic_state() -> Iterator[None]:
    """Leave both stacks as they are now, whatever a stopped program leaves behind."""
    handlers, established = HANDLERS.get(), RESTARTS.get()
    try:
        yield
    finally:
        HANDLERS.set(handlers)
        RESTARTS.set(established)


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
        at = HANDLERS.get()
        if at is None and RESTARTS.get() is None:
            return
        if isinstance(at, tuple) and len(at) == 1:
            return  # the frequent case: nobody stands between the error and a `try` that takes everything
        lisp_error = meaning(error)
        if lisp_error.is_signalled:
            return
        lisp_error.is_signalled = True
        while isinstance(at, tuple):  # a `try` is found without looking where the error happened
            if takes(at, error_value(lisp_error)):
                return
            at = at[0]
        as_lisp_error(error, self.sources, running)
        if not self._notify(condition_of(lisp_error), lisp_error):
            self._offer(lisp_error)

    def _notify(self, condition: object, error: LispError | None) -> bool:
        """Call the handlers from the innermost out; return whether a `try` is met that takes the error."""
        at = HANDLERS.get()
        while at is not None:
            if isinstance(at, tuple):
                if error is not None and takes(at, condition):
                    return True
                at = at[0]
            else:
                self._handle(at, condition, error)
                at = at.outer
        return False

    def _handle(self, binding: Binding, condition: object, lisp_error: LispError | None) -> None:
        with handlers_in_force(binding.outer):
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
        with handlers_in_force(None):
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
            "handlers": HANDLERS.get, "set_handlers": HANDLERS.set,
            "caught": self.caught, "cleanup": self.cleanup,
            "handler_bind": self.handler_bind, "handler_case": self.handler_case,
            "restart_case": self.restart_case,
        }  # fmt: skip

    def caught(self, error: Exception, outer: Handling | None) -> object:
        """Return what `catch` binds for `error`, and put the handlers around the `try` in force."""
        HANDLERS.set(outer)
        if isinstance(error, Thrown) and not isinstance(error.value, ErrorValue):
            mark_handled(error, error)
            return error.value  # which cannot tell where it was thrown, so nobody need find out
        lisp_error = as_lisp_error(error, self.sources)
        mark_handled(error, lisp_error)
        return condition_of(lisp_error)

    def cleanup(self, error: Exception, outer: Handling | None) -> None:
        """Signal an error that no clause of a `try` takes, before its `finally` runs."""
        HANDLERS.set(outer)
        self.passing(error)
        mark_handled(error, as_lisp_error(error, self.sources))

    def handler_bind(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk` with handlers in force: a test and a function in turn."""
        outer = HANDLERS.get()
        return self._bound(Binding(outer, list(zip(parts[::2], parts[1::2], strict=True))), thunk)

    def handler_case(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk`; a condition that a clause's test fits unwinds, and its function gives the value."""
        target = object()
        clauses = [
            (test, _leaving(target, function)) for test, function in zip(parts[::2], parts[1::2], strict=True)
        ]
        try:
            return self._bound(Binding(HANDLERS.get(), clauses), thunk)
        except Unwind as unwind:
            if unwind.target is not target:
                raise
            return unwind.arrive()  # inside, so that an error there knows its cause

    def _bound(self, binding: Binding, thunk: Thunk) -> object:
        established = RESTARTS.get()
        HANDLERS.set(binding)
        try:
            return thunk()
        except Exception as error:
            HANDLERS.set(binding)
            RESTARTS.set(established)
            self.passing(error)
            raise
        finally:
            HANDLERS.set(binding.outer)

    def restart_case(self, thunk: Thunk, *parts: Any) -> object:
        """Call `thunk` with restarts established: name, report, interactive function and function in turn."""
        target = object()
        outer, handlers = RESTARTS.get(), HANDLERS.get()
        mine = [Restart(target, *parts[at : at + 4]) for at in range(0, len(parts), 4)]
        try:
            return self._restartable(thunk, Established(outer, mine), handlers)
        except Unwind as unwind:
            if unwind.target is not target:
                raise
            there = unwind.with_traceback(None)
        finally:
            RESTARTS.set(outer)
            HANDLERS.set(handlers)
        return there.arrive()

    def _restartable(self, thunk: Thunk, established: Established, handlers: Handling | None) -> object:
        RESTARTS.set(established)
        try:
            return thunk()
        except Exception as error:
            HANDLERS.set(handlers)
            RESTARTS.set(established)
            self.passing(error)
            raise


def _nothing() -> None:
    """Return nil, which is what a form that was left comes to."""


def _leaving(target: object, function: Function) -> Function:
    def leave(condition: object) -> object:
        raise Unwind(target, function, (condition,))

    return leave
