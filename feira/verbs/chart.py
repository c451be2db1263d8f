"""`chart`: the Helm chart of a Servico as files (caixa.md section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..files import write_files
from ..results import Piece, Result, Role, aside, finding_pieces, written_pieces
from ..sources import Chained
from ..workspace import Workspace

__all__ = ["ChartWritten", "chart"]


@dataclass(frozen=True, slots=True)
class ChartWritten(Result):
    """A chart on disk: its files below `directory`, and those that changed."""

    nome: str
    directory: str
    files: tuple[str, ...]
    changed: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no finding refuses the chart; nothing was written otherwise."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file, then the findings."""
        yield from finding_pieces(self.findings, self.sources)
        if not self.ok:
            yield aside(f"✗ no chart was written for {self.nome}", Role.ERROR)
        yield from written_pieces(self.directory, self.files, self.changed)

    def to_json(self) -> dict[str, Any]:
        """Return where the chart is and what changed."""
        return {
            "nome": self.nome,
            "ok": self.ok,
            "directory": self.directory,
            "files": list(self.files),
            "changed": list(self.changed),
            "findings": [finding.to_json() for finding in self.findings],
        }


def chart(workspace: Workspace, subject: str | None = None, out: str = ".caixa/chart") -> ChartWritten:
    """Write `lareira-<nome>/` below `out` (relative to the workspace), unless a finding refuses it.

    Raises NotAServico, UnsupportedServicoCount, MissingField and FileProblem.
    """
    from caixa_renderers import render  # noqa: PLC0415 - brings in YAML

    package = workspace.package(subject)
    rendering = render(package, "helm")
    sources = Chained(rendering.sources, workspace.sources)
    if any(finding.is_error for finding in rendering.findings):
        return ChartWritten(package.nome, out, (), (), rendering.findings, sources)
    files = {artifact.path: artifact.text.encode() for artifact in rendering.artifacts}
    changed = write_files(workspace.locate(out), files)
    return ChartWritten(package.nome, out, tuple(files), tuple(changed), rendering.findings, sources)
