"""`build`: layout, every source read and compiled, and the digest of the result (caixa.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.source import Source

from ..errors import FileProblem
from ..proposal import Proposal, proposal_for
from ..results import Piece, Result, Role, aside, finding_pieces, plural
from ..sources import Chained
from ..workspace import Workspace
from .validate import findings_of

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["BuildReport", "Compiled", "build"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One Lisp source: how many forms it has, or what is wrong with it."""

    path: str
    forms: int
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport(Result):
    """What building a package found, and its digest; `proposal` is a ComputeUnit that it lacks."""

    nome: str
    versao: str
    kind: str
    compiled: tuple[Compiled, ...]
    findings: tuple[Diagnostic, ...]
    digest: str
    proposal: Proposal | None = None
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the layout holds and every source compiles."""
        return not any(finding.is_error for finding in self._all_findings)

    @property
    def _all_findings(self) -> tuple[Diagnostic, ...]:
        return (*self.findings, *(finding for each in self.compiled for finding in each.findings))

    def pieces(self) -> Iterator[Piece]:
        """Yield a tick line for each source, the findings, a proposal if there is one, and the summary."""
        for each in self.compiled:
            mark, role = ("✗", Role.ERROR) if each.findings else ("✓", Role.ADDED)
            yield Piece(mark, role, is_aside=True)
            yield aside(f" {each.path}" + ("" if each.findings else f"  {plural(each.forms, 'form')}"))
        yield from finding_pieces(self._all_findings, self.sources)
        if self.proposal is not None:
            yield from self.proposal.pieces()
        yield from self._summary()

    def _summary(self) -> Iterator[Piece]:
        errors = sum(finding.is_error for finding in self._all_findings)
        verdict = "built" if self.ok else "not built: " + plural(errors, "error")
        yield Piece("✓ " if self.ok else "✗ ", Role.ADDED if self.ok else Role.ERROR, is_aside=True)
        yield aside(
            f"{self.nome} {self.versao} ({self.kind}) {verdict}, {plural(len(self.compiled), 'source')}"
        )
        if self.ok:
            yield Piece(self.digest + "\n", Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return the report; the digest is None unless the package built."""
        return {
            "nome": self.nome,
            "versao": self.versao,
            "kind": self.kind,
            "ok": self.ok,
            "digest": self.digest if self.ok else None,
            "sources": [
                {"path": each.path, "forms": each.forms, "ok": not each.findings} for each in self.compiled
            ],
            "findings": [finding.to_json() for finding in self._all_findings],
            "proposal": self.proposal and self.proposal.to_json(),
        }


def build(workspace: Workspace, subject: str | None = None) -> BuildReport:
    """Check a package's layout, then read and compile each of its Lisp sources.

    Raises MissingManifest, InvalidManifest, UnreadablePackage; what is wrong with files is in the answer.
    """
    from caixa.lacre.package_digest import package_digest  # noqa: PLC0415 - brings in blake3

    package = workspace.package(subject)
    texts = {path: Source(path, data.decode("utf-8", "replace")) for path, data in _lisp_files(package)}
    compiled = tuple(_compile(source, package.files[path]) for path, source in texts.items())
    caixa = package.caixa
    return BuildReport(
        caixa.nome,
        caixa.versao,
        caixa.kind.value,
        compiled,
        findings_of(package.diagnostics()),
        package_digest(package),
        proposal_for(package, subject),
        Chained(texts, workspace.sources),
    )


def _lisp_files(package: Package) -> Iterator[tuple[str, bytes]]:
    named = set(package.caixa.bibliotecas) | set(package.caixa.exe)
    named |= {path for _, path in package.caixa.behavior.declared} if package.caixa.behavior else set()
    for path, data in package.files.items():
        if path in named or (path.endswith(".lisp") and path != "lacre.lisp"):
            yield path, data


def _compile(source: Source, data: bytes) -> Compiled:
    """Read and compile one source without running it."""
    from ..compiling import compile_source  # noqa: PLC0415 - a package without sources needs no compiler

    try:
        data.decode("utf-8")
        return Compiled(source.name, compile_source(source))
    except UnicodeDecodeError as error:
        return Compiled(source.name, 0, FileProblem.not_utf8(source.name, error.start).diagnostics)
    except Reportable as error:
        return Compiled(source.name, 0, error.diagnostics)
