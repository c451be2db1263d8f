"""`image`: the module of a Servico as an OCI image layout directory; sending it is left to others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..files import write_files
from ..results import Piece, Result, Role, aside, written_pieces
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["ImageWritten", "image"]


@dataclass(frozen=True, slots=True)
class ImageWritten(Result):
    """An image on disk: its files below `directory`, those that changed, and how tools of images name it."""

    nome: str
    directory: str
    reference: str
    files: tuple[str, ...]
    changed: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file, then how it is named."""
        yield from written_pieces(self.directory, self.files, self.changed)
        yield aside(f"send it with  skopeo copy {self.reference} docker://REGISTRY/{self.nome}", Role.MUTED)
        yield Piece(self.reference + "\n", Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return where the image is, how it is named and what changed."""
        return {
            "nome": self.nome,
            "directory": self.directory,
            "reference": self.reference,
            "files": list(self.files),
            "changed": list(self.changed),
        }


def image(
    workspace: Workspace, subject: str | None = None, out: str = ".caixa/image", component: str | None = None
) -> ImageWritten:
    """Write the layout of a Servico's image to `out`/<nome> (relative to the workspace).

    The module is that in the file `component`, else the one in the package that the ComputeUnit names, else
    where `run` finds it. Raises NotAServico, MalformedModule, ComponentMissing and FileProblem.
    """
    from caixa_renderers.servico import oci  # noqa: PLC0415 - brings in YAML
    from caixa_renderers.servico.computeunit import servico_path  # noqa: PLC0415 - as above

    package = workspace.package(subject)
    servico_path(package.caixa)
    name = component or oci.module_path(package) or f"{package.nome}.wasm"
    artifacts = oci.image(package, _module(workspace, package, component), name)
    files = {artifact.path: artifact.content for artifact in artifacts}
    changed = write_files(workspace.locate(out), files)
    reference = f"oci:{out}/{package.nome}:v{package.caixa.versao}"
    return ImageWritten(package.nome, out, reference, tuple(files), tuple(changed))


def _module(workspace: Workspace, package: Package, component: str | None) -> bytes:
    from caixa_renderers.servico import oci  # noqa: PLC0415 - as above

    path = None if component else oci.module_path(package)
    own = package.files.get(path) if path else None
    return own if own is not None else workspace.component(package, component)
