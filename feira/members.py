"""Where a command line finds the members of a mesh: path sources of manifest and lock, then named folders.

Nothing is guessed: a package that neither the manifest, nor the lock, nor `--members` points to is not found,
and the rendering says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.source import Source
from caixa.manifest.model import Dep, Fonte, PathFonte
from caixa.manifest.package import MANIFEST, Package
from caixa.manifest.version import Requirement, Version

if TYPE_CHECKING:
    from caixa_renderers.artifact import Members

__all__ = ["LOCK", "search"]

LOCK = "lacre.lisp"


def search(package: Package, directory: Path, folders: Sequence[Path]) -> Members:
    """Return a search for the members of `package`, whose files are in `directory`."""

    def find(nome: str, versao: str) -> Package | None:
        for candidate in _candidates(nome, package, directory, folders):
            found = _read(candidate, nome)
            if found is not None and _satisfies(found, versao):
                return found
        return None

    return find


def _candidates(nome: str, package: Package, directory: Path, folders: Sequence[Path]) -> Iterator[Path]:
    for fonte in (*_sources(package.caixa.deps, nome), *_locked(package, nome)):
        if isinstance(fonte, PathFonte):
            yield directory / fonte.caminho
    for folder in folders:
        yield folder
        yield folder / nome


def _sources(deps: Sequence[Dep], nome: str) -> list[Fonte]:
    return [dep.fonte for dep in deps if dep.nome == nome and dep.fonte is not None]


def _locked(package: Package, nome: str) -> list[Fonte]:
    data = package.files.get(LOCK)
    if data is None:
        return []
    from caixa.lacre.lock import read_lock  # noqa: PLC0415 - most packages have no lock

    lock = read_lock(Source(LOCK, data.decode("utf-8", "replace")))
    return [entry.fonte for entry in lock.entradas if entry.nome == nome and entry.fonte is not None]


def _read(directory: Path, nome: str) -> Package | None:
    """Return the package called `nome` in `directory`; a package that is refused there is not a member."""
    if not (directory / MANIFEST).is_file():
        return None
    try:
        package = Package.from_directory(directory)
    except Reportable:
        return None
    return package if package.nome == nome else None


def _satisfies(package: Package, versao: str) -> bool:
    try:
        return Requirement.parse(versao).matches(Version.parse(package.caixa.versao))
    except Reportable:
        return False
