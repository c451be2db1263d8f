"""What can go wrong in Lisp, as one tree.

Reportable
└── LispError                 carries a kind, the tag that `catch` and `error-tag` see
    ├── ReaderError           the text is not Lisp; subkind says how
    ├── TypeMismatch          a value of the wrong kind was given (also a TypeError)
    ├── DivisionByZero        (also a ZeroDivisionError)
    ├── NativeError           a native function refuses its arguments, for a reason of its own
    ├── CapabilityDenied      a native function may not do what it is asked for
    ├── IntegerTooLarge       an integer would pass 10⁷ bits (also an OverflowError)
    ├── OutOfMemory           more memory is needed than there is (also a MemoryError)
    ├── UnboundSymbol         a name that nothing is bound to (also a NameError)
    ├── ArityMismatch         a procedure got too few or too many arguments (also a TypeError)
    ├── NotCallable           something was called that is not a procedure (also a TypeError)
    ├── BadSpecialForm        a special form is not written as it must be (also a ValueError)
    ├── RecursionLimit        calls, forms or expansions go too deep (also a RecursionError)
    │   └── ExpansionLimit    a macro takes more work than looking at code may
    ├── Deadlock              fibers wait, and nothing can wake them
    ├── Cancelled             somebody waits for a fiber that was cancelled
    ├── RestartNotFound       no restart of this name is established here (also a LookupError)
    └── Thrown                a program threw a value
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .callstack import CallStack, Frame, stack_lines
from .diagnostics import Diagnostic, Reportable, Severity
from .kinds import kind_of
from .source import Source, Span

__all__ = [
    "ArityMismatch",
    "BadSpecialForm",
    "Cancelled",
    "CapabilityDenied",
    "Deadlock",
    "DivisionByZero",
    "ExpansionLimit",
    "Frame",
    "IntegerTooLarge",
    "LispError",
    "NativeError",
    "NotCallable",
    "Offer",
    "OutOfMemory",
    "ReaderError",
    "RecursionLimit",
    "RestartNotFound",
    "Thrown",
    "TypeMismatch",
    "UnboundSymbol",
]

_SHOWN_CAUSES = 5  # errors that led to one another


class Offer(NamedTuple):
    """A restart as it is shown to a person: its name, the parameters it takes, and what it would do."""

    name: str
    params: str
    report: str

    def __str__(self) -> str:
        call = f"({self.name}{' ' + self.params[1:-1] if len(self.params) > 2 else ''})"
        return f"{call} {self.report}".rstrip()


class LispError(Reportable):
    """An error of the language, with the kind of language.md section 4.6."""

    kind = "native-fn"
    facts: Mapping[str, object] = MappingProxyType({})
    """What a program that catches the error finds in its data, by keyword."""

    def __init__(self, message: str, span: Span | None = None, *, fix: str = "", **data: Any) -> None:
        """Say what happened, where, and what to do; `data` are the values that belong to the kind."""
        super().__init__(Diagnostic(self.kind, Severity.ERROR, span, message, fix=fix, data=data))
        self.message = message
        self.span = span
        self.is_located = span is not None
        self.cause: LispError | None = None  # the error that was being handled when this one was raised
        self.offers: tuple[Offer, ...] = ()  # the restarts that were there, if nobody took one
        self.is_signalled = False  # whether the handlers have been asked
        self.value: object = None  # what `catch` binds, once it is asked for; of Thrown from the start
        self.call_stack: CallStack | tuple[Frame, ...] = ()

    @property
    def stack(self) -> tuple[Frame, ...]:
        """The procedures that were running, outermost first."""
        return self.call_stack.frames if isinstance(self.call_stack, CallStack) else self.call_stack

    @stack.setter
    def stack(self, stack: CallStack | tuple[Frame, ...]) -> None:
        self.call_stack = stack

    @property
    def has_whole_stack(self) -> bool:
        """Whether the stack goes back to where the program began."""
        return not (isinstance(self.call_stack, CallStack) and self.call_stack.is_partial)

    def locate(self, span: Span | None, stack: CallStack | tuple[Frame, ...]) -> None:
        """Say where it happened, once: the first place that is known stays."""
        if self.is_located:
            return
        self.is_located = True
        self.span, self.stack = span, stack
        self.diagnostics = (self.diagnostics[0]._replace(span=span), *self.diagnostics[1:])

    def render(self, sources: Mapping[str, Source] = MappingProxyType({})) -> str:
        """Return the error as text: the procedures that were running, the restarts there were, its causes."""
        parts, seen = [self._rendered(sources)], [self]
        cause = self.cause
        while cause is not None and cause not in seen and len(seen) < _SHOWN_CAUSES:
            parts += ["caused by:", cause._rendered(sources)]
            seen.append(cause)
            cause = cause.cause
        return "\n".join(parts)

    def _rendered(self, sources: Mapping[str, Source]) -> str:
        def place(span: Span) -> str | None:
            source = sources.get(span.source)
            return f"{source.name}, {source.position(span.start)}" if source is not None else None

        restarts = [f"  restart: {offer}" for offer in self.offers]
        return "\n".join([super().render(sources), *stack_lines(self.stack, place), *restarts])


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

    def __init__(
        self, function: str, reason: str, span: Span | None = None, *, fix: str = "", **facts: object
    ) -> None:
        """Name the `function` as the program does, and the `reason`; `facts` are for who catches the error."""
        super().__init__(
            f"in native `{function}`: {reason}",
            span,
            fix=fix,
            **{"function": function, "reason": reason, **facts},
        )
        self.function = function
        self.reason = reason
        self.facts = facts


class CapabilityDenied(LispError):
    """A native function that would need a capability which the running code has not.

    No OSError, lest something between it and the program takes it for one that can be ignored.
    """

    kind = "capability-denied"

    def __init__(self, function: str, token: str) -> None:
        """Name the `function` as the program does, and the capability `token` that it would need."""
        super().__init__(
            f"`{function}` needs the capability `{token}`",
            fix=f"Grant `{token}`, or a wider one, to what runs this code.",
            function=function,
            token=token,
        )
        self.function = function
        self.token = token
        self.facts = {"function": function, "token": token}


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


class OutOfMemory(LispError, MemoryError):
    """A value, or all values together, would need more memory than there is."""

    kind = "out-of-memory"

    def __init__(self, message: str = "there is not enough memory for this", span: Span | None = None) -> None:
        """Say what is too large."""
        super().__init__(
            message, span, fix="Work on less at a time, or let go of large values: (define x nil)."
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
            self.diagnostics = (first._replace(fix=fix), *self.diagnostics[1:])


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


class ExpansionLimit(RecursionLimit):
    """A macro that takes more work than looking at code may; a program that runs is never refused this."""

    kind = "expansion-limit"

    def __init__(self, message: str, span: Span | None = None) -> None:
        """Say which macro it is, and what it took."""
        LispError.__init__(self, message, span, fix="Is there an end to what it does while it is expanded?")


class RestartNotFound(LispError, LookupError):
    """A restart that is not established where it is invoked."""

    kind = "restart-not-found"

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        """Name the restart, and those there are."""
        there = ", ".join([f"`{each}`" for each in dict.fromkeys(known)])
        fix = f"Those there are: {there}." if there else "Establish one with restart-case."
        super().__init__(f"there is no restart `{name}` here", fix=fix, restart=name)
        self.restart = name


class Deadlock(LispError):
    """Fibers that wait, with nothing left that could wake one of them."""

    kind = "deadlock"

    def __init__(self, count: int, fibers: str) -> None:
        """Say how many they are; `fibers` is the table of what each waits for, and where."""
        super().__init__(
            f"deadlock: nothing can wake {'the fiber' if count == 1 else f'any of {count} fibers'}\n{fibers}",
            fix="Send or close what they wait for. One that serves later cells belongs in the `:background`.",
            count=count,
        )
        self.facts = {"count": count}


class Cancelled(LispError):
    """A fiber was cancelled, and somebody waits for its result."""

    kind = "cancelled"

    def __init__(self, fiber: str) -> None:
        """Name the fiber."""
        super().__init__(f"the fiber `{fiber}` was cancelled", fix="`catch` this with the tag `:cancelled`.")


class Thrown(LispError):
    """A value that a program threw and nothing has caught."""

    kind = "user"

    def __init__(self, value: object, span: Span | None = None) -> None:
        """Carry the thrown `value`."""
        from .printer import write_short  # noqa: PLC0415  # printing knows the values, whose errors these are

        super().__init__(f"uncaught: {write_short(value)}", span)
        self.value = value
