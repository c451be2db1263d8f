"""An exception as the content of an error message: what, where, why and what to do, in colour."""

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.errors import OutOfMemory
from caixa.lisp.source import Source

from .errors import ExitRefused

__all__ = ["ErrorReport", "colour", "report"]

RED, GREEN, BLUE, DIM, BOLD_RED, BOLD_YELLOW = "31", "32", "34", "2", "1;31", "1;33"


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """The three fields that an `error` message and a failed reply share."""

    ename: str
    evalue: str
    traceback: tuple[str, ...]

    def content(self) -> dict[str, Any]:
        """Return the fields as message content."""
        return {"ename": self.ename, "evalue": self.evalue, "traceback": list(self.traceback)}


def report(error: BaseException, sources: Mapping[str, Source]) -> ErrorReport:
    """Describe `error` for the person who wrote the cell; `sources` are the texts that it may point into."""
    if isinstance(error, SystemExit):
        error = ExitRefused()
    if isinstance(error, KeyboardInterrupt):
        return _stopped()
    if isinstance(error, MemoryError) and not isinstance(error, Reportable):
        error = OutOfMemory(*error.args[:1])  # while the value of a cell was shown
    if isinstance(error, Reportable):
        try:
            return _rendered(error, sources)
        except Exception as fault:  # a fault of ours must not keep the error from being reported
            error.add_note(f"(it could not be rendered: {fault!r})")
    return _foreign(error)


def _rendered(error: Reportable, sources: Mapping[str, Source]) -> ErrorReport:
    code = error.diagnostics[0].code if error.diagnostics else type(error).__name__
    return ErrorReport(code, str(error), tuple(colour(error.render(sources)).split("\n")))


def _stopped() -> ErrorReport:
    text = f"{_paint(BOLD_YELLOW, 'KeyboardInterrupt')}: stopped; names and caixas are as before this cell"
    return ErrorReport("KeyboardInterrupt", "stopped", (text,))


def _foreign(error: BaseException) -> ErrorReport:
    """Describe an exception that no layer has put into words: from a Python cell, or a fault of ours."""
    name = type(error).__name__
    lines = traceback.format_exception(error)
    lines[-1] = f"{_paint(BOLD_RED, name)}: {error}"
    return ErrorReport(name, str(error), tuple("".join(lines).split("\n")))


def colour(text: str) -> str:
    """Return the text of rendered diagnostics (diagnostics.render) with ANSI colours."""
    return "\n".join(_colour_line(line) for line in text.split("\n"))


def _colour_line(line: str) -> str:
    for pattern, paint in _RULES:
        match = pattern.fullmatch(line)
        if match:
            return paint(match)
    return line


def _paint(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(error\[[^]]*\])(.*)"), lambda m: _paint(BOLD_RED, m[1]) + m[2]),
    (re.compile(r"((?:warning|info|hint)\[[^]]*\])(.*)"), lambda m: _paint(BOLD_YELLOW, m[1]) + m[2]),
    (re.compile(r"( +\| *\t*)(\^+)"), lambda m: _paint(BLUE, m[1]) + _paint(BOLD_RED, m[2])),
    (re.compile(r"(\d+ \|)(.*)"), lambda m: _paint(BLUE, m[1]) + m[2]),
    (re.compile(r"(  in )(.*)"), lambda m: _paint(DIM, m[0])),
    (re.compile(r"(  why:)(.*)"), lambda m: _paint(DIM, m[1]) + m[2]),
    (re.compile(r"(  fix:)(.*)"), lambda m: _paint(GREEN, m[1]) + m[2]),
)
