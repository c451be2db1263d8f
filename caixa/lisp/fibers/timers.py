"""What happens when: fibers to wake and channels to close, by time."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count

from .channel import Channel, Wait

__all__ = ["Timers"]

_SWEEP_AT = 64  # forgotten timers before it is worth looking for them
_Entry = tuple[float, int, Wait | Channel]


class Timers:
    """Timers in the order of their times, and of their making where these are the same."""

    def __init__(self) -> None:
        """Begin with none."""
        self._entries: list[_Entry] = []
        self._made = count()
        self._forgotten = 0

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, at: float, what: Wait | Channel) -> None:
        """Wake a fiber, or close a channel, at a time of the clock."""
        heappush(self._entries, (at, next(self._made), what))

    def fire(self, now: float) -> None:
        """Do what was to be done by `now`."""
        while self._entries and self._entries[0][0] <= now:
            what = heappop(self._entries)[2]
            if isinstance(what, Channel):
                what.close()
            elif what.is_live:
                what.wake(None)

    def next_waking(self) -> float | None:
        """Return when the next timer wakes somebody, None if none does: nobody waits for an unused timeout."""
        entries = self._entries
        while entries and _is_void(entries[0]):
            heappop(entries)
        if not entries or _wakes(entries[0]):
            return entries[0][0] if entries else None
        return min((entry[0] for entry in entries if _wakes(entry)), default=None)

    def forget_one(self) -> None:
        """Note that a fiber does not wait for its timer any more, and now and then drop such timers."""
        self._forgotten += 1
        if self._forgotten >= _SWEEP_AT and 2 * self._forgotten > len(self._entries):
            self._entries = [entry for entry in self._entries if not _is_void(entry)]
            heapify(self._entries)
            self._forgotten = 0


def _is_void(entry: _Entry) -> bool:
    return isinstance(entry[2], Wait) and not entry[2].is_live


def _wakes(entry: _Entry) -> bool:
    what = entry[2]
    return what.has_receivers if isinstance(what, Channel) else what.is_live
