"""`workflow`: the GitHub workflow that lints, tests, builds and publishes a Servico."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import AlreadyThere
from ..files import write_files
from ..results import Piece, Result, written_piece
from ..workspace import Workspace

__all__ = ["WorkflowWritten", "workflow"]


@dataclass(frozen=True, slots=True)
class WorkflowWritten(Result):
    """A workflow on disk."""

    nome: str
    path: str
    is_changed: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield one line."""
        yield written_piece(self.path, is_new=self.is_changed)

    def to_json(self) -> dict[str, Any]:
        """Return where it is and whether it changed."""
        return {"nome": self.nome, "path": self.path, "changed": self.is_changed}


def workflow(workspace: Workspace, subject: str | None = None) -> WorkflowWritten:
    """Write `.github/workflows/caixa.yml` into the package's directory.

    Raises AlreadyThere for a file there that a person wrote, NotAServico and FileProblem.
    """
    from caixa_renderers import render  # noqa: PLC0415 - brings in YAML

    package = workspace.package(subject)
    (artifact,) = render(package, "workflow").artifacts
    root = workspace.root_of(package)
    present = root / artifact.path
    if present.is_file() and not _is_ours(present.read_bytes()):
        raise AlreadyThere(str(present), [artifact.path])
    changed = write_files(root, {artifact.path: artifact.content})
    return WorkflowWritten(package.nome, (root / artifact.path).as_posix(), bool(changed))


def _is_ours(data: bytes) -> bool:
    return data.startswith(b"# Generated from ") and b"by `feira workflow`." in data.partition(b"\n")[0]
