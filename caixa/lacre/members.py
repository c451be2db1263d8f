"""Packages read through a lock: members of a mesh, children of a supervisor, libraries (caixa.md section 3.4).

Nothing is fetched here: what the lock pins is read from its path or from the cache, and compared with its seal.
"""

from __future__ import annotations

import os
from pathlib import Path

from caixa.manifest.errors import InvalidValue
from caixa.manifest.model import Fonte, PathFonte
from caixa.manifest.package import Members, Package
from caixa.manifest.version import Requirement, Version

from .errors import ContentChanged, NotCached, ResolverError
from .fetcher import SourceFetcher
from .fetching import Fetcher
from .lock import Lock, LockEntry
from .origins import GitOrigin, PathOrigin
from .package_digest import package_digest
from .places import cache_directory, load_config
from .store import Store

__all__ = ["cached", "locked_members", "read_locked", "satisfies"]


def cached(root: Path) -> Fetcher:
    """Return a fetcher over what is on this machine: paths from `root`, and this person's cache."""
    config = load_config(os.environ)
    return SourceFetcher(root, Store(cache_directory(os.environ, config)), is_offline=True)


def locked_members(lock: Lock, root: Path, fetcher: Fetcher | None = None) -> Members:
    """Return a resolver that reads what `lock` pins; a path source is relative to `root`, the locked package.

    A name that the lock does not hold, a version outside the requirement, and a source that is not on this
    machine resolve to None: the caller says `member-unresolved`. Each package is read once. Raises
    ContentChanged, when asked, for a package that is not what was sealed.
    """
    read: dict[str, Package | None] = {}

    def member(nome: str, versao: str) -> Package | None:
        entry = lock.entry(nome)
        if entry is None:
            return None
        if nome not in read:
            read[nome] = _here(lock, entry, fetcher or cached(root))
        package = read[nome]
        return package if package is not None and satisfies(package, nome, versao) else None

    return member


def _here(lock: Lock, entry: LockEntry, fetcher: Fetcher) -> Package | None:
    try:
        return read_locked(lock, entry, fetcher)
    except ResolverError:
        return None


def read_locked(lock: Lock, entry: LockEntry, fetcher: Fetcher) -> Package:
    """Return the package of an entry as it was locked. Raises ContentChanged, ResolverError if it is not here.

    An entry without a seal comes from the older system, which has none; a commit is then all that is known.
    """
    origin = (
        PathOrigin(entry.fonte.caminho) if isinstance(entry.fonte, PathFonte) else GitOrigin(entry.fonte.repo)
    )
    package = fetcher.fetch(entry.nome, origin, _commit(entry.nome, entry.fonte)).package
    seal = lock.seals.get(entry.nome)
    if seal is not None and (found := package_digest(package)) != seal:
        raise ContentChanged(entry.nome, str(origin), seal, found)
    return package


def _commit(nome: str, fonte: Fonte) -> str | None:
    if isinstance(fonte, PathFonte):
        return None
    if fonte.rev is None:  # a stub lock names no commit
        raise NotCached(nome, fonte.repo)
    return fonte.rev


def satisfies(package: Package, nome: str, versao: str) -> bool:
    """Whether `package` has that name and a version that the requirement admits."""
    try:
        return package.nome == nome and Requirement.parse(versao).matches(Version.parse(package.caixa.versao))
    except InvalidValue:
        return False
