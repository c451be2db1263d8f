"""`log`: what happened in a session, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..results import Piece, Result, Role, aside
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.session.summary import LoggedStep

__all__ = ["History", "Row", "digits", "log", "rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its number, when it ended (ISO 8601, UTC), its digest, its cell, and what it did."""

    number: int
    time: str
    digest: str
    cell: str
    changes: tuple[str, ...]
    is_live: bool
    events: tuple[dict[str, Any], ...]

    @property
    def said(self) -> str:
        """What it did, on one line."""
        return ", ".join(self.changes)


@dataclass(frozen=True, slots=True)
class History(Result):
    """The steps of a session, oldest first, and the digest that stands for all of them."""

    rows: tuple[Row, ...]
    digest: str

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each step, in columns; what was undone is marked."""
        if not self.rows:
            yield aside("nothing has happened in this session yet", Role.MUTED)
        number = len(f"#{len(self.rows)}")
        cell = max((len(row.cell) for row in self.rows), default=0)
        for row in self.rows:
            yield Piece(f"{f'#{row.number}':>{number}}  ", Role.ACCENT if row.is_live else Role.MUTED)
            yield Piece(f"{row.time}  {digits(row.digest)}  {row.cell:<{cell}}  ", Role.MUTED)
            yield Piece(f"{row.said}" if row.is_live else f"({row.said})")
            yield Piece("\n" if row.is_live else "  undone\n", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the steps with every event, whole digests and times."""
        return {
            "digest": self.digest,
            "steps": [
                {
                    "step": row.number,
                    "time": row.time,
                    "digest": row.digest,
                    "cell": row.cell,
                    "changes": list(row.changes),
                    "live": row.is_live,
                    "events": list(row.events),
                }
                for row in self.rows
            ],
        }


def log(workspace: Workspace) -> History:
    """Return what happened in the session, step by step. Raises UsageProblem where there is none."""
    history = workspace.session.log
    return History(rows(workspace), history.digest)


def rows(workspace: Workspace) -> tuple[Row, ...]:
    """Return a row for each step of the session."""
    from caixa.session.summary import summaries  # noqa: PLC0415 - a terminal has no session

    return tuple(_row(each) for each in summaries(workspace.session.log))


def digits(digest: str) -> str:
    """Return what is enough of a digest to name a step."""
    return digest.removeprefix("blake3:")[:12]


def _row(logged: LoggedStep) -> Row:
    from caixa.session.archive import entry_data  # noqa: PLC0415 - as above

    step = logged.step
    moment = datetime.fromtimestamp(step.last.time, UTC).isoformat(sep=" ", timespec="seconds")
    events = tuple(entry_data(entry) for entry in step.entries)
    time = moment.replace("+00:00", "Z")
    return Row(step.number, time, step.digest, step.last.cell, logged.changes, logged.is_live, events)
