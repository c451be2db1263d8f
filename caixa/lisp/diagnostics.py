"""What is said of a text: a stable code, a place, what was found, why it matters and what to do.

Every layer reports in this one shape (DESIGN sections 3.3 and 11), so that a cell, `feira`, the linter
and an editor all show a problem in the same words, with the caret under the same sub-form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from .excerpt import Excerpt
from .source import Source, Span

__all__ = ["Diagnostic", "Edit", "Reportable", "Severity", "render", "render_all"]


class Severity(StrEnum):
    """How much a diagnostic matters; only an error refuses."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for an error, 3 for a hint: a sort key, worst first."""
        return list(Severity).index(self)


class Edit(NamedTuple):
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


class Diagnostic(NamedTuple):
    """One finding about a text.

    `code` is stable and kebab-case; `message` says what was found; `why` what rule it breaks; `fix` what to
    do, as a sentence; `edits` the same as edits, where that can be done mechanically; `data` the values that
    a program would want (the error data of caixa.md section 2).
    """

    code: str
    severity: Severity
    span: Span | None
    message: str
    why: str = ""
    fix: str = ""
    edits: tuple[Edit, ...] = ()
    data: Mapping[str, Any] = MappingProxyType({})

    @property
    def is_error(self) -> bool:
        """Whether this finding refuses what it was found in."""
        return self.severity is Severity.ERROR

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain data, for `--json`."""
        span = self.span and {"source": self.span.source, "start": self.span.start, "end": self.span.end}
        return {
            "code": self.code,
            "severity": self.severity.value,
            "span": span,
            "message": self.message,
            "why": self.why,
            "fix": self.fix,
            "data": dict(self.data),
        }


class Reportable(Exception):
    """An error that is meant to be read by the person who caused it: the root of every package's error tree."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        """Carry one or more diagnostics; the first is the headline."""
        super().__init__(diagnostics[0].message if diagnostics else "")
        self.diagnostics = diagnostics

    def render(self, sources: Mapping[str, Source] = MappingProxyType({})) -> str:
        """Return every diagnostic as text, with source lines where `sources` has them."""
        return render_all(self.diagnostics, sources)


def render_all(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """Return the diagnostics as text, one after another with a blank line between."""
    return "\n\n".join(render(diagnostic, sources) for diagnostic in diagnostics)


def render(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    """Return one diagnostic as text: headline, place, source line with carets, why and what to do."""
    lines = [f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}"]
    lines += _excerpt(diagnostic.span, sources)
    if diagnostic.why:
        lines.append(f"  why: {diagnostic.why}")
    if diagnostic.fix:
        lines.append(f"  fix: {diagnostic.fix}")
    return "\n".join(lines)


def _excerpt(span: Span | None, sources: Mapping[str, Source]) -> list[str]:
    if span is None:
        return []
    source = sources.get(span.source)
    if source is None:
        return [f"  in {span.source}"]
    start, line, pad, carets = Excerpt.of(source, span)
    gutter = " " * len(str(start.line))
    return [
        f"  in {span.source}, {start}",
        f"{start.line} | {line}",
        f"{gutter} | {pad}{carets}",
    ]
