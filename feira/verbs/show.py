"""`show`: a package on one card: what it is, its parts, its digest, its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..results import Piece, Result, Role, finding_pieces, plural
from ..workspace import Workspace
from .validate import findings_of

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa

__all__ = ["Card", "show"]


@dataclass(frozen=True, slots=True)
class Card(Result):
    """A package in short; `slots` are those that are set, in canonical text."""

    nome: str
    versao: str
    kind: str
    digest: str
    slots: Mapping[str, str]
    files: tuple[str, ...]
    data: Mapping[str, Any] = field(repr=False)
    findings: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)
    stale: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        """Yield the headline, the slots, the files, the digest and the verdict."""
        yield Piece(f"{self.nome} {self.versao}", Role.ACCENT)
        yield Piece(f"  {self.kind}\n")
        width = max((len(name) for name in self.slots), default=0)
        for name, text in self.slots.items():
            yield Piece(f"  :{name:<{width}}", Role.MUTED)
            yield Piece(f"  {text}\n")
        if self.files:
            yield Piece(f"  {plural(len(self.files), 'file')}: {', '.join(self.files)}\n")
        yield Piece(f"  {self.digest}\n", Role.ACCENT)
        errors = sum(finding.is_error for finding in self.findings)
        verdict = f"✗ {plural(errors, 'error')}" if errors else "✓ valid"
        yield Piece(f"  {verdict}\n", Role.ERROR if errors else Role.ADDED)
        for each in self.stale:
            yield Piece(f"  stale: {each}\n", Role.WARNING)
        yield from finding_pieces(self.findings, self.sources)

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as JSON (caixa.md 1.2), with digest, files and findings."""
        return {
            "nome": self.nome,
            "digest": self.digest,
            "manifest": dict(self.data),
            "files": list(self.files),
            "findings": [finding.to_json() for finding in self.findings],
            "stale": list(self.stale),
        }


def show(workspace: Workspace, subject: str | None = None) -> Card:
    """Describe a package. Raises what reading it raises."""
    from caixa.lacre.package_digest import package_digest  # noqa: PLC0415 - brings in blake3
    from caixa.manifest.json import to_json  # noqa: PLC0415 - most verbs print no manifest

    package = workspace.package(subject)
    caixa = package.caixa
    return Card(
        caixa.nome,
        caixa.versao,
        caixa.kind.value,
        package_digest(package),
        dict(_slots(caixa)),
        tuple(package.files),
        to_json(caixa),
        findings_of(package.diagnostics()),
        workspace.sources,
        tuple(workspace.stale(caixa.nome)),
    )


def _slots(caixa: Caixa) -> Iterator[tuple[str, str]]:
    """Yield the slots that say something beyond the headline, with their canonical text."""
    from caixa.manifest.profile import Profile  # noqa: PLC0415 - as above
    from caixa.manifest.slots import CAIXA  # noqa: PLC0415 - as above

    for line in CAIXA.lines(caixa, Profile.STRICT):
        keyword, _, text = line.lstrip(":").partition(" ")
        if keyword not in ("nome", "versao", "kind") and text != "()":
            yield keyword, text
