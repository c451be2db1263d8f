"""`open`: a package read from a directory, into the session of a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..results import Piece, Result, Role, aside, plural
from ..workspace import DirectoryWorkspace, Workspace

__all__ = ["Opened", "open_package"]


@dataclass(frozen=True, slots=True)
class Opened(Result):
    """A package that was read."""

    nome: str
    versao: str
    kind: str
    directory: str
    files: tuple[str, ...]
    has_component: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield one line."""
        component = ", with a component" if self.has_component else ""
        count = plural(len(self.files), "file")
        yield aside(
            f"✓ {self.nome} {self.versao} ({self.kind}) from {self.directory}, {count}{component}", Role.ADDED
        )

    def to_json(self) -> dict[str, Any]:
        """Return what was read."""
        return {
            "nome": self.nome,
            "versao": self.versao,
            "kind": self.kind,
            "directory": self.directory,
            "files": list(self.files),
            "hasComponent": self.has_component,
        }


def open_package(workspace: Workspace, directory: str) -> Opened:
    """Read the package in `directory`, its component too, and add it to the workspace.

    Raises MissingManifest, InvalidManifest and UnreadablePackage.
    """
    reader = DirectoryWorkspace(workspace.locate(directory))
    try:
        package = reader.package(None)
        component = reader.stored_component(package)
    finally:
        reader.close()
    workspace.add(package, component)
    caixa = package.caixa
    return Opened(
        caixa.nome, caixa.versao, caixa.kind.value, directory, tuple(package.files), component is not None
    )
