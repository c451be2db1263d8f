"""Conditions and restarts as Lisp calls them; conditions.py is the machinery behind these names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import NoReturn

from ..callstack import CallStack, Frame
from ..conditions import Conditions, Restart, find_restart, invoke_restart, restarts
from ..errors import TypeMismatch
from ..lists import List
from ..maps import Map
from ..names import Keyword, Symbol
from ..objects import ErrorValue
from ..source import Span
from .registry import Native, mark_native

__all__ = ["condition_natives"]


def condition_natives(conditions: Conditions) -> dict[str, Native]:
    """Return the natives that signal, restart and look into errors, for one interpreter, by name."""
    named: dict[str, Callable[..., object]] = {
        **_signalling(conditions),
        **_restarting(conditions),
        **_looking(conditions),
    }
    natives = {name: mark_native(function, name) for name, function in named.items()}
    return {**natives, "raise": natives["throw"]}


def _signalling(conditions: Conditions) -> dict[str, Callable[..., object]]:
    def throw(value: object) -> NoReturn:
        """Raise any value: handlers see it first, then `catch` binds it."""
        conditions.throw(value, sys._getframe(1))
        raise AssertionError  # not reached: what is thrown has left

    def signal(condition: object) -> None:
        """Ask the handlers for a condition; return nil if none of them takes it, and raise nothing."""
        conditions.signal(condition)

    def warn(condition: object) -> None:
        """Signal a warning, a text or an error value; unless it is muffled, write it to standard error."""
        conditions.warn(condition, _write_warning)

    return {"throw": throw, "signal": signal, "warn": warn}


def _write_warning(warning: ErrorValue) -> None:
    sys.stderr.write(f"warning: {warning.message}\n")


# -- restarts -----------------------------------------------------------------------------------------------


def _restart(value: object) -> Restart:
    if isinstance(value, Restart):
        return value
    raise TypeMismatch("restart", value)


def _restarting(conditions: Conditions) -> dict[str, Callable[..., object]]:
    def compute_restarts() -> List:
        """Return the restarts that can be invoked here, innermost first."""
        return List(restarts())

    def restart_name(restart: object) -> Symbol:
        """Return the name of a restart, a symbol."""
        return _restart(restart).name

    def restart_report(restart: object) -> str:
        """Return what a restart would do, in words."""
        return _restart(restart).report

    def default_restart(name: object, *arguments: object) -> None:
        """Take this restart of an error that nothing handles when nobody is there to choose; nil for none."""
        if name is None:
            conditions.default = None
        elif isinstance(name, (Symbol, Keyword)):
            conditions.default = name.name, arguments
        else:
            raise TypeMismatch("symbol or nil", name)

    return {
        "invoke-restart": invoke_restart,
        "find-restart": find_restart,
        "compute-restarts": compute_restarts,
        "restart-name": restart_name,
        "restart-report": restart_report,
        "default-restart": default_restart,
        "abort": _standard("abort", "Leave what is going on, by the restart `abort`, which must be there."),
        "muffle-warning": _standard("muffle-warning", "Say nothing of the warning that is being signalled."),
        "continue": _standard("continue", "Go on by the restart `continue`, or return nil.", is_needed=False),
        "retry": _standard("retry", "Try again by the restart `retry`, or return nil.", is_needed=False),
        "use-value": _with_value(
            "use-value", "Use this value instead, by the restart `use-value`, or return nil."
        ),
        "store-value": _with_value("store-value", "Keep and use this value, by `store-value`, or return nil."),
    }


def _standard(name: str, doc: str, *, is_needed: bool = True) -> Callable[..., object]:
    def take() -> object:
        if find_restart(name) is None and not is_needed:
            return None
        return invoke_restart(name)

    take.__doc__ = doc
    return take


def _with_value(name: str, doc: str) -> Callable[..., object]:
    def take(value: object) -> object:
        return invoke_restart(name, value) if find_restart(name) is not None else None

    take.__doc__ = doc
    return take


# -- where an error happened ----------------------------------------------------------------------------------


def _looking(conditions: Conditions) -> dict[str, Callable[..., object]]:
    def error_stack(error: object) -> List:
        """Return the calls that an error happened in, innermost first: maps of :name, :source, :line, :column.

        A call by a native, as `map` makes them, has its name under :via. Where calls are left out of a deep
        recursion, a map of :skipped, their number, and :names stands for them.
        """
        if not isinstance(error, ErrorValue):
            raise TypeMismatch("error", error)
        stack = error.stack.frames if isinstance(error.stack, CallStack) else error.stack
        return List(_calls(stack, place))

    def error_place(error: object) -> Map | None:
        """Return where an error was last raised, a map of :source, :line and :column, or nil."""
        if not isinstance(error, ErrorValue):
            raise TypeMismatch("error", error)
        found = place(error.span)
        return Map(found) if found else None

    def place(span: Span | None) -> list[tuple[object, object]]:
        source = conditions.sources.get(span.source) if span is not None else None
        if source is None or span is None:
            return []
        position = source.position(span.start)
        return [
            (Keyword("source"), source.name),
            (Keyword("line"), position.line),
            (Keyword("column"), position.column),
        ]

    return {"error-stack": error_stack, "error-place": error_place}


def _calls(
    stack: tuple[Frame, ...], place: Callable[[Span | None], list[tuple[object, object]]]
) -> Iterator[Map]:
    for frame in reversed(stack):
        via = [(Keyword("via"), frame.via)] if frame.via else []
        yield Map([(Keyword("name"), frame.name), *place(frame.span), *via])
        if frame.skipped is not None:
            skipped = frame.skipped
            yield Map([(Keyword("skipped"), skipped.number), (Keyword("names"), List(skipped.names))])
