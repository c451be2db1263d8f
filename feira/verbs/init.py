"""`init`: a new package of any kind, in a directory of its own or in a repository that is there already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..errors import AlreadyThere
from ..files import write_files
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace, read_text

if TYPE_CHECKING:
    from caixa.manifest.model import Kind
    from caixa.manifest.package import Package
    from caixa.tools.formatter import Style

__all__ = ["Initialised", "init"]

_SHARED = ".gitignore"  # a repository's own is left as it is


@dataclass(frozen=True, slots=True)
class Initialised(Result):
    """A new package: where it is, what was written, and the words that build it."""

    nome: str
    kind: Kind
    directory: str
    files: tuple[str, ...]
    next_words: str

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file, then what to do next."""
        for path in self.files:
            yield aside(f"✓ {self.directory}/{path}", Role.ADDED)
        yield aside(f"{self.nome} is {self.kind.indefinite}. Next: {self.next_words}")

    def to_json(self) -> dict[str, Any]:
        """Return where the package is and what was written."""
        return {
            "nome": self.nome,
            "kind": self.kind.value,
            "directory": self.directory,
            "files": list(self.files),
        }


def init(workspace: Workspace, nome: str, kind: str = "Biblioteca", path: str | None = None) -> Initialised:
    """Write a first package called `nome` into `path`, by default a folder of that name, and take it in.

    Nothing that is there is written over: a repository's README or .git may be there, a caixa.lisp may not; if
    it has a `.caixa-fmt.lisp`, what is written is in its style. Everything is made and checked before the first
    file is written. Raises BadName, AlreadyThere, FileProblem, and what reading the directory raises.
    """
    from caixa.manifest.model import Kind  # noqa: PLC0415 - a terminal starts without manifests

    from ..scaffold import scaffold  # noqa: PLC0415 - the same

    directory = path or nome
    target = workspace.locate(directory)
    wanted = Kind(kind)
    files = scaffold(nome, wanted, _style_at(target))
    in_the_way = list(_in_the_way(target, files))
    if in_the_way:
        raise AlreadyThere(directory, in_the_way)
    package = _package(target, files)
    written = write_files(target, {name: data for name, data in files.items() if not (target / name).exists()})
    workspace.add(package, None)
    return Initialised(nome, wanted, directory, tuple(written), _build_words(nome, directory))


def _build_words(nome: str, directory: str) -> str:
    from ..declaration import Face, current_face  # noqa: PLC0415 - click is not needed to make files

    return f"%caixa build {nome}" if current_face() is Face.MAGIC else f"feira build --path {directory}"


def _style_at(target: Path) -> Style | None:
    """Return the style that a repository sets for itself."""
    from caixa.tools.formatting.configuration import STYLE_FILE, read_style  # noqa: PLC0415 - the same

    settings = target / STYLE_FILE
    return read_style(read_text(settings)) if settings.is_file() else None


def _in_the_way(target: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what stands where a file is to be, or a folder for one, or the package itself."""
    if os.path.lexists(target) and not target.is_dir():
        yield target.name
    for name in files:
        if name != _SHARED and os.path.lexists(target / name):
            yield name
    for folder in dict.fromkeys(parent for name in files for parent in PurePosixPath(name).parents):
        if os.path.lexists(target / folder) and not (target / folder).is_dir():
            yield folder.as_posix()


def _package(target: Path, files: Mapping[str, bytes]) -> Package:
    """Return the package that will be there: the new files among those that there are."""
    from caixa.manifest.package import MANIFEST, Package  # noqa: PLC0415 - the same
    from caixa.manifest.tree import read_tree  # noqa: PLC0415 - the same

    there = read_tree(target) if target.is_dir() else {}
    own = {name: data for name, data in files.items() if name not in (MANIFEST, _SHARED)}
    return Package.from_text(files[MANIFEST].decode(), {**there, **own}, name=(target / MANIFEST).as_posix())
