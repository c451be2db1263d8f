"""What can go wrong in Lisp, as one tree.

Reportable
└── LispError                 carries a kind, the tag that `catch` and `error-tag` see
    ├── ReaderError           the text is not Lisp; subkind says how
    ├── TypeMismatch          a value of the wrong kind was given (also a TypeError)
    ├── DivisionByZero        (also a ZeroDivisionError)
    ├── NativeError           a native function refuses its arguments, for a reason of its own
    ├── IntegerTooLarge       an integer would pass 10⁷ bits (also an OverflowError)
    ├── UnboundSymbol         a name that nothing is bound to (also a NameError)
    ├── ArityMismatch         a procedure got too few or too many arguments (also a TypeError)
    ├── NotCallable           something was called that is not a procedure (also a TypeError)
    ├── BadSpecialForm        a special form is not written as it must be (also a ValueError)
    ├── RecursionLimit        calls, forms or expansions go too deep (also a RecursionError)
    └── Thrown                a program threw a value
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from .diagnostics import Diagnostic, Reportable, Severity
from .kinds import kind_of
from .source import Source, Span

__all__ = [
    "ArityMismatch",
    "BadSpecialForm",
    "DivisionByZero",
    "Frame",
    "IntegerTooLarge",
    "LispError",
    "NativeError",
    "NotCallable",
    "ReaderError",
    "RecursionLimit",
    "Thrown",
    "TypeMismatch",
    "UnboundSymbol",
]

_SHOWN_FRAMES = 8  # of a call stack, the innermost: more would hide the message


class Frame(NamedTuple):
    """A procedure that was running when an error happened: where in it, and where it was called."""

    name: str
    span: Span | None
    called_at: Span | None = None


class LispError(Reportable):
    """An error of the language, with the kind of language.md section 4.6."""

    kind = "native-fn"

    def __init__(self, message: str, span: Span | None = None, *, fix: str = "", **data: Any) -> None:
        """Say what happened, where, and what to do; `data` are the values that belong to the kind."""
        super().__init__(Diagnostic(self.kind, Severity.ERROR, span, message, fix=fix, data=data))
        self.message = message
        self.span = span
        self.stack: tuple[Frame, ...] = ()
        self.is_located = span is not None

    def locate(self, span: Span | None, stack: tuple[Frame, ...]) -> None:
        """Say where it happened, once: the first place that is known stays."""
        if self.is_located:
            return
        self.is_located = True
        self.span, self.stack = span, stack
        self.diagnostics = (replace(self.diagnostics[0], span=span), *self.diagnostics[1:])

    def render(self, sources: Mapping[str, Source] = MappingProxyType({})) -> str:
        """Return the error as text, followed by the procedures that were running."""
        shown = self.stack[-_SHOWN_FRAMES:]
        return "\n".join([super().render(sources), *(_frame_line(frame, sources) for frame in reversed(shown))])


def _frame_line(frame: Frame, sources: Mapping[str, Source]) -> str:
    at = frame.called_at
    source = sources.get(at.source) if at else None
    place = f"{source.name}, {source.position(at.start)}" if source and at else "a native"
    return f"  in {frame.name}, called from {place}"


class ReaderError(LispError):
    """A text that does not read; `subkind` is one of the reader errors of language.md section 1.3."""

    kind = "reader"

    def __init__(self, subkind: str, message: str, span: Span, *, fix: str = "") -> None:
        """Say which rule of the grammar is broken, and where."""
        super().__init__(message, span, fix=fix, subkind=subkind)
        self.subkind = subkind


class TypeMismatch(LispError, TypeError):
    """A value of another kind than the one that is needed."""

    kind = "type-mismatch"

    def __init__(self, expected: str, got: object, span: Span | None = None) -> None:
        """Say what was `expected`, in words, and keep what was `got`."""
        super().__init__(f"expected {expected}, got {kind_of(got)}", span, expected=expected, got=kind_of(got))
        self.expected = expected
        self.got = got


class DivisionByZero(LispError, ZeroDivisionError):
    """A division, quotient or remainder by zero."""

    kind = "division-by-zero"

    def __init__(self, span: Span | None = None) -> None:
        """There is nothing more to say."""
        super().__init__("division by zero", span)


class NativeError(LispError):
    """A native function that cannot do what it is asked for, though the kinds of its arguments are right."""

    kind = "native-fn"

    def __init__(self, function: str, reason: str, span: Span | None = None, *, fix: str = "") -> None:
        """Name the `function` as the program does, and the `reason`."""
        super().__init__(f"in native `{function}`: {reason}", span, fix=fix, function=function, reason=reason)
        self.function = function
        self.reason = reason


class IntegerTooLarge(LispError, OverflowError):
    """An integer that would have more than 10⁷ bits."""

    kind = "integer-too-large"

    def __init__(self, span: Span | None = None) -> None:
        """Say the bound and a way around it."""
        super().__init__(
            "this integer would have more than 10,000,000 bits",
            span,
            fix="Compute with floats, or modulo a number.",
        )


class UnboundSymbol(LispError, NameError):
    """A symbol that is bound to nothing."""

    kind = "unbound-symbol"

    def __init__(self, symbol: str, span: Span | None = None, *, fix: str = "") -> None:
        """Name the `symbol`; `fix` may suggest another."""
        super().__init__(f"unbound symbol `{symbol}`", span, fix=fix, symbol=symbol)
        self.symbol = symbol

    def suggest(self, names: Iterable[str]) -> None:
        """Propose the names most like this one as a fix, unless there is a fix already."""
        from difflib import get_close_matches  # noqa: PLC0415  # needed only once something is wrong

        close = get_close_matches(self.symbol, names, n=3, cutoff=0.7)
        first = self.diagnostics[0]
        if close and not first.fix:
            fix = f"Did you mean {' or '.join(f'`{name}`' for name in dict.fromkeys(close))}?"
            self.diagnostics = (replace(first, fix=fix), *self.diagnostics[1:])


class ArityMismatch(LispError, TypeError):
    """A procedure that got too few or too many arguments."""

    kind = "arity-mismatch"

    def __init__(self, function: str, message: str, span: Span | None = None) -> None:
        """Name the `function`; `message` says how many it takes and how many it got."""
        super().__init__(f"`{function}` {message}", span, function=function)
        self.function = function


class NotCallable(LispError, TypeError):
    """A call of something that is neither a closure nor a native."""

    kind = "not-callable"

    def __init__(self, kind: str | None, span: Span | None = None) -> None:
        """Say the `kind` of value that was called, if it is known."""
        what = "what is called here" if kind is None else f"a value of type {kind}"
        super().__init__(f"{what} is not callable", span, fix="Call a function.", got=kind)


class BadSpecialForm(LispError, ValueError):
    """A special form that is not written as it must be."""

    kind = "bad-special-form"

    def __init__(self, form: str, reason: str, span: Span | None, *, fix: str = "") -> None:
        """Name the `form`, and say what is wrong with it."""
        super().__init__(f"bad `{form}`: {reason}", span, fix=fix, form=form, reason=reason)
        self.form = form
        self.reason = reason


class RecursionLimit(LispError, RecursionError):
    """Calls, forms or expansions nested deeper than is allowed."""

    kind = "recursion-limit"

    def __init__(self, message: str = "calls are nested too deep", span: Span | None = None) -> None:
        """Say what goes too deep."""
        super().__init__(message, span, fix="Is there an end to the recursion? Call in tail position, or loop.")


class Thrown(LispError):
    """A value that a program threw and nothing has caught."""

    kind = "user"

    def __init__(self, value: object, span: Span | None = None) -> None:
        """Carry the thrown `value`."""
        from .printer import write_short  # noqa: PLC0415  # printing knows the values, whose errors these are

        super().__init__(f"uncaught: {write_short(value)}", span)
        self.value = value
