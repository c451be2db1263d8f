"""What changed between two steps of a session: its caixas, each form by form, and its Lisp names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Reportable

from ..results import Piece, Result, Role, aside
from ..workspace import Workspace
from .diff import Difference, difference

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa.session import SessionState

__all__ = ["Between", "between"]

_ROLES = {"+": Role.ADDED, "-": Role.REMOVED, "~": Role.WARNING}


@dataclass(frozen=True, slots=True)
class Between(Result):
    """The changes from step `old` to step `new`: caixas and names that came (+), went (-) or changed (~)."""

    old: int
    new: int
    caixas: Mapping[str, str]
    differences: tuple[Difference, ...]
    names: Mapping[str, str] | None

    def pieces(self) -> Iterator[Piece]:
        """Yield the caixas, the Lisp names, and what changed in each caixa that changed."""
        yield Piece(f"# the session, from #{self.old} to #{self.new}\n", Role.ACCENT)
        for nome, sign in self.caixas.items():
            yield Piece(f"{sign} caixa {nome}\n", _ROLES[sign])
        for name, sign in (self.names or {}).items():
            yield Piece(f"{sign} {name}\n", _ROLES[sign])
        if not self.caixas and not self.names:
            yield Piece("no change\n", Role.MUTED)
        if self.names is None:
            yield aside("The Lisp names of one of the steps are no longer kept.", Role.MUTED)
        for each in self.differences:
            yield from each.pieces()

    def to_json(self) -> dict[str, Any]:
        """Return the changes; the signs are `+`, `-` and `~`."""
        return {
            "from": self.old,
            "to": self.new,
            "caixas": dict(self.caixas),
            "names": None if self.names is None else dict(self.names),
            "differences": [each.to_json() for each in self.differences],
        }


def between(workspace: Workspace, old: str, new: str) -> Between:
    """Return what changed from step `old` to step `new`. Raises UnknownMoment."""
    from caixa.session.log import GENESIS  # noqa: PLC0415 - a terminal has no session

    session = workspace.session
    steps = session.log.find(old), session.log.find(new)
    before, after = (session.log.state_at(step.digest if step else GENESIS) for step in steps)
    first, last = (step.number if step else 0 for step in steps)
    try:
        names: Mapping[str, str] | None = session.names_between(first, last)
    except LookupError:
        names = None
    signs = dict(_signs(before.packages, after.packages))
    changed = [nome for nome, sign in signs.items() if sign == "~"]
    differences = (_difference(workspace, before, after, nome) for nome in changed)
    return Between(first, last, signs, tuple(differences), names)


def _signs(before: Mapping[str, Package], after: Mapping[str, Package]) -> Iterator[tuple[str, str]]:
    for nome in (*before, *(nome for nome in after if nome not in before)):
        if nome not in after:
            yield nome, "-"
        elif nome not in before:
            yield nome, "+"
        elif before[nome] != after[nome]:
            yield nome, "~"


def _difference(workspace: Workspace, before: SessionState, after: SessionState, nome: str) -> Difference:
    """Return what changed in a caixa; where it does not render with the members of its time, form by form."""
    from caixa_renderers.diff import diff_forms  # noqa: PLC0415 - a difference is rarely asked

    old, new = before.packages[nome], after.packages[nome]
    try:
        return difference(old, new, workspace.members_of(new))
    except Reportable:
        return Difference(nome, diff_forms(old, new), ())
