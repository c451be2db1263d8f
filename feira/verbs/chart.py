"""`chart`: the Helm chart of a Servico as files, beside the chart that it stands on (caixa.md section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..files import write_files
from ..results import Piece, Result, Role, aside, finding_pieces, written_pieces
from ..sources import Chained
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["ChartWritten", "chart"]


@dataclass(frozen=True, slots=True)
class ChartWritten(Result):
    """A chart on disk: its files below `directory`, those that changed, and the archive if it was packed."""

    nome: str
    directory: str
    files: tuple[str, ...]
    changed: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    archive: str | None = None
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
        if self.archive is not None:
            yield from written_pieces(self.directory, [self.archive], [self.archive])

    def to_json(self) -> dict[str, Any]:
        """Return where the chart is and what changed."""
        return {
            "nome": self.nome,
            "ok": self.ok,
            "directory": self.directory,
            "files": list(self.files),
            "changed": list(self.changed),
            "archive": self.archive,
            "findings": [finding.to_json() for finding in self.findings],
        }


def chart(
    workspace: Workspace, subject: str | None = None, out: str = ".caixa/chart", *, package: bool = False
) -> ChartWritten:
    """Write `lareira-<nome>/` below `out` (relative to the workspace), unless a finding refuses it.

    Beside it lies `pleme-computeunit`, which it depends on as a directory. `package` has Helm pack both into an
    archive there. Raises NotAServico, UnsupportedServicoCount, MissingField, FileProblem, HelmMissing and
    HelmFailed.
    """
    from caixa_renderers import render  # noqa: PLC0415 - brings in YAML

    owner = workspace.package(subject)
    rendering = render(owner, "helm")
    sources = Chained(rendering.sources, workspace.sources)
    if any(finding.is_error for finding in rendering.findings):
        return ChartWritten(owner.nome, out, (), (), rendering.findings, sources=sources)
    files = {artifact.path: artifact.content for artifact in rendering.artifacts} | _library()
    directory = workspace.locate(out)
    changed = write_files(directory, files)
    written = ChartWritten(owner.nome, out, tuple(files), tuple(changed), rendering.findings, sources=sources)
    return replace(written, archive=_packed(directory, owner)) if package else written


def _library() -> dict[str, bytes]:
    """Return the files of the chart that every chart of a Servico stands on."""
    from caixa_renderers.artifact import LIBRARY_CHART  # noqa: PLC0415 - as above
    from caixa_renderers.bundled_charts import chart_files  # noqa: PLC0415 - as above

    name = LIBRARY_CHART.name
    return {f"{name}/{path}": data for path, data in chart_files(name).items()}


def _packed(directory: Path, package: Package) -> str:
    from caixa_renderers.servico.helm import chart_name  # noqa: PLC0415 - as above

    from ..helm import package_chart  # noqa: PLC0415 - starts Helm

    return package_chart(directory / chart_name(package.caixa), directory)
