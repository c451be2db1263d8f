"""Where a command line finds the members of a mesh: the lock, path sources of the manifest, then named folders.

Nothing is guessed: a package that neither the lock, nor the manifest, nor `--members` points to is not found,
and the rendering says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable
from caixa.manifest.model import Dep, Fonte, PathFonte
from caixa.manifest.package import MANIFEST, Package
from caixa.manifest.version import Requirement, Version

from .resolving import LOCK, lock_of

if TYPE_CHECKING:
    from caixa_renderers.artifact import Members

__all__ = ["LOCK", "search"]


def search(package: Package, directory: Path, folders: Sequence[Path]) -> Members:
    """Return a search for the members of `package`, whose files are in `directory`.

    It raises InvalidLock, and ContentChanged for a locked member that is not what it was.
    """
    locked = _locked(package, directory)

    def find(nome: str, versao: str) -> Package | None:
        pinned = locked(nome, versao) if locked else None
        if pinned is not None:
            return pinned
        for candidate in _candidates(nome, package, directory, folders):
            found = _read(candidate, nome)
            if found is not None and _satisfies(found, versao):
                return found
        return None

    return find


def _locked(package: Package, directory: Path) -> Members | None:
    """Return a search of the lock, or None without one: most packages have no lock."""
    if LOCK not in package.files:
        return None
    from caixa.lacre.members import locked_members  # noqa: PLC0415 - only a lock needs git sources and the cache

    return locked_members(lock_of(package), directory)


def _candidates(nome: str, package: Package, directory: Path, folders: Sequence[Path]) -> Iterator[Path]:
    for fonte in _sources(package.caixa.deps, nome):
        if isinstance(fonte, PathFonte):
            yield directory / fonte.caminho
    for folder in folders:
        yield folder
        yield folder / nome


def _sources(deps: Sequence[Dep], nome: str) -> list[Fonte]:
    return [dep.fonte for dep in deps if dep.nome == nome and dep.fonte is not None]


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
