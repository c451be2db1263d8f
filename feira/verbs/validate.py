"""`validate`: every problem of a package, each at its place; none hides another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.errors import InvalidManifest

from ..results import Piece, Result, Role, aside, finding_pieces, plural
from ..workspace import Workspace

__all__ = ["Validation", "findings_of", "validate"]


@dataclass(frozen=True, slots=True)
class Validation(Result):
    """The findings on a package, worst first."""

    nome: str | None
    findings: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no finding refuses the package."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield the findings, then the verdict."""
        yield from finding_pieces(self.findings, self.sources)
        name = self.nome or "the manifest"
        if self.ok:
            yield aside(f"✓ {name} is valid", Role.ADDED)
        else:
            errors = sum(finding.is_error for finding in self.findings)
            yield aside(f"✗ {name} has {plural(errors, 'error')}", Role.ERROR)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict and the findings."""
        return {"nome": self.nome, "ok": self.ok, "findings": [finding.to_json() for finding in self.findings]}


def validate(workspace: Workspace, subject: str | None = None) -> Validation:
    """Check a manifest and its files against caixa.md section 2, and what its ComputeUnit or mesh needs.

    Raises MissingManifest and UnreadablePackage, but not InvalidManifest: its findings are the answer.
    """
    try:
        package = workspace.package(subject)
    except InvalidManifest as error:
        caixa = error.reading.caixa
        return Validation(caixa.nome if caixa else None, error.reading.diagnostics, workspace.sources)
    return Validation(package.nome, findings_of(package.diagnostics()), workspace.sources)


def findings_of(findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return the findings, worst first, else in their order."""
    return tuple(sorted(findings, key=lambda finding: finding.severity.rank))
