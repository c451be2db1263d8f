"""`list`: the packages of a session, or of the directories here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from caixa.lisp.diagnostics import Reportable

from ..results import Piece, Result, Role, aside
from ..workspace import DirectoryWorkspace, Workspace

__all__ = ["Entry", "Listing", "list_packages"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One package, or where it is and why it does not read."""

    subject: str
    nome: str = ""
    versao: str = ""
    kind: str = ""
    problem: str = ""
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing(Result):
    """The packages there are."""

    entries: tuple[Entry, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield one line for each package, in columns."""
        if not self.entries:
            yield aside("no packages here; feira init NAME makes one", Role.MUTED)
        columns = [(entry.nome or entry.subject, entry.versao, entry.kind) for entry in self.entries]
        widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
        for entry, cells in zip(self.entries, columns, strict=True):
            line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            yield Piece(line)
            if entry.problem:
                yield Piece(f"  ✗ {entry.problem}", Role.ERROR)
            elif entry.subject not in (".", entry.nome):
                yield Piece(f"  {entry.subject}", Role.MUTED)
            if entry.stale:
                yield Piece(f"  stale: {'; '.join(entry.stale)}", Role.WARNING)
            yield Piece("\n")

    def to_json(self) -> dict[str, Any]:
        """Return the packages."""
        return {
            "packages": [
                {
                    "subject": entry.subject,
                    "nome": entry.nome or None,
                    "versao": entry.versao or None,
                    "kind": entry.kind or None,
                    "problem": entry.problem or None,
                    "stale": list(entry.stale),
                }
                for entry in self.entries
            ]
        }


def list_packages(workspace: Workspace, directory: str | None = None) -> Listing:
    """List the packages of the workspace, or of `directory`; those that do not read with their problem."""
    if directory is not None:
        workspace = DirectoryWorkspace(workspace.locate(directory))
    return Listing(tuple(_entry(workspace, subject) for subject in workspace.names()))


def _entry(workspace: Workspace, subject: str) -> Entry:
    try:
        caixa = workspace.package(subject).caixa
    except Reportable as error:
        return Entry(subject, problem=str(error))
    return Entry(subject, caixa.nome, caixa.versao, caixa.kind.value, stale=tuple(workspace.stale(caixa.nome)))
