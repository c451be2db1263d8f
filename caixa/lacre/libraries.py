"""Libraries for `(importar :caixa "name")` that a lock file pins."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from caixa.lisp.libraries import Library, ModuleRefused, Resolver
from caixa.manifest.library import library_of
from caixa.manifest.package import Package

from .errors import ContentChanged
from .lock import LOCK, Lock, LockEntry, read_lock_bytes
from .members import locked_members
from .package_digest import locked

__all__ = ["libraries_beside", "libraries_of", "library_not_found", "locked_libraries"]


def libraries_beside(directory: Path) -> Resolver:
    """Return a resolver over the lock file of `directory`, which is read anew for each question.

    Raises InvalidLock when asked, if the lock does not read, and ModuleRefused as `locked_libraries` does.
    """

    def resolve(nome: str, requirement: str) -> Library:
        return locked_libraries(_lock_of(directory), directory)(nome, requirement)

    return resolve


def libraries_of(packages: Iterable[Package], root: Path) -> Resolver:
    """Return a resolver over the locks that `packages` carry; their path sources are relative to `root`.

    Raises InvalidLock when asked, and ModuleRefused: `library-not-found` for a name that no lock has,
    `library-ambiguous` for one that two locks pin to different code, and as `locked_libraries` does.
    """

    def resolve(nome: str, requirement: str) -> Library:
        locks = [(package.nome, lock) for package in packages if (lock := locked(package)) is not None]
        holders = [(by, lock) for by, lock in locks if lock.entry(nome) is not None]
        if not holders:
            raise library_not_found(nome, {entry.nome for _, lock in locks for entry in lock.entradas})
        if len({_pinned(lock, nome) for _, lock in holders}) > 1:
            listed = ", ".join(sorted(by for by, _ in holders))
            message = f"`{nome}` is locked at different code by {listed}"
            fix = f"Lock these with the same version of {nome}."
            raise ModuleRefused("library-ambiguous", message, fix)
        return locked_libraries(holders[0][1], root)(nome, requirement)

    return resolve


def _pinned(lock: Lock, nome: str) -> tuple[str, str]:
    """Return what tells the code that a lock pins from any other."""
    entry = lock.entry(nome)
    return (entry.conteudo if entry else "", lock.seals.get(nome, ""))


def locked_libraries(lock: Lock, root: Path) -> Resolver:
    """Return a resolver over what `lock` pins; a path source is relative to `root`.

    It raises ModuleRefused: `library-not-found` for a name that the lock has not, `library-unavailable` for one
    whose source has not that version on this machine, `library-changed` for one that is not what was sealed,
    and what `library_of` refuses.
    """

    def resolve(nome: str, requirement: str) -> Library:
        entry = lock.entry(nome)
        if entry is None:
            raise library_not_found(nome, [each.nome for each in lock.entradas])
        package = _sealed(lock, root, entry)
        if package is None:
            message = f"`{nome}` {entry.versao}, which the lock pins, is not on this machine"
            fix = f"Get it from its source, of type {entry.fonte.tipo}, with `feira resolve`."
            raise ModuleRefused("library-unavailable", message, fix)
        return library_of(package, requirement)

    return resolve


def _sealed(lock: Lock, root: Path, entry: LockEntry) -> Package | None:
    """Return the package of an entry, or None. Raises ModuleRefused for one that is not what was locked."""
    try:
        return locked_members(lock, root)(entry.nome, f"={entry.versao}")
    except ContentChanged as changed:
        (found,) = changed.diagnostics
        raise ModuleRefused("library-changed", f"{found.message}. {found.why}", found.fix) from changed


def library_not_found(nome: str, known: Iterable[str]) -> ModuleRefused:
    """Return the refusal of a name that is not among the `known` ones, with the nearest."""
    names = sorted(known)
    near = get_close_matches(nome, names, n=1)
    nothing = "Define it as a Biblioteca, or lock a dependency that has it."
    fix = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(names)}." if names else nothing
    return ModuleRefused("library-not-found", f"there is no library `{nome}`", fix)


def _lock_of(directory: Path) -> Lock:
    file = directory / LOCK
    return read_lock_bytes(str(file), file.read_bytes()) if file.is_file() else Lock.of(())
