"""`import`: a caixa made of a folder of Lisp sources, or of a package in an older notation.

The plan is shown first, and nothing that is there is written over: where files would have to change, the
package is made in another folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..adopting import Adopted, adopt, lisp_texts, read_folder
from ..errors import AlreadyThere, WouldChange
from ..files import write_files
from ..importing import Folder, Guess
from ..results import Piece, Result, Role, aside, diff_pieces, finding_pieces, plural, unified
from ..scaffold import IGNORED
from ..sources import Chained
from ..workspace import Workspace

__all__ = ["ImportPlan", "import_package"]


@dataclass(frozen=True, slots=True)
class ImportPlan(Result):
    """What a folder becomes: what was guessed, what is new or changes (as diffs), and what lint will say."""

    nome: str
    versao: str
    kind: str
    directory: str
    target: str
    guesses: tuple[Guess, ...]
    new: Mapping[str, str]
    changed: Mapping[str, str]
    findings: tuple[Diagnostic, ...]
    is_written: bool = False
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the package passes lint."""
        return not self.findings

    def pieces(self) -> Iterator[Piece]:
        """Yield the guesses, each file as a diff, the findings, and what was done or is to be done."""
        for guess in self.guesses:
            yield aside(f":{guess.slot} from {guess.why}", Role.MUTED)
        for diff in (*self.new.values(), *self.changed.values()):
            yield from diff_pieces(diff)
        yield from finding_pieces(self.findings, self.sources)
        mark, role = ("✓", Role.ADDED) if self.is_written else ("…", Role.PLAIN)
        counts = f"{plural(len(self.new), 'new file')}, {len(self.changed)} changed"
        yield aside(f"{mark} {self.nome} {self.versao} ({self.kind}): {counts}; {self._state()}", role)

    def _state(self) -> str:
        if self.is_written:
            return f"written to {self.target}"
        if not self.new and not self.changed:
            return "it is a caixa in its written form already"
        if self.changed and self.target == self.directory:
            return "nothing is written; --to DIR --write makes the package in another folder"
        return "nothing is written without --write"

    def to_json(self) -> dict[str, Any]:
        """Return the plan, and whether it was carried out."""
        return {
            "nome": self.nome,
            "versao": self.versao,
            "kind": self.kind,
            "directory": self.directory,
            "target": self.target,
            "guesses": [{"slot": each.slot, "why": each.why} for each in self.guesses],
            "new": dict(self.new),
            "changed": dict(self.changed),
            "findings": [finding.to_json() for finding in self.findings],
            "written": self.is_written,
        }


def import_package(
    workspace: Workspace, directory: str, *, to: str | None = None, write: bool = False
) -> ImportPlan:
    """Return the plan of making a caixa of `directory`, and with `write` carry it out, in `to` if it is given.

    A caixa.lisp that is there is brought to the written notation, its comments kept; else one is drawn up.
    Every Lisp source is laid out. Raises NothingToImport, BadName, InvalidManifest, UnreadablePackage,
    UnsafePath, AlreadyThere if something stands in the way in `to`, WouldChange without it, and FileProblem.
    """
    root, target = workspace.locate(directory), workspace.locate(to or directory)
    folder = read_folder(root)
    adopted = adopt(folder, root)
    plan = _plan(folder, adopted, directory, to or directory)
    plan = replace(plan, sources=Chained(lisp_texts(adopted.files), workspace.sources))
    if not write:
        return plan
    _carry_out(plan, folder, adopted, target, is_in_place=target.resolve() == root.resolve())
    workspace.add(adopted.package, None)
    return replace(plan, is_written=True)


def _plan(folder: Folder, adopted: Adopted, directory: str, target: str) -> ImportPlan:
    old, caixa = lisp_texts(folder.files), adopted.package.caixa
    diffs = {
        path: unified(old.get(path, Source(path, "")), text.text)
        for path, text in lisp_texts(adopted.files).items()
    }
    return ImportPlan(
        caixa.nome,
        caixa.versao,
        caixa.kind.value,
        directory,
        target,
        adopted.guesses,
        {path: diff for path, diff in diffs.items() if path not in old},
        {path: diff for path, diff in diffs.items() if path in old and diff},
        adopted.findings,
    )


def _carry_out(plan: ImportPlan, folder: Folder, adopted: Adopted, target: Path, *, is_in_place: bool) -> None:
    """Write what is new into the folder, or everything into another; write over nothing."""
    if is_in_place and plan.changed:
        raise WouldChange(plan.directory, list(plan.changed))
    new = {path: data for path, data in adopted.files.items() if not (is_in_place and path in folder.files)}
    in_the_way = [path for path in new if (target / path).exists()]
    if in_the_way:
        raise AlreadyThere(plan.target, in_the_way)
    ignored = {path: data for path, data in IGNORED.items() if not (target / path).exists()}
    write_files(target, new | ignored)
