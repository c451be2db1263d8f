"""Channels: queues of values, and the lines of those who wait at either end (language.md section 5.5).

A channel never waits by itself. `send` and `receive` answer at once; whoever gets the answer that it is not
possible now may join a line, and is woken with the answer when it is.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from ..names import Keyword

__all__ = ["CLOSED", "NOTHING", "Buffer", "Channel", "Overflow", "Wait", "Waiter"]

CLOSED: Final = Keyword("closed")
"""What a receiver gets from a closed channel that holds nothing more."""

_SWEEP_AT = 16  # left places in a line before it is worth looking for them


class _Nothing:
    """What `receive` returns when there is no value: no value of a program."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()


class Overflow(StrEnum):
    """What a full channel does with one more value."""

    WAIT = "wait"
    DROP_OLDEST = "sliding"
    DROP_NEWEST = "dropping"


class Buffer(NamedTuple):
    """How many values a channel holds, None being any number, and what becomes of one too many."""

    capacity: int | None = None
    overflow: Overflow = Overflow.WAIT


class Waiter(Protocol):
    """Somebody who waits for one thing at a time; `turn` counts the wakings."""

    turn: int

    def wake(self, outcome: object) -> None:
        """Go on with `outcome`."""


class Wait:
    """A place in a line: who waits, and a sender's value.

    Who waits for several things at once has a place in several lines; the waking at one of them makes the
    others void. `index` says which of the things this one is, None if there is only one.
    """

    __slots__ = ("index", "turn", "value", "waiter")

    def __init__(self, waiter: Waiter, value: object = None, index: int | None = None) -> None:
        """Wait until the next waking of `waiter`."""
        self.waiter = waiter
        self.turn = waiter.turn
        self.value = value
        self.index = index

    @property
    def is_live(self) -> bool:
        """Whether it is still waited for."""
        return self.waiter.turn == self.turn

    def wake(self, outcome: object) -> None:
        """Wake who waits."""
        self.waiter.wake(outcome if self.index is None else (self.index, outcome))


class _Line:
    """Those who wait at one end of a channel, first come, first served."""

    __slots__ = ("left", "waits")

    def __init__(self) -> None:
        self.waits: deque[Wait] = deque()
        self.left = 0

    def next(self) -> Wait | None:
        """Return who is first, taken from the line, or None."""
        while self.waits:
            wait = self.waits.popleft()
            if wait.is_live:
                return wait
        return None

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits here."""
        while self.waits and not self.waits[0].is_live:
            self.waits.popleft()
        return not self.waits

    def forget_one(self) -> None:
        """Note that somebody has left, and now and then drop the places of those who have."""
        self.left += 1
        if self.left >= _SWEEP_AT and 2 * self.left > len(self.waits):
            self.waits = deque([wait for wait in self.waits if wait.is_live])
            self.left = 0


class Channel:
    """A queue of values and two lines: receivers wait while it is empty, senders while it is full."""

    __slots__ = ("_items", "_receivers", "_senders", "capacity", "is_closed", "overflow")
    __lisp_kind__ = "foreign"

    def __init__(self, capacity: int | None = None, overflow: Overflow = Overflow.WAIT) -> None:
        """Make an open channel for `capacity` values, None meaning any number, 0 only for those who wait."""
        self._items: deque[object] = deque()
        self._receivers = _Line()
        self._senders = _Line()
        self.capacity = capacity
        self.overflow = overflow
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._items)

    # -- at once --------------------------------------------------------------------------------------------

    def send(self, value: object) -> bool:
        """Hand `value` to who waits for one, else queue it; return whether that was possible."""
        if self.is_closed:
            return False
        if self._receivers.waits and (receiver := self._receivers.next()) is not None:
            receiver.wake(value)
            return True
        if self.capacity is None or len(self._items) < self.capacity:
            self._items.append(value)
            return True
        return self._overflow(value)

    def _overflow(self, value: object) -> bool:
        if self.overflow is Overflow.DROP_OLDEST:
            self._items.popleft()
            self._items.append(value)
        return self.overflow is not Overflow.WAIT

    def receive(self) -> object:
        """Return the next value, or NOTHING; the room goes to the first sender who waits for it."""
        if self._items:
            value = self._items.popleft()
            if self._senders.waits and (sender := self._senders.next()) is not None:
                self._items.append(sender.value)
                sender.wake(outcome=True)
            return value
        if self._senders.waits and (sender := self._senders.next()) is not None:
            sender.wake(outcome=True)
            return sender.value
        return NOTHING

    def close(self) -> None:
        """Refuse values from now on: receivers who wait get CLOSED, senders get False and keep their values."""
        self.is_closed = True
        while (receiver := self._receivers.next()) is not None:
            receiver.wake(CLOSED)
        while (sender := self._senders.next()) is not None:
            sender.wake(outcome=False)

    def drain(self) -> list[object]:
        """Close the channel and return what it still held."""
        self.close()
        items = list(self._items)
        self._items.clear()
        return items

    # -- later ----------------------------------------------------------------------------------------------

    @property
    def has_receivers(self) -> bool:
        """Whether somebody waits for a value."""
        return not self._receivers.is_empty

    def line_up(self, wait: Wait, *, sends: bool) -> None:
        """Join a line, after `send` or `receive` was not possible."""
        (self._senders if sends else self._receivers).waits.append(wait)

    def forget_one(self) -> None:
        """Note that somebody who waited here does so no more."""
        self._receivers.forget_one()
        self._senders.forget_one()
