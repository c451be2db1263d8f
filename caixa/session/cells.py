"""The cells whose definitions hold: those that ran, without those that were gone back over."""

from __future__ import annotations

from collections.abc import Iterable

from caixa.lisp.source import Source

from .events import CellRun, Moved
from .log import GENESIS, Entry

__all__ = ["cells_in_force"]


def cells_in_force(log: Iterable[Entry]) -> tuple[Source, ...]:
    """Return the cells that lead from an empty session to the definitions there are now, in order."""
    current: tuple[Source, ...] = ()
    seen = {GENESIS: current}
    for entry in log:
        if isinstance(entry.event, CellRun):
            current = (*current, Source(entry.event.name, entry.event.text))
        elif isinstance(entry.event, Moved):
            current = seen[entry.event.digest]
        seen[entry.digest] = current
    return current
