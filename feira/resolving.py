"""Resolving a package's dependencies and writing its lock: what `lock`, `resolve` and `update` share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from .errors import IncoherentLock
from .results import Piece, Result, Role, aside, finding_pieces, plural
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.lacre.lock import Lock
    from caixa.lacre.resolution import Resolution
    from caixa.manifest.package import Package

__all__ = ["EVERYTHING", "Choices", "LockReport", "lock_of", "relock"]

LOCK = "lacre.lisp"
EVERYTHING = "*"  # no package can have this name


@dataclass(frozen=True, slots=True)
class Choices:
    """How to resolve; `update` names the packages to choose anew, or is EVERYTHING alone."""

    dev: bool = False
    dry_run: bool = False
    default_host: str | None = None
    offline: bool = False
    update: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A package that the new lock adds (`old` is None), drops (`new` is None) or takes anew."""

    nome: str
    old: str | None
    new: str | None

    def piece(self) -> Piece:
        """Return the change as a line."""
        if self.old is None:
            return aside(f"+ {self.nome} {self.new}", Role.ADDED)
        if self.new is None:
            return aside(f"- {self.nome} {self.old}", Role.REMOVED)
        versions = self.new if self.old == self.new else f"{self.old} → {self.new}"
        return aside(f"~ {self.nome} {versions}", Role.ACCENT)


@dataclass(frozen=True, slots=True)
class LockReport(Result):
    """A lock, what changed in it, and what a person should know; `is_written` unless it was a dry run."""

    nome: str
    raiz: str
    entries: int
    text_of_lock: str
    changes: tuple[Change, ...]
    notes: tuple[Diagnostic, ...]
    is_dry: bool
    is_changed: bool
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    def pieces(self) -> Iterator[Piece]:
        """Yield the changes and the notes, then the lock on a dry run, else its root."""
        for change in self.changes:
            yield change.piece()
        yield from finding_pieces(self.notes, self.sources)
        if self.is_dry:
            yield Piece(self.text_of_lock)
            return
        state = "wrote" if self.is_changed else "unchanged:"
        yield aside(f"✓ {state} {LOCK} of {self.nome}, {plural(self.entries, 'package')}", Role.ADDED)
        yield Piece(self.raiz + "\n", Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return the root, the text, the changes and the notes."""
        return {
            "nome": self.nome,
            "raiz": self.raiz,
            "text": self.text_of_lock,
            "written": not self.is_dry,
            "changed": self.is_changed,
            "changes": [{"nome": each.nome, "old": each.old, "new": each.new} for each in self.changes],
            "notes": [note.to_json() for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Progress(Result):
    """A line that says what takes time."""

    line: str

    def pieces(self) -> Iterator[Piece]:
        """Yield the line."""
        yield aside(f"… {self.line}", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the line."""
        return {"progress": self.line}


def lock_of(package: Package) -> Lock:
    """Return the lock among the package's files, an empty one without any. Raises InvalidLock."""
    from caixa.lacre.lock import Lock  # noqa: PLC0415 - a terminal starts without locks
    from caixa.lacre.package_digest import locked  # noqa: PLC0415 - the same

    return locked(package) or Lock.of(())


def relock(workspace: Workspace, subject: str | None, choices: Choices) -> LockReport:
    """Resolve the dependencies of a package, honouring its lock, and write the lock.

    Raises IncoherentLock, NothingLocked, InvalidConfig, FileProblem, and what `caixa.lacre.resolver.resolve`
    raises; nothing is written then.
    """
    from caixa.lacre.lock import write_lock  # noqa: PLC0415 - a terminal starts without locks
    from caixa.lacre.resolution import changes, moved_tags  # noqa: PLC0415 - the same

    package = workspace.package(subject)
    old = lock_of(package)
    resolution = _resolve(workspace, package, _preferred(old, choices.update), choices)
    new = resolution.lock()
    text = write_lock(new)
    is_changed = package.files.get(LOCK) != text.encode()
    if is_changed and not choices.dry_run:
        workspace.put_file(package, LOCK, text.encode())
    return LockReport(
        package.nome,
        new.raiz,
        len(new.entradas),
        text,
        tuple(Change(*each) for each in changes(old, new)),
        (*resolution.notes, *moved_tags(old, new)),
        choices.dry_run,
        is_changed,
        workspace.sources,
    )


def _preferred(old: Lock, update: tuple[str, ...]) -> Lock:
    """Return the lock to honour: without what is to be chosen anew. Raises NothingLocked, IncoherentLock."""
    from caixa.lacre.errors import NothingLocked  # noqa: PLC0415 - a terminal starts without locks

    if EVERYTHING in update:
        return old.without([entry.nome for entry in old.entradas])
    if not old.is_coherent:
        raise IncoherentLock
    names = [entry.nome for entry in old.entradas]
    for nome in update:
        if nome not in names:
            fix = f"It has {', '.join(names)}." if names else "Lock first."
            raise NothingLocked(f'the lock has no "{nome}"', fix=fix, nome=nome, known=names)
    return old.without(update)


def _resolve(workspace: Workspace, package: Package, old: Lock, choices: Choices) -> Resolution:
    from caixa.lacre.fetcher import SourceFetcher  # noqa: PLC0415 - a terminal starts without git
    from caixa.lacre.origins import Addressing  # noqa: PLC0415 - the same
    from caixa.lacre.places import cache_directory, load_config  # noqa: PLC0415 - the same
    from caixa.lacre.resolver import Request, resolve  # noqa: PLC0415 - the same
    from caixa.lacre.store import Store  # noqa: PLC0415 - the same

    config = load_config(os.environ)
    if choices.default_host:
        config = replace(config, default_host=choices.default_host)
    with_dev = choices.dev or config.include_dev
    with SourceFetcher(
        workspace.root_of(package),
        Store(cache_directory(os.environ, config)),
        is_offline=choices.offline,
        report=_reporter(workspace),
    ) as fetcher:
        return resolve(Request(package, old, Addressing(config), with_dev), fetcher)


def _reporter(workspace: Workspace) -> Callable[[str], None]:
    def report(line: str) -> None:
        workspace.show(Progress(line))

    return report
