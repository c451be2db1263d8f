"""What undo and redo mean in a log that only grows: a pure reading of its steps.

A step that changed something can be undone; each undo can be redone until something else is changed. Cells that
only look or compute are passed over. Undo and redo lead to exactly the state that was left, by its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .events import Move
from .log import Step

__all__ = ["Jump", "Timeline", "live_steps", "path", "timeline"]


class Jump(NamedTuple):
    """A change that can be undone or redone: the number of its step, and the digests on both sides of it."""

    step: int
    before: str
    after: str


class Timeline(NamedTuple):
    """What can be undone, and what can be redone, the next one last."""

    undoable: tuple[Jump, ...] = ()
    redoable: tuple[Jump, ...] = ()

    def after(self, step: Step) -> Timeline:
        """Return the timeline with one step more."""
        move = step.move.move if step.move else None
        if move is Move.UNDO:
            *rest, jump = self.undoable
            return Timeline(tuple(rest), (*self.redoable, jump._replace(after=step.before)))
        if move is Move.REDO:
            *rest, jump = self.redoable
            return Timeline((*self.undoable, jump._replace(before=step.before)), tuple(rest))
        if move is Move.RESTORE or step.has_changes:
            return Timeline((*self.undoable, Jump(step.number, step.before, step.digest)))
        return self


def timeline(steps: Iterable[Step]) -> Timeline:
    """Return what can be undone and redone after `steps`."""
    found = Timeline()
    for step in steps:
        found = found.after(step)
    return found


def path(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps that made the session what it is, the last first: a move leads on to where it went."""
    ends = {entry.digest: step for step in steps for entry in step.entries}
    digest = steps[-1].digest if steps else ""
    while digest in ends:
        step = ends[digest]
        yield step
        digest = step.before if step.move is None else step.move.digest


def live_steps(steps: Sequence[Step]) -> frozenset[int]:
    """Return the numbers of the steps that were not undone or gone back from, and are no moves themselves."""
    return frozenset(step.number for step in path(steps) if step.move is None)
