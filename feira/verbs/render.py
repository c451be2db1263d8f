"""`render`: the manifests that a package becomes, and with `--accept` the ComputeUnit that it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from caixa.lisp.source import Source

from ..errors import NothingToPropose
from ..proposal import Proposal, proposal_for
from ..results import Piece, Result, Role, aside, finding_pieces
from ..sources import Chained
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa_renderers.artifact import Artifact, Channel, Rendering, Target

__all__ = ["Accepted", "Rendered", "render"]


@dataclass(frozen=True, slots=True)
class Rendered(Result):
    """The files that a package becomes, with what is to be said about them."""

    nome: str
    target: str
    rendering: Rendering
    proposal: Proposal | None = None
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no finding refuses the rendering."""
        return not any(finding.is_error for finding in self.rendering.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield each file under its name, then the findings, then a proposal if there is one."""
        for artifact in self.rendering.artifacts:
            yield Piece(f"# {artifact.path}\n", Role.ACCENT)
            yield Piece(_shown(artifact))
        yield from finding_pieces(self.rendering.findings, self.sources)
        if self.proposal is not None:
            yield from self.proposal.pieces()

    def to_json(self) -> dict[str, Any]:
        """Return the files with their objects, and the findings."""
        return {
            "nome": self.nome,
            "target": self.target,
            "ok": self.ok,
            "artifacts": [
                {
                    "path": each.path,
                    "kind": each.kind,
                    "text": each.text,
                    "bytes": len(each.content),
                    "objects": list(each.objects),
                }
                for each in self.rendering.artifacts
            ],
            "findings": [finding.to_json() for finding in self.rendering.findings],
            "proposal": self.proposal and self.proposal.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Accepted(Result):
    """A proposal that was written into the package."""

    nome: str
    proposal: Proposal

    def pieces(self) -> Iterator[Piece]:
        """Yield one line."""
        yield aside(f"✓ wrote {self.proposal.path} of {self.nome}", Role.ADDED)

    def to_json(self) -> dict[str, Any]:
        """Return what was written."""
        return {"nome": self.nome, "path": self.proposal.path, "text": self.proposal.text}


def render(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    target: str = "all",
    *,
    gateway_api: str = "experimental",
    namespace: str = "tatara-system",
    issuer: str | None = None,
    accept: bool = False,
) -> Rendered | Accepted:
    """Render a package for `target` (`caixa_renderers.Target` lists them), or accept the proposed ComputeUnit.

    `gateway_api` is the channel of the Gateway API that the cluster has, `namespace` where objects without one
    of their own lie, and `issuer` the cluster issuer of cert-manager for the certificate of an entrance.

    Raises what reading the package raises, WrongKind for a target that the kind has nothing for, and
    NothingToPropose if the ComputeUnit is there already.
    """
    package = workspace.package(subject)
    proposal = proposal_for(package, subject)
    if accept:
        return _accept(workspace, package, proposal)
    from caixa_renderers import Options  # noqa: PLC0415 - accepting renders nothing
    from caixa_renderers import render as render_package  # noqa: PLC0415 - as above

    options = Options(channel=cast("Channel", gateway_api), namespace=namespace, issuer=issuer)
    rendering = render_package(package, cast("Target", target), workspace.members_of(package), options)
    sources = Chained(rendering.sources, workspace.sources)
    return Rendered(package.nome, target, rendering, proposal, sources)


def _shown(artifact: Artifact) -> str:
    if artifact.data is not None:
        return f"({len(artifact.data):,} bytes)\n"
    return artifact.text if artifact.text.endswith("\n") else artifact.text + "\n"


def _accept(workspace: Workspace, package: Package, proposal: Proposal | None) -> Accepted:
    if proposal is None:
        raise NothingToPropose(
            f"there is no ComputeUnit to propose for {package.nome}",
            why="only a Servico whose :servicos names a file that is missing gets a proposal",
            fix="edit the file that is there, or remove it first",
            nome=package.nome,
        )
    workspace.put_file(package, proposal.path, proposal.text.encode())
    return Accepted(package.nome, proposal)
