"""`at`, `undo`, `redo`: look at what a session was, and go there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace
from .log import digits

if TYPE_CHECKING:
    from caixa.session import Session, SessionState
    from caixa.session.log import Step

__all__ = ["Arrived", "CaixaThen", "Moment", "at", "caixas_of", "redo", "undo"]

_LEFT = "Left as they are: what channels, atoms and files hold, and what Python and Hy cells did."


@dataclass(frozen=True, slots=True)
class CaixaThen:
    """A caixa as it was at a moment."""

    nome: str
    versao: str
    kind: str
    digest: str
    has_component: bool


@dataclass(frozen=True, slots=True)
class Moment(Result):
    """What a session was after a step: its caixas, and its Lisp names; None where these are forgotten."""

    number: int
    digest: str
    cell: str
    caixas: tuple[CaixaThen, ...]
    names: tuple[str, ...] | None

    def pieces(self) -> Iterator[Piece]:
        """Yield a headline, a line for each caixa, and the names."""
        yield Piece(f"#{self.number}", Role.ACCENT)
        yield Piece(f"  {digits(self.digest)}  {self.cell or 'the start'}\n", Role.MUTED)
        for each in self.caixas:
            component = ", with a component" if each.has_component else ""
            yield Piece(f"  {each.nome} {each.versao}  {each.kind}{component}  ")
            yield Piece(f"{digits(each.digest)}\n", Role.MUTED)
        if not self.caixas:
            yield Piece("  no caixas\n", Role.MUTED)
        if self.names is None:
            yield Piece("  the Lisp names of this step are no longer kept\n", Role.MUTED)
        elif self.names:
            yield Piece(f"  {plural(len(self.names), 'Lisp name')}: {', '.join(self.names)}\n")

    def to_json(self) -> dict[str, Any]:
        """Return the moment with whole digests."""
        return {
            "step": self.number,
            "digest": self.digest,
            "cell": self.cell or None,
            "caixas": [
                {
                    "nome": each.nome,
                    "versao": each.versao,
                    "kind": each.kind,
                    "digest": each.digest,
                    "hasComponent": each.has_component,
                }
                for each in self.caixas
            ],
            "names": None if self.names is None else list(self.names),
        }


@dataclass(frozen=True, slots=True)
class Arrived(Result):
    """Where the session was taken: how, over which changes, and what it is now."""

    move: str
    changes: tuple[str, ...]
    now: Moment

    def pieces(self) -> Iterator[Piece]:
        """Yield what was taken back or made again, and the moment."""
        changes = ", ".join(self.changes)
        yield Piece(f"✓ {self.move}", Role.ADDED)
        yield Piece(f"{': ' if changes else ''}{changes}\nThe session is as it was at ")
        yield from self.now.pieces()
        yield aside(_LEFT, Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the move, the changes it went over, and the moment."""
        return {"move": self.move, "changes": list(self.changes), "now": self.now.to_json()}


def at(workspace: Workspace, moment: str, *, restore: bool = False) -> Moment | Arrived:
    """Return what the session was at `moment` (a digest, or #3); with `restore`, make it that again.

    Raises UnknownMoment, and with `restore` ForgottenStep and MoveNotAlone; then nothing has changed.
    """
    session = workspace.session
    if restore:
        session.restore(moment)
        return Arrived("restore", (), _moment(session, session.log.find(moment)))
    return _moment(session, session.log.find(moment))


def undo(workspace: Workspace) -> Arrived:
    """Take back the last change, as a new step. Raises NothingToMove, ForgottenStep, MoveNotAlone."""
    return _moved(workspace.session, "undo", workspace.session.undo)


def redo(workspace: Workspace) -> Arrived:
    """Make the change that was undone last again, as a new step. Raises as `undo` does."""
    return _moved(workspace.session, "redo", workspace.session.redo)


def _moved(session: Session, move: str, go: Any) -> Arrived:
    from caixa.session.summary import summaries  # noqa: PLC0415 - a terminal has no session
    from caixa.session.timeline import timeline  # noqa: PLC0415 - as above

    before = timeline(session.log.steps())
    jumps = before.undoable if move == "undo" else before.redoable
    go()
    step = session.log.steps()[jumps[-1].step - 1]
    changes = summaries(session.log)[step.number - 1].changes
    now = session.log.find(jumps[-1].before if move == "undo" else jumps[-1].after)
    return Arrived(f"{move} #{step.number}", changes, _moment(session, now))


def _moment(session: Session, step: Step | None) -> Moment:
    from caixa.session.log import GENESIS  # noqa: PLC0415 - as above

    digest = GENESIS if step is None else step.digest
    number, cell = (0, "") if step is None else (step.number, step.last.cell)
    state = session.log.state_at(digest)
    try:
        names: Sequence[str] | None = session.names_at(number)
    except LookupError:
        names = None
    return Moment(number, digest, cell, caixas_of(state), None if names is None else tuple(names))


def caixas_of(state: SessionState) -> tuple[CaixaThen, ...]:
    """Return every caixa of `state`, with its digest."""
    """Return every caixa of `state`, with its digest."""
    from caixa.lacre.package_digest import package_digest  # noqa: PLC0415 - brings in blake3

    return tuple(
        CaixaThen(
            package.nome,
            package.caixa.versao,
            package.caixa.kind.value,
            package_digest(package),
            nome in state.components,
        )
        for nome, package in state.packages.items()
    )
