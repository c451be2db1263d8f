"""`init`: a new package of any kind, in a directory of its own or in a repository that is there already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import AlreadyThere
from ..files import write_files
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace

__all__ = ["Initialised", "init"]

_SHARED = ".gitignore"  # a repository's own is left as it is


@dataclass(frozen=True, slots=True)
class Initialised(Result):
    """A new package: where it is and what was written."""

    nome: str
    kind: str
    directory: str
    files: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file, then what to do next."""
        for path in self.files:
            yield aside(f"✓ {self.directory}/{path}", Role.ADDED)
        yield aside(f"{self.nome} is a {self.kind}. Next: {self._build()}")

    def _build(self) -> str:
        from ..declaration import Face, current_face  # noqa: PLC0415 - click is not needed to make files

        is_magic = current_face() is Face.MAGIC
        return f"%caixa build {self.nome}" if is_magic else f"feira build --path {self.directory}"

    def to_json(self) -> dict[str, Any]:
        """Return where the package is and what was written."""
        return {"nome": self.nome, "kind": self.kind, "directory": self.directory, "files": list(self.files)}


def init(workspace: Workspace, nome: str, kind: str = "Biblioteca", path: str | None = None) -> Initialised:
    """Write a first package called `nome` into `path`, by default a folder of that name, and take it in.

    Nothing that is there is written over: a repository's README or .git may be there, a caixa.lisp may not.
    Raises BadName, AlreadyThere and FileProblem.
    """
    from caixa.manifest.model import Kind  # noqa: PLC0415 - a terminal starts without manifests
    from caixa.manifest.package import Package  # noqa: PLC0415 - the same

    from ..scaffold import scaffold  # noqa: PLC0415 - the same

    files = scaffold(nome, Kind(kind))
    directory = path or nome
    target = workspace.locate(directory)
    if target.exists() and not target.is_dir():
        raise AlreadyThere(str(target.parent), [target.name])
    in_the_way = [name for name in files if name != _SHARED and (target / name).exists()]
    if in_the_way:
        raise AlreadyThere(directory, in_the_way)
    written = write_files(target, {name: data for name, data in files.items() if not (target / name).exists()})
    workspace.add(Package.from_directory(target), None)
    return Initialised(nome, kind, directory, tuple(written))
