"""Examples that can be checked: a form, and comments after it that say what comes of it.

`; => VALUE` is the value as `write` shows it, `; prints TEXT` one line of output (an empty one without TEXT),
and `; !! KIND` the kind or the tag of the error; `…` stands for any text. Any other comment is prose. Output
must be declared, a value need not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import LispError, Thrown
from ..objects import ErrorValue
from ..printer import write
from ..reader import read
from ..source import Source

if TYPE_CHECKING:
    from ..interpreter import Interpreter

__all__ = ["Check", "Outcome", "checks", "failures", "outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a form, or what should: its value as text, the lines written, the error by kind and tag."""

    value: str | None = None
    output: tuple[str, ...] = ()
    error: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A form as text, the line on which it begins, and what is said of it."""

    form: str
    line: int
    expected: Outcome


def checks(text: str) -> Iterator[Check]:
    """Yield the forms of `text` with what the comments after each say. Raises ReaderError."""
    source = Source("examples", text)
    forms = read(source).forms
    starts = [source.char_index(form.span.start) for form in forms[1:]]
    for form, next_start in zip(forms, [*starts, len(text)], strict=False):
        comments = text[source.char_index(form.span.end) : next_start].splitlines()
        line = source.position(form.span.start).line
        yield Check(source.slice(form.span), line, _expected([comment.strip() for comment in comments]))


def _expected(comments: list[str]) -> Outcome:
    values = [_after(comment, "; =>") for comment in comments if comment.startswith("; =>")]
    printed = [_after(comment, "; prints") for comment in comments if comment.startswith("; prints")]
    errors = [_after(comment, "; !!") for comment in comments if comment.startswith("; !!")]
    return Outcome(values[0] if values else None, tuple(printed), tuple(errors))


def _after(comment: str, mark: str) -> str:
    return comment[len(mark) :].removeprefix(" ")


def outcome(interpreter: Interpreter, check: Check, name: str) -> Outcome:
    """Evaluate the form of `check`, a source of its own as a cell is, and return what comes of it."""
    source = Source(f"{name}:{check.line}", check.form)
    written = io.StringIO()
    value: str | None = None
    error: tuple[str, ...] = ()
    with redirect_stdout(written), redirect_stderr(written):
        try:
            value = write(interpreter.evaluate(source))
        except LispError as raised:
            error = _kinds(raised)
        except SystemExit:
            error = ("exit",)
    return Outcome(value, tuple(written.getvalue().splitlines()), error)


def _kinds(error: LispError) -> tuple[str, ...]:
    """Return what a comment may call an error: its kind, and the tag of an error value that was thrown."""
    thrown = error.value if isinstance(error, Thrown) else None
    return (error.kind, thrown.tag.name) if isinstance(thrown, ErrorValue) else (error.kind,)


def failures(interpreter: Interpreter, text: str, name: str) -> list[str]:
    """Evaluate `text` form by form, and return a line for each that does not do what is said of it."""
    found = ((check, outcome(interpreter, check, name)) for check in checks(text))
    return [
        f"{name}:{check.line}: {check.form}\n  expected {_said(check.expected)}\n  got      {_said(real)}"
        for check, real in found
        if not _agrees(check.expected, real)
    ]


def _agrees(expected: Outcome, real: Outcome) -> bool:
    if set(expected.error) - set(real.error) or (real.error and not expected.error):
        return False
    if expected.value is not None and not _fits(expected.value, real.value):
        return False
    return len(expected.output) == len(real.output) and all(map(_fits, expected.output, real.output))


def _fits(expected: str, real: str | None) -> bool:
    pattern = ".*".join([re.escape(part) for part in expected.split("…")])
    return real is not None and re.fullmatch(pattern, real, re.DOTALL) is not None


def _said(outcome: Outcome) -> str:
    parts = [f"=> {outcome.value}"] if outcome.value is not None else []
    parts += [f"prints {line}" for line in outcome.output] + [f"!! {kind}" for kind in outcome.error]
    return "; ".join(parts) or "any value"
