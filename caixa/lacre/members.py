"""Members of a mesh and children of a supervisor, resolved through a lock (caixa.md section 3.4)."""

from __future__ import annotations

from pathlib import Path

from caixa.manifest.errors import InvalidValue, ManifestError, MissingManifest
from caixa.manifest.model import PathFonte
from caixa.manifest.package import Members, Package
from caixa.manifest.version import Requirement, Version

from .errors import MissingPath
from .lock import Lock, LockEntry

__all__ = ["locked_members", "read_path_source", "satisfies"]


def locked_members(lock: Lock, root: Path) -> Members:
    """Return a resolver that reads what `lock` pins; a path source is relative to `root`, the locked package.

    A name that the lock does not hold, a version outside the requirement, and a source that is not on this
    machine resolve to None: the caller says `member-unresolved`. Each package is read once.
    """
    read: dict[str, Package | None] = {}

    def member(nome: str, versao: str) -> Package | None:
        entry = lock.entry(nome)
        if entry is None:
            return None
        if nome not in read:
            read[nome] = _package_of(entry, root)
        package = read[nome]
        return package if package is not None and satisfies(package, nome, versao) else None

    return member


def _package_of(entry: LockEntry, root: Path) -> Package | None:
    if not isinstance(entry.fonte, PathFonte):
        return None
    try:
        return read_path_source(entry.nome, entry.fonte, root)
    except (MissingPath, ManifestError):
        return None


def read_path_source(nome: str, fonte: PathFonte, root: Path) -> Package:
    """Return the package at a path source. Raises MissingPath, and ManifestError if it does not read."""
    path = root / fonte.caminho
    try:
        return Package.from_directory(path)
    except MissingManifest as error:
        raise MissingPath(nome, fonte.caminho) from error


def satisfies(package: Package, nome: str, versao: str) -> bool:
    """Whether `package` has that name and a version that the requirement admits."""
    try:
        return package.nome == nome and Requirement.parse(versao).matches(Version.parse(package.caixa.versao))
    except InvalidValue:
        return False
