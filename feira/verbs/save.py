"""`save`: a package as files that `feira build` accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caixa.lisp.diagnostics import Reportable

from ..errors import AlreadyThere, UsageProblem
from ..files import write_files
from ..results import Piece, Result, written_pieces
from ..workspace import COMPONENT, Workspace

__all__ = ["Saved", "save"]


@dataclass(frozen=True, slots=True)
class Saved(Result):
    """A package on disk: its files below `directory`, and those that changed."""

    nome: str
    directory: str
    files: tuple[str, ...]
    changed: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file."""
        yield from written_pieces(self.directory, self.files, self.changed)

    def to_json(self) -> dict[str, Any]:
        """Return where the package is and what changed."""
        return {
            "nome": self.nome,
            "directory": self.directory,
            "files": list(self.files),
            "changed": list(self.changed),
        }


def save(
    workspace: Workspace,
    subject: str | None = None,
    directory: str | None = None,
    where: Sequence[str] = (),
) -> Saved:
    """Write a package, and the component of a Servico if it has one, into `directory`.

    `where` is a notebook's way to say both: a name and a directory, or the directory alone. A directory that
    holds another package is refused. Raises UsageProblem, AlreadyThere and FileProblem.
    """
    if where:
        subject, directory = _both(where, subject)
    if directory is None:
        raise UsageProblem("save needs a directory", usage="%caixa save [NAME] DIR", fix="say where to write")
    package = workspace.package(subject)
    target = workspace.locate(directory)
    files = {"caixa.lisp": package.manifest_text().encode(), **package.files}
    wasm = workspace.stored_component(package)
    if wasm is not None:
        files[COMPONENT] = wasm
    _require_own(target, package.nome, files)
    changed = write_files(target, files)
    return Saved(package.nome, directory, tuple(sorted(files)), tuple(changed))


def _both(where: Sequence[str], subject: str | None) -> tuple[str | None, str]:
    if len(where) > 2:
        fix = "name one caixa and one directory"
        raise UsageProblem("save writes one package", usage="%caixa save [NAME] DIR", fix=fix)
    return (where[0], where[1]) if len(where) == 2 else (subject, where[0])


def _require_own(target: Path, nome: str, files: Mapping[str, bytes]) -> None:
    """Refuse a directory that holds another package, or files of the same names that are not this package's."""
    from caixa.manifest.package import MANIFEST, Package  # noqa: PLC0415 - a terminal starts without manifests

    if (target / MANIFEST).exists():
        try:
            is_own = Package.from_directory(target).nome == nome
        except Reportable:  # not readable, so not known to be ours
            is_own = False
        in_the_way = [] if is_own else [MANIFEST]
    else:
        in_the_way = [path for path in files if (target / path).exists()]
    if in_the_way:
        raise AlreadyThere(str(target), in_the_way)
