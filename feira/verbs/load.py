"""`load`: a Servico's component, taken from a file that was built elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import Kind

from ..errors import NotRunnable
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa.runtime.results import ModuleInfo

__all__ = ["Loaded", "accept", "load"]


@dataclass(frozen=True, slots=True)
class Loaded(Result):
    """A component that a Servico has from now on: its size in bytes, and what it exports and imports."""

    nome: str
    size: int
    info: ModuleInfo

    def pieces(self) -> Iterator[Piece]:
        """Yield a line, and one for each export and import."""
        yield aside(f"✓ {self.nome}: a {self.info.form} of {self.size:,} bytes", Role.ADDED)
        for function in self.info.exports:
            yield Piece("  exports ", Role.MUTED)
            yield Piece(f"{function}\n")
        for name in self.info.imports:
            yield Piece("  imports ", Role.MUTED)
            yield Piece(f"{name}\n")

    def to_json(self) -> dict[str, Any]:
        """Return the size and the shape of the component."""
        return {"nome": self.nome, "size": self.size, **self.info.to_wire()}


def load(workspace: Workspace, subject: str | None = None, *, file: str) -> Loaded:
    """Make `file` (wasm, or WAT text) the component of a Servico.

    Raises FileProblem, InvalidModule, and NotRunnable for a caixa that is no Servico; then nothing has changed.
    """
    package = workspace.package(subject)
    return accept(workspace, package, workspace.component(package, file))


def accept(workspace: Workspace, package: Package, wasm: bytes) -> Loaded:
    """Make `wasm` the component of a package, once the engine has looked at it. Raises as `load` does."""
    if package.caixa.kind is not Kind.SERVICO:
        raise NotRunnable(package.nome, package.caixa.kind)
    info = workspace.engine().inspect(wasm)
    workspace.put_component(package, wasm)
    return Loaded(package.nome, len(wasm), info)
