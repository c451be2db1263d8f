"""From a Python exception to an error of the language: its kind, the exact sub-form, and who called whom.

Nothing of this costs anything until an error is caught. The place comes from the positions that the compiler
put into the code: of the innermost Lisp function in the traceback, the call it was in the middle of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import FrameType
from typing import TypeGuard

from . import values
from .callstack import CallStack
from .compiler.naming import lisp_name
from .errors import (
    ArityMismatch,
    DivisionByZero,
    LispError,
    NativeError,
    NotCallable,
    OutOfMemory,
    RecursionLimit,
    Thrown,
    UnboundSymbol,
)
from .source import Source
from .values import ErrorValue, Keyword

__all__ = ["as_lisp_error", "caught_value", "condition_of", "error_value", "finish", "mark_handled", "meaning"]

_LONGEST_CHAIN = 100  # exceptions that Python notes as the context of one another
_ARITY = re.compile(r"(?:^|\.)?([^.]*?)\(\) (takes .*|missing .*|got .*)\Z", re.DOTALL)
_NOT_CALLABLE = re.compile(r"'([^']*)' object is not callable")
_UNBOUND = re.compile(r"name '(.*)' is not defined|(?:local|free) variable '(.*?)' ", re.DOTALL)
_KINDS = {"NoneType": "nil", "str": "string"}  # the others are named as in Lisp, or say their kind themselves


def as_lisp_error(
    error: Exception, sources: Mapping[str, Source], running: FrameType | None = None
) -> LispError:
    """Return `error` as an error of the language, located where it happened; always the same for one `error`.

    `running` is the frame that is about to raise it, if it has not been raised yet.
    """
    lisp_error = meaning(error)
    if not lisp_error.is_located:
        _locate(lisp_error, error, sources, running)
    if lisp_error.cause is None:
        before = _handled_before(error, sources)
        lisp_error.cause = before.cause if _is_again(before, lisp_error) else before
    return lisp_error


def finish(error: Exception, sources: Mapping[str, Source]) -> LispError:
    """Return `error`, which nobody has handled, as an error of the language with its whole stack."""
    lisp_error = as_lisp_error(error, sources)
    if not lisp_error.has_whole_stack:
        lisp_error.stack = CallStack.of_traceback(error.__traceback__, sources)
    return lisp_error


def error_value(error: LispError) -> object:
    """Return what `catch` binds for `error`: the thrown value, or an error value with its kind as the tag."""
    if error.value is None and not isinstance(error, Thrown):
        error.value = _as_value(error)
    return error.value


def _as_value(error: LispError) -> ErrorValue:
    facts = [(Keyword(name), fact) for name, fact in error.facts.items()]
    return ErrorValue(Keyword(error.kind), error.message, facts)


def condition_of(error: LispError) -> object:
    """Return what handlers and `catch` see of `error`, told where it happened and what led to it."""
    value = error_value(error)
    if isinstance(value, ErrorValue):
        cause = None if error.cause is None else condition_of(error.cause)
        value.happened(error.span, error.call_stack, None if cause is value else cause)
    return value


def mark_handled(error: BaseException, lisp_error: LispError) -> None:
    """Note that the program handles `error`: what is raised meanwhile has it as its cause."""
    error.lisp_error = lisp_error  # type: ignore[attr-defined]  # an exception takes attributes
    error.is_handled = True  # type: ignore[attr-defined]  # likewise


def caught_value(sources: Mapping[str, Source]) -> Callable[[Exception], object]:
    """Return the function by which a caught exception is turned into a value."""

    def caught(error: Exception) -> object:
        lisp_error = as_lisp_error(error, sources)
        mark_handled(error, lisp_error)
        return condition_of(lisp_error)

    return caught


def meaning(error: Exception) -> LispError:
    """Return what `error` means in the language, located or not; always the same for one `error`."""
    if isinstance(error, LispError):
        return error
    known = getattr(error, "lisp_error", None)
    if not isinstance(known, LispError):
        known = error.lisp_error = _converted(error)  # type: ignore[attr-defined]  # as above
    return known


def _handled_before(error: BaseException, sources: Mapping[str, Source]) -> LispError | None:
    """Return the error that the program was handling when `error` was raised."""
    context = error.__context__
    for _ in range(_LONGEST_CHAIN):
        if context is None:
            break
        if getattr(context, "is_handled", False) is True:
            found: LispError = context.lisp_error  # type: ignore[attr-defined]  # marked with both
            if not found.is_located and found is context:  # caught without being asked for its place
                found = as_lisp_error(found, sources)
            return found if found is not error else None
        context = context.__context__
    return None


def _is_again(before: LispError | None, error: LispError) -> TypeGuard[LispError]:
    """Return whether `error` throws again what was thrown by `before`, which is being handled."""
    return before is not None and isinstance(error, Thrown) and error.value is before.value


def _locate(
    lisp_error: LispError, error: Exception, sources: Mapping[str, Source], running: FrameType | None
) -> None:
    before = _handled_before(error, sources)
    if _is_again(before, lisp_error):
        lisp_error.locate(before.span, before.call_stack)  # it happened where it did
        return
    trace = error.__traceback__
    if trace is None and running is not None:
        stack = CallStack.of_frame(running, sources)
    else:
        stack = CallStack.of_traceback(trace, sources)
    lisp_error.locate(stack.span, stack)


# -- kinds ------------------------------------------------------------------------------------------------


def _converted(error: Exception) -> LispError:
    for kind, convert in _CONVERSIONS:
        if isinstance(error, kind):
            converted = convert(error)
            if converted is not None:
                converted.__cause__ = error
                return converted
    converted = NativeError(type(error).__name__, str(error) or "it failed without a message")
    converted.__cause__ = error
    return converted


def _unbound(error: Exception) -> LispError | None:
    match = _UNBOUND.search(str(error))
    if match is None:
        return None
    return UnboundSymbol(lisp_name(next(name for name in match.groups() if name is not None)))


def _call_failed(error: Exception) -> LispError | None:
    text = str(error)
    if text == "the first argument must be callable":  # a tail call of something else
        return NotCallable(None)
    match = _NOT_CALLABLE.search(text)
    if match is not None:
        return NotCallable(_kind_named(match.group(1)))
    match = _ARITY.search(text)
    if match is None:
        return None
    wording = match.group(2).replace(" positional", "").replace(" required", "")
    return ArityMismatch(_function_name(match.group(1)), wording)


def _kind_named(class_name: str) -> str:
    """Return the kind of the values of a Python class, of which an error message gives the name."""
    declared = getattr(getattr(values, class_name, None), "__lisp_kind__", None)
    return declared if isinstance(declared, str) else _KINDS.get(class_name, class_name)


def _function_name(name: str) -> str:
    bare = lisp_name(name)
    return "lambda" if not bare or bare.startswith("\x01") or bare == "<lambda>" else bare


def _out_of_memory(error: Exception) -> LispError:
    """Return the error, and let go at once of what the calls that it ended were holding."""
    from traceback import clear_frames  # noqa: PLC0415  # Python's own module takes 5 ms to load

    clear_frames(error.__traceback__)
    return OutOfMemory(str(error.args[0])) if error.args else OutOfMemory()


def _left_without_memory(error: Exception) -> LispError | None:
    """CPython 3.11 cannot raise MemoryError when there is none left for the frame of a call."""
    return (
        _out_of_memory(MemoryError().with_traceback(error.__traceback__))
        if _NO_ERROR_SET in str(error)
        else None
    )


_NO_ERROR_SET = "without exception set"

_CONVERSIONS: tuple[tuple[type[Exception], Callable[[Exception], LispError | None]], ...] = (
    (NameError, _unbound),
    (RecursionError, lambda _: RecursionLimit()),
    (TypeError, _call_failed),
    (ZeroDivisionError, lambda _: DivisionByZero()),
    (MemoryError, _out_of_memory),
    (SystemError, _left_without_memory),
)
