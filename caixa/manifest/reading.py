"""The result of reading a manifest: the caixa, every problem, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Span
from caixa.lisp.syntax import Form

from .model import Caixa

__all__ = ["Path", "Reading", "Spans"]

Path = tuple[str | int, ...]
Spans = Mapping[Path, Span]


@dataclass(frozen=True)
class Reading:
    """What came of reading one form.

    `caixa` is None only when a required part is missing or mistyped; a caixa that decodes but breaks a rule is
    kept, so that a refused mesh can still be drawn. `problems` are what did not decode (caixa.md 1.1),
    `findings` what decodes and breaks a rule of section 2.
    """

    caixa: Caixa | None
    problems: tuple[Diagnostic, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    form: Form | None = None
    spans: Spans = field(default_factory=lambda: MappingProxyType({}))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found: problems first, then findings, each in the order of the rules."""
        return self.problems + self.findings

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that refuse the form."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.is_error)

    @property
    def is_valid(self) -> bool:
        """Whether there is a caixa and nothing refuses it."""
        return self.caixa is not None and not self.errors

    def span_of(self, *path: str | int) -> Span | None:
        """Return the place of a part, as `span_of("contratos", 0, "de")`, or of the nearest part around it."""
        steps: Path = tuple(step.replace("-", "_") if isinstance(step, str) else step for step in path)
        return nearest(self.spans, steps)


def nearest(spans: Spans, path: Path) -> Span | None:
    """Return the span of `path`, or of the nearest part around it that was written."""
    for size in range(len(path), -1, -1):
        span = spans.get(path[:size])
        if span is not None:
            return span
    return None
