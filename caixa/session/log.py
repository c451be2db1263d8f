"""The history of a session: events in order, each entry hashed over the one before it.

A log is a value: taking an entry back is keeping the older log. The chain makes two histories comparable by
one digest, and an edited history evident. What happened in one cell is one step: the unit that is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from .errors import BrokenLog, UnknownMoment
from .events import CaixaPut, CellRun, ComponentPut, Event, FilePut, Moved
from .state import SessionState, apply, returned

__all__ = ["GENESIS", "Entry", "Log", "Step", "chained"]

GENESIS: Final = "blake3:" + "0" * 64
SHORTEST = 4  # digits of a digest that a person may give


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its place in the chain.

    `time` is in seconds since the epoch, `step` counts the cells; neither is hashed, nor the cell's name.
    """

    sequence: int
    time: float
    event: Event
    digest: str
    step: int
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The entries of one cell; `before` is the digest of the entry before them."""

    before: str
    entries: tuple[Entry, ...]

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        return self.entries[0].step

    @property
    def last(self) -> Entry:
        """The entry whose digest stands for the session after this step."""
        return self.entries[-1]

    @property
    def digest(self) -> str:
        """The digest of the session after this step."""
        return self.last.digest

    @property
    def move(self) -> Moved | None:
        """The way back or forth that this step is, or None for one that goes on."""
        return next((each.event for each in self.entries if isinstance(each.event, Moved)), None)

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to undo: a cell that only looked or computed changes nothing."""
        return any(_changes(entry.event) for entry in self.entries)


def _changes(event: Event) -> bool:
    if isinstance(event, CellRun):
        return bool(event.defined)
    return isinstance(event, (CaixaPut, FilePut, ComponentPut))


@dataclass(frozen=True, slots=True)
class Log:
    """The entries of a session, oldest first."""

    entries: tuple[Entry, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @property
    def digest(self) -> str:
        """The digest of the last entry, which stands for the whole history."""
        return self.entries[-1].digest if self.entries else GENESIS

    @property
    def last_step(self) -> int:
        """The number of the last step, 0 if there is none."""
        return self.entries[-1].step if self.entries else 0

    def append(self, event: Event, time: float, *, step: int | None = None, cell: str = "") -> Log:
        """Return the log with `event` at its end, by default as a step of its own."""
        number = self.last_step + 1 if step is None else step
        entry = Entry(len(self.entries) + 1, time, event, chained(self.digest, event), number, cell)
        return Log((*self.entries, entry))

    def verify(self) -> None:
        """Check that each entry follows from the one before it. Raises BrokenLog at the first that does not."""
        before = GENESIS
        for place, entry in enumerate(self.entries, start=1):
            if entry.sequence != place or entry.digest != chained(before, entry.event):
                raise BrokenLog(place)
            before = entry.digest

    def steps(self) -> tuple[Step, ...]:
        """Return the entries cell by cell."""
        found, before = [], GENESIS
        for _, entries in groupby(self.entries, key=lambda entry: entry.step):
            found.append(Step(before, tuple(entries)))
            before = found[-1].digest
        return tuple(found)

    def find(self, moment: str) -> Step | None:
        """Return the step that a number, `#` and a number, or the beginning of a digest names; None: the start.

        An entry within a cell stands for its cell, which commits whole. Raises UnknownMoment.
        """
        steps = self.steps()
        by_number = moment.removeprefix("#")
        if by_number.isdecimal() and len(by_number) < SHORTEST:
            if not 0 <= int(by_number) <= len(steps):
                raise UnknownMoment(moment, len(steps))
            return steps[int(by_number) - 1] if int(by_number) else None
        digits = moment.removeprefix("blake3:")
        found = {
            step.number: step
            for step in steps
            if any(entry.digest.startswith(f"blake3:{digits}") for entry in step.entries)
        }
        if digits and GENESIS.startswith(f"blake3:{digits}"):
            return None
        if len(digits) < SHORTEST or len(found) != 1:
            raise UnknownMoment(moment, len(steps), several=len(found) > 1)
        return next(iter(found.values()))

    def states(self) -> Iterator[tuple[str, SessionState]]:
        """Yield the digest of each entry with the state it leads to, the empty one first. Raises BrokenLog."""
        state = SessionState()
        seen = {GENESIS: state}
        yield GENESIS, state
        for entry in self.entries:
            if not isinstance(entry.event, Moved):
                state = apply(state, entry.event)
            elif entry.event.digest in seen:
                state = returned(state, seen[entry.event.digest])
            else:
                raise BrokenLog(entry.sequence)
            seen[entry.digest] = state
            yield entry.digest, state

    def replay(self) -> SessionState:
        """Return the state that these events lead to from an empty session. Raises BrokenLog."""
        *_, (_, state) = self.states()
        return state

    def state_at(self, digest: str) -> SessionState:
        """Return the state after the entry `digest`, which is one of this log."""
        return next(state for found, state in self.states() if found == digest)


def chained(before: str, event: Event) -> str:
    """Return the digest of an entry with `event` that follows the one with the digest `before`."""
    from caixa.lacre.digest import labelled  # noqa: PLC0415  # loads BLAKE3, which no one needs before the first cell

    return labelled([("before", before.encode()), ("event", event.kind.encode()), *event.pairs()])
