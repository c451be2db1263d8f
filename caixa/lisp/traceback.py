"""From a Python exception to an error of the language: its kind, the exact sub-form, and who called whom.

Nothing of this costs anything until an error is caught. The place comes from the positions that the compiler
put into the code: of the innermost Lisp function in the traceback, the call it was in the middle of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import islice
from types import CodeType, FrameType, TracebackType

from . import values
from .compiler.naming import lisp_name, support_name
from .errors import (
    ArityMismatch,
    DivisionByZero,
    Frame,
    IntegerTooLarge,
    LispError,
    NativeError,
    NotCallable,
    RecursionLimit,
    Thrown,
    UnboundSymbol,
)
from .procedures import code_name
from .source import Source, Span
from .values import ErrorValue, Keyword

__all__ = ["as_lisp_error", "caught_value", "error_value"]

MAX_STACK = 100  # frames kept of a call stack, the innermost
_SENTINEL = support_name("missing")
_ARITY = re.compile(r"(?:^|\.)?([^.]*?)\(\) (takes .*|missing .*|got .*)\Z", re.DOTALL)
_NOT_CALLABLE = re.compile(r"'([^']*)' object is not callable")
_UNBOUND = re.compile(r"name '(.*)' is not defined|(?:local|free) variable '(.*?)' ", re.DOTALL)
_KINDS = {"NoneType": "nil", "str": "string"}  # the others are named as in Lisp, or say their kind themselves


def as_lisp_error(error: Exception, sources: Mapping[str, Source]) -> LispError:
    """Return `error` as an error of the language, located where it happened."""
    lisp_error = error if isinstance(error, LispError) else _converted(error)
    if not lisp_error.is_located:
        span, stack = _where(error.__traceback__, sources)
        lisp_error.locate(span, stack)
    return lisp_error


def error_value(error: LispError) -> object:
    """Return what `catch` binds for `error`: the thrown value, or an error value with its kind as the tag."""
    if isinstance(error, Thrown):
        return error.value
    return ErrorValue(Keyword(error.kind), error.message)


def caught_value(sources: Mapping[str, Source]) -> Callable[[Exception], object]:
    """Return the function by which compiled code turns a caught exception into a value."""

    def caught(error: Exception) -> object:
        return error_value(as_lisp_error(error, sources))

    return caught


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
    return UnboundSymbol(lisp_name(match.group(1) or match.group(2)))


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


_CONVERSIONS: tuple[tuple[type[Exception], Callable[[Exception], LispError | None]], ...] = (
    (NameError, _unbound),
    (RecursionError, lambda _: RecursionLimit()),
    (TypeError, _call_failed),
    (ZeroDivisionError, lambda _: DivisionByZero()),
    (MemoryError, lambda _: IntegerTooLarge()),
)


# -- places -----------------------------------------------------------------------------------------------


def _where(trace: TracebackType | None, sources: Mapping[str, Source]) -> tuple[Span | None, tuple[Frame, ...]]:
    """Return the innermost place in Lisp code, and the procedures that led there, outermost first."""
    frames: list[tuple[FrameType, int]] = []
    while trace is not None:
        if _is_lisp(trace.tb_frame):
            frames.append((trace.tb_frame, trace.tb_lasti))
        trace = trace.tb_next
    if not frames:
        return None, ()
    shown = frames[-MAX_STACK:]
    spans = [_span(frame.f_code, at, sources) for frame, at in shown]
    names = [code_name(frame.f_code) for frame, _ in shown]
    stack = map(Frame, names, spans, [None, *spans])
    own = [span for span in spans if span is not None]
    return (own[-1] if own else None), tuple(each for each in stack if not each.name.startswith("\x01"))


def _is_lisp(frame: FrameType) -> bool:
    return _SENTINEL in frame.f_builtins


def _span(code: CodeType, at: int, sources: Mapping[str, Source]) -> Span | None:
    source = sources.get(code.co_filename)
    if source is None:
        return None
    line, end_line, column, end_column = next(islice(code.co_positions(), at // 2, None), (None,) * 4)
    if line is None or end_line is None or column is None or end_column is None:
        return None
    try:
        return Span(source.name, source.offset_at(line, column), source.offset_at(end_line, end_column))
    except IndexError:  # the source has been replaced by another of the same name
        return None
