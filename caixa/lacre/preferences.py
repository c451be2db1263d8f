"""What an existing lock prefers: the same commit again, as long as it comes from where it is asked for."""

from __future__ import annotations

from typing import NamedTuple

from caixa.manifest.model import Dep, GitFonte

from .lock import Lock, LockEntry
from .origins import Addressing, GitOrigin, PathOrigin, Pin, PinKind, origin_of

__all__ = ["ROOT", "Locked", "Preferences"]

ROOT = PathOrigin(".")


class Locked(NamedTuple):
    """A version that the lock has: its commit, and the tag that led there."""

    versao: str
    rev: str
    tag: str | None


class Preferences:
    """The entries of a lock by name, asked for by origin and pin."""

    def __init__(self, lock: Lock, addressing: Addressing) -> None:
        """Prefer what `lock` has."""
        self._entries = {entry.nome: entry for entry in lock.entradas}
        self._seals = lock.seals
        self._addressing = addressing

    def entry(self, nome: str, origin: GitOrigin) -> LockEntry | None:
        """Return the entry of a package from that repository at a known commit. Raises UnsafeSource."""
        entry = self._entries.get(nome)
        if entry is None or not isinstance(entry.fonte, GitFonte) or not entry.fonte.rev:
            return None
        return entry if origin_of(Dep(nome, "*", entry.fonte), ROOT, self._addressing) == origin else None

    def unpinned(self, nome: str, origin: GitOrigin) -> Locked | None:
        """Return what the lock has of that repository, unless it follows a branch there."""
        entry = self.entry(nome, origin)
        if entry is None or not isinstance(entry.fonte, GitFonte) or entry.fonte.branch or not entry.fonte.rev:
            return None
        return Locked(entry.versao, entry.fonte.rev, entry.fonte.tag)

    def located(self, nome: str, origin: GitOrigin, pin: Pin) -> str | None:
        """Return the commit that the lock has for a pin."""
        entry = self.entry(nome, origin)
        if entry is None:
            return None
        fonte = entry.fonte
        assert isinstance(fonte, GitFonte)
        match pin.kind:
            case PinKind.TAG:
                return fonte.rev if fonte.tag == pin.name else None
            case PinKind.BRANCH:
                return fonte.rev if fonte.branch == pin.name else None
            case PinKind.REV:
                return fonte.rev if fonte.rev and fonte.rev.startswith(pin.name) else None

    def seal(self, nome: str, rev: str | None) -> str | None:
        """Return the digest that a package at a locked commit must have, or None where nothing was sealed."""
        entry = self._entries.get(nome)
        is_same = entry is not None and isinstance(entry.fonte, GitFonte) and entry.fonte.rev == rev
        return self._seals.get(nome) if is_same else None

    def has(self, nome: str) -> bool:
        """Whether the lock has a package of that name."""
        return nome in self._entries
