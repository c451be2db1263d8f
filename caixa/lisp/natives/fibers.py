"""The natives that run fibers or wait in one; each interpreter has its own (language.md 5.5 and 5.6)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from ..errors import ArityMismatch, LispError, NativeError, Thrown, TypeMismatch
from ..fibers.channel import Channel
from ..fibers.fiber import Fiber, FiberStatus, Origin
from ..fibers.ready import Shuffled
from ..fibers.scheduler import Scheduler
from ..fibers.waiting import BY_DEFAULT, TIMED_OUT, Choice, Operations
from ..kinds import is_procedure, kind_of
from ..lists import List, Vector
from ..names import Keyword
from ..objects import ErrorValue
from ..procedures import procedure_name
from ..source import Source
from .channels import channel_of
from .checks import integer_of, items_of, number_of
from .registry import Native, mark_native

__all__ = ["fiber_natives"]

_Functions = dict[str, Callable[..., object]]


def fiber_natives(
    scheduler: Scheduler, operations: Operations, sources: Mapping[str, Source]
) -> dict[str, Native]:
    """Return the natives that run, or wait, on `scheduler`; `sources` tell where fibers are."""
    functions = {
        **_outcomes(),
        **_running(scheduler, operations, sources),
        **_channels(operations),
        **_choosing(operations),
        **_times(operations),
    }
    marked = {name: mark_native(function, name) for name, function in functions.items()}
    marked["go"] = mark_native(_go(scheduler), "go", "(thunk &key name background)")
    marked["alts!"] = mark_native(_alts(operations), "alts!", "(operations &key default timeout)")
    marked["go-join"] = marked["await"]
    return marked


def _fiber(value: object) -> Fiber:
    if isinstance(value, Fiber):
        return value
    raise TypeMismatch("fiber", value)


def _options(function: str, options: tuple[object, ...], names: tuple[str, ...]) -> dict[str, object]:
    """Return the values of keyword arguments by name."""
    given: dict[str, object] = {}
    if len(options) % 2:
        raise ArityMismatch(function, f"takes keywords with values after its first argument: {_shown(names)}")
    for key, value in zip(options[::2], options[1::2], strict=True):
        if not isinstance(key, Keyword) or key.name not in names or key.name in given:
            raise ArityMismatch(function, f"takes each of {_shown(names)} once")
        given[key.name] = value
    return given


def _shown(names: tuple[str, ...]) -> str:
    return ", ".join([f":{name}" for name in names])


# -- fibers and their outcomes ------------------------------------------------------------------------------


def _go(scheduler: Scheduler) -> Callable[..., Fiber]:
    def go(thunk: object, *options: object) -> Fiber:
        """Return a fiber that will call `thunk` when fibers are run.

        A fiber in the `:background` may wait for ever without being part of a deadlock.
        """
        if not is_procedure(thunk) and kind_of(thunk) != "foreign":
            raise TypeMismatch("callable", thunk)
        given = _options("go", options, ("name", "background")) if options else {}
        frame = sys._getframe(1)
        named = given.get("name")
        name = _bare(named) if named is not None else procedure_name(thunk)
        made = scheduler.spawn(
            thunk,  # type: ignore[arg-type]  # what cannot be called fails when it is run
            "" if name in ("lambda", "Channel", "Fiber") else name,
            Origin(frame.f_code, frame.f_lasti),
        )
        made.is_background = given.get("background") not in (None, False)
        return made

    return go


def _bare(name: object) -> str:
    text = name if isinstance(name, str) else getattr(name, "name", None)
    if isinstance(text, str):
        return text
    raise TypeMismatch("string, symbol or keyword", name)


def _error_value(error: LispError) -> object:
    """Return what `go-run` has always made of an error: the thrown value, or a `:fiber-error`."""
    return error.value if isinstance(error, Thrown) else ErrorValue(Keyword("fiber-error"), error.message)


def _error_of(fiber: Fiber) -> object:
    fiber.is_observed = True
    if fiber.error is None and fiber.failure is not None:
        fiber.error = _error_value(fiber.failure)
    elif fiber.error is None and fiber.status is FiberStatus.CANCELLED:
        fiber.error = ErrorValue(Keyword("cancelled"), f"the fiber `{fiber.name}` was cancelled")
    return fiber.error


def _outcomes() -> _Functions:
    def is_fiber(value: object) -> bool:
        """Return whether `value` is a fiber."""
        return isinstance(value, Fiber)

    def go_status(fiber: object) -> Keyword:
        """Return `:pending`, `:running`, `:waiting`, `:done`, `:errored` or `:cancelled`."""
        return Keyword(_fiber(fiber).status.value)

    def go_name(fiber: object) -> str:
        """Return the name of a fiber: the one given to `go`, its procedure's, or its number."""
        return _fiber(fiber).name

    def go_result(fiber: object) -> object:
        """Return what a fiber came to, or nil if it is not done."""
        return _fiber(fiber).result

    def go_error(fiber: object) -> object:
        """Return the error by which a fiber failed, or nil."""
        return _error_of(_fiber(fiber))

    return {
        "go?": is_fiber,
        "go-status": go_status,
        "go-name": go_name,
        "go-result": go_result,
        "go-error": go_error,
    }


def _running(scheduler: Scheduler, operations: Operations, sources: Mapping[str, Source]) -> _Functions:
    def go_run(fiber: object) -> object:
        """Run a fiber to its end, once, and return its result or its error."""
        running = _fiber(fiber)
        operations.run_first(running)
        error = _error_of(running)
        return running.result if error is None else error

    def await_fiber(fiber: object) -> object:
        """Wait until a fiber has ended, and return its result or raise its error."""
        return operations.result(_fiber(fiber))

    def go_cancel(fiber: object) -> None:
        """End a fiber where it is: its `finally` clauses run, and cannot wait."""
        scheduler.cancel(_fiber(fiber))

    def run_fibers() -> None:
        """Run all fibers until none can go on; that some wait for ever is an error, but in the background."""
        operations.run_all()

    def current_fiber() -> object:
        """Return the fiber that runs this, or nil outside of any."""
        return scheduler.current

    def all_fibers() -> List:
        """Return the fibers that have not ended, the oldest first."""
        return List(scheduler.unfinished.values())

    def fibers() -> object:
        """Return a table of the fibers that have not ended: what each waits for, and where."""
        from ..fibers.table import FiberTable, row_of  # noqa: PLC0415  # not needed to start

        return FiberTable([row_of(fiber, sources) for fiber in scheduler.unfinished.values()])

    def call_with_schedule(seed: object, thunk: Callable[[], object]) -> object:
        """Call `thunk`, in which fibers take their turns in an order drawn from an integer."""
        from random import Random  # noqa: PLC0415  # not needed to start

        before = scheduler.ready
        scheduler.reorder(Shuffled(Random(integer_of(seed))))  # noqa: S311  # repeatable orders are the point
        try:
            return thunk()
        finally:
            scheduler.reorder(before)

    return {
        "go-run": go_run,
        "await": await_fiber,
        "go-cancel": go_cancel,
        "run-fibers": run_fibers,
        "current-fiber": current_fiber,
        "all-fibers": all_fibers,
        "fibers": fibers,
        "call-with-schedule": call_with_schedule,
    }


# -- waiting ------------------------------------------------------------------------------------------------


def _channels(operations: Operations) -> _Functions:
    send, receive = operations.send, operations.receive

    def put(channel: object, value: object) -> bool:
        """Put a value into a channel, and return whether it took it; a fiber waits while it is full."""
        if channel.__class__ is not Channel:
            raise TypeMismatch("channel", channel)
        return send(channel, value)

    def take(channel: object) -> object:
        """Return the next value of a channel, or `:closed`; a fiber waits for one, else it is `:empty`."""
        if channel.__class__ is not Channel:
            raise TypeMismatch("channel", channel)
        return receive(channel)

    return {">!": put, "<!": take}


def _choices(operations: object) -> list[Choice]:
    return [_choice(each) for each in items_of(operations)]


def _choice(operation: object) -> Choice:
    if isinstance(operation, Channel):
        return Choice(operation)
    if isinstance(operation, (List, Vector)) and len(operation) == 2:
        channel, value = operation
        return Choice(channel_of(channel), sends=True, value=value)
    raise TypeMismatch("channel, or a list of a channel and a value", operation)


def _choosing(operations: Operations) -> _Functions:
    def alts_index(choices: object, milliseconds: object, at_once: object) -> List:
        """Return the index and the outcome of the first operation that is possible; `alt` is made of it."""
        timeout = None if milliseconds is None else _seconds(milliseconds)
        found = operations.choose(_choices(choices), timeout, at_once=at_once is True)
        return List(found)

    return {"alts-index": alts_index}


def _alts(operations: Operations) -> Callable[..., List]:
    def alts(choices: object, *options: object) -> List:
        """Do the first operation that is possible, in the order of the list, and return its value and channel.

        A channel receives, a list of a channel and a value sends. If none is possible it waits, or returns the
        `:default` and `:default`, or after `:timeout` milliseconds nil and `:timeout`.
        """
        given = _options("alts!", options, ("default", "timeout")) if options else {}
        wanted = _choices(choices)
        timeout = _seconds(given["timeout"]) if given.get("timeout") is not None else None
        index, value = operations.choose(wanted, timeout, at_once="default" in given)
        if index == BY_DEFAULT:
            return List((given["default"], Keyword("default")))
        return List((value, Keyword("timeout") if index == TIMED_OUT else wanted[index].channel))

    return alts


def _seconds(milliseconds: object) -> float:
    number = number_of(milliseconds)
    if not number >= 0:
        raise NativeError("timeout", "the time is negative")
    return number / 1000


def _times(operations: Operations) -> _Functions:
    def timeout(milliseconds: object) -> Channel:
        """Return a channel that closes after some milliseconds."""
        return operations.timeout(_seconds(milliseconds))

    def give_way() -> None:
        """Let the other fibers have a turn."""
        operations.give_way()

    return {"timeout": timeout, "yield": give_way}
