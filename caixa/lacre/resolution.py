"""What resolving found: a package for each name, as a value and as a lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.model import Fonte, GitFonte
from caixa.manifest.package import Package

from .closure import fechamentos
from .lock import Lock, LockEntry

__all__ = ["Resolution", "Resolved", "changes", "moved_tags"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """One package: where it is from, as the lock says it, its digest, and the names of what it needs."""

    nome: str
    package: Package
    fonte: Fonte
    rev: str | None
    digest: str
    needs: tuple[str, ...] = ()

    @property
    def versao(self) -> str:
        """The version that its manifest says."""
        return self.package.caixa.versao

    @property
    def conteudo(self) -> str:
        """The identifier of the source that the older system uses (caixa.md section 3.1)."""
        return f"git:{self.rev}" if isinstance(self.fonte, GitFonte) else f"path:{self.fonte.caminho}"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Every package that a root needs, and what a person should know about how it was found."""

    packages: Mapping[str, Resolved]
    notes: tuple[Diagnostic, ...] = ()

    def lock(self) -> Lock:
        """Return the lock of these packages, sealed with their digests."""
        graph = {each.nome: (each.conteudo, each.needs) for each in self.packages.values()}
        closures = fechamentos(graph)
        entries = [
            LockEntry(each.nome, each.versao, each.fonte, each.conteudo, closures[each.nome], each.needs)
            for each in self.packages.values()
        ]
        return Lock.of(entries, {each.nome: each.digest for each in self.packages.values()})


def moved_tags(old: Lock, new: Lock) -> Iterator[Diagnostic]:
    """Yield a warning for each tag that names another commit than it did when it was locked (caixa.md R7)."""
    before = {entry.nome: entry.fonte for entry in old.entradas}
    for entry in new.entradas:
        was, now = before.get(entry.nome), entry.fonte
        if not isinstance(was, GitFonte) or not isinstance(now, GitFonte) or not was.rev or not now.rev:
            continue
        if now.tag is not None and (was.repo, was.tag) == (now.repo, now.tag) and was.rev != now.rev:
            message = f'the tag {now.tag} of "{entry.nome}" has moved from {was.rev[:12]} to {now.rev[:12]}'
            why = "A tag stands for one release; one that moves gives others code that was not reviewed."
            fix = "Ask its author why, and read the difference before you keep the new lock."
            data = {"nome": entry.nome, "tag": now.tag, "old": was.rev, "new": now.rev}
            yield Diagnostic("tag-moved", Severity.WARNING, None, message, why, fix, (), data)


def changes(old: Lock, new: Lock) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (name, old version, new version) for each package that a new lock adds, drops or changes."""
    before = {entry.nome: entry for entry in old.entradas}
    after = {entry.nome: entry for entry in new.entradas}
    for nome in sorted(before.keys() | after.keys()):
        one, other = before.get(nome), after.get(nome)
        is_same = one is not None and other is not None and one.conteudo == other.conteudo
        if not is_same or old.seals.get(nome, "") != new.seals.get(nome, ""):
            yield nome, one.versao if one else None, other.versao if other else None
