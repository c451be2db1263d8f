"""The history of a session: events in order, each entry hashed over the one before it.

A log is a value: taking an entry back is keeping the older log. The chain makes two histories comparable by
one digest, and an edited history evident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .errors import BrokenLog
from .events import Event
from .state import SessionState, apply

__all__ = ["GENESIS", "Entry", "Log"]

GENESIS: Final = "blake3:" + "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its place in the chain: `time` is in seconds since the epoch and is not hashed."""

    sequence: int
    time: float
    event: Event
    digest: str


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

    def append(self, event: Event, time: float) -> Log:
        """Return the log with `event` at its end."""
        entry = Entry(len(self.entries) + 1, time, event, _chained(self.digest, event))
        return Log((*self.entries, entry))

    def verify(self) -> None:
        """Check that each entry follows from the one before it. Raises BrokenLog at the first that does not."""
        before = GENESIS
        for place, entry in enumerate(self.entries, start=1):
            if entry.sequence != place or entry.digest != _chained(before, entry.event):
                raise BrokenLog(place)
            before = entry.digest

    def replay(self) -> SessionState:
        """Return the state that these events lead to from an empty session."""
        state = SessionState()
        for entry in self.entries:
            state = apply(state, entry.event)
        return state


def _chained(before: str, event: Event) -> str:
    from caixa.lacre.digest import labelled  # noqa: PLC0415  # loads BLAKE3, which no one needs before the first cell

    return labelled([("before", before.encode()), ("event", event.kind.encode()), *event.pairs()])
