"""What can go wrong in Lisp, as one tree.

Reportable
└── LispError                 carries a kind, the tag that `catch` and `error-tag` see
    ├── ReaderError           the text is not Lisp; subkind says how
    ├── TypeMismatch          a value of the wrong kind was given (also a TypeError)
    ├── DivisionByZero        (also a ZeroDivisionError)
    ├── NativeError           a native function refuses its arguments, for a reason of its own
    ├── IntegerTooLarge       an integer would pass 10⁷ bits (also an OverflowError)
    └── Thrown                a program threw a value
"""

from __future__ import annotations

from typing import Any

from .diagnostics import Diagnostic, Reportable, Severity
from .kinds import kind_of
from .source import Span

__all__ = [
    "DivisionByZero",
    "IntegerTooLarge",
    "LispError",
    "NativeError",
    "ReaderError",
    "Thrown",
    "TypeMismatch",
]


class LispError(Reportable):
    """An error of the language, with the kind of language.md section 4.6."""

    kind = "native-fn"

    def __init__(self, message: str, span: Span | None = None, *, fix: str = "", **data: Any) -> None:
        """Say what happened, where, and what to do; `data` are the values that belong to the kind."""
        super().__init__(Diagnostic(self.kind, Severity.ERROR, span, message, fix=fix, data=data))
        self.message = message
        self.span = span


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


class Thrown(LispError):
    """A value that a program threw and nothing has caught."""

    kind = "user"

    def __init__(self, value: object, span: Span | None = None) -> None:
        """Carry the thrown `value`."""
        from .printer import write_short  # noqa: PLC0415  # printing knows the values, whose errors these are

        super().__init__(f"uncaught: {write_short(value)}", span)
        self.value = value
