"""Checks: what `is` and `is-error` do with a condition that does not hold.

Inside a test it is noted, and the test goes on; outside one it is an error like any other. The note goes
through a context variable, so that a check in a fiber, or inside `try`, counts for the test that started it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar

from ..diagnostics import Diagnostic, Severity
from ..errors import LispError
from ..lists import List
from ..names import Keyword, Symbol
from ..objects import ErrorValue
from ..printer import display, write, write_short
from ..source import Span
from .differences import differences

__all__ = ["CheckFailed", "check_call", "check_error", "check_value", "noted"]

noted: ContextVar[list[CheckFailed] | None] = ContextVar("noted", default=None)
"""The failures of the test that is running, or None outside of any."""

_EQUALITIES = frozenset({"=", "equal?", "eq?", "eqv?"})


class CheckFailed(LispError):
    """A condition of a test that does not hold."""

    kind = "check-failed"

    def __init__(self, message: str, span: Span, details: Sequence[str] = ()) -> None:
        """Say what does not hold; `details` are lines about the values that are involved."""
        super().__init__(message, span)
        why = "\n       ".join(details)  # aligned after "  why: "
        self.diagnostics = (Diagnostic(self.kind, Severity.ERROR, span, message, why=why),)


def check_value(written: str, message: object, span: Span, value: object) -> object:
    """Return `value`, the value of the form `written`; fail unless it is true."""
    if value is None or value is False:
        _fail(CheckFailed(_headline(written, value, message), span))
    return value


def check_call(  # noqa: PLR0913, PLR0917  # what the expander knows, and what the operands came to
    written: str,
    message: object,
    span: Span,
    texts: List,
    function: Callable[..., object],
    operands: Sequence[object],
) -> object:
    """Call `function` and return its value; unless it is true, fail and tell of the operands.

    `texts` are its name and, for each operand that is no literal, how that is written.
    """
    value = function(*operands)
    if value is None or value is False:
        name, *forms = texts
        details = [
            f"{form} is {write_short(operand)}" for form, operand in zip(forms, operands, strict=True) if form
        ]
        if len(operands) == 2 and name in _EQUALITIES:
            details += differences(*operands)
        _fail(CheckFailed(_headline(written, value, message), span, details))
    return value


def check_error(
    tag: object,
    span: Span,
    thunk: Callable[[], object],
    as_lisp_error: Callable[[Exception], LispError],
    as_value: Callable[[LispError], object],
) -> object:
    """Call `thunk`, which must raise an error with that tag, and return the error as a value."""
    wanted = tag.name if isinstance(tag, (Keyword, Symbol)) else display(tag)
    try:
        value = thunk()
    except Exception as error:  # whatever it raises is what is asked about
        raised = as_lisp_error(error)
        caught = as_value(raised)
        found = caught.tag.name if isinstance(caught, ErrorValue) else raised.kind
        if wanted not in (found, raised.kind):
            message = f"an error :{found} was raised where :{wanted} is expected"
            _fail(CheckFailed(message, span, [raised.message]))
        return caught
    _fail(
        CheckFailed(f"no error was raised where :{wanted} is expected", span, [f"it is {write_short(value)}"])
    )
    return None


def _fail(failure: CheckFailed) -> None:
    failures = noted.get()
    if failures is None:
        raise failure
    failures.append(failure)


def _headline(written: str, value: object, message: object) -> str:
    said = f": {display(message)}" if message is not None else ""
    return f"{written} is {'nil' if value is None else write(value)}{said}"
