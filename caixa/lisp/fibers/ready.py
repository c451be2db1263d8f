"""Who runs next: those who can go on, in the order in which they could, or in one drawn from a seed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from .fiber import Fiber

if TYPE_CHECKING:
    from random import Random

__all__ = ["InOrder", "Ready", "Shuffled"]


class Ready(Protocol):
    """The fibers that can go on, each once."""

    def __iter__(self) -> Iterator[Fiber]: ...

    def __contains__(self, fiber: object) -> bool: ...

    def add(self, fiber: Fiber) -> None:
        """Let a fiber have a turn."""

    def prefer(self, fiber: Fiber) -> None:
        """Let a fiber that is here have the next turn, if the order is not drawn."""

    def discard(self, fiber: Fiber) -> None:
        """Take a fiber out, if it is here."""

    def pop(self) -> Fiber | None:
        """Take out and return whose turn it is, None if nobody can go on."""

    @property
    def is_drawn(self) -> bool:
        """Whether the order is drawn; then a fiber may have to give way where it need not."""

    def interrupts(self) -> bool:
        """Draw whether a fiber that could go on is to let others go first."""


class InOrder:
    """First come, first served; a fiber gives way only where it must wait."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._fibers: OrderedDict[Fiber, None] = OrderedDict()

    def __iter__(self) -> Iterator[Fiber]:
        return iter(self._fibers)

    def __contains__(self, fiber: object) -> bool:
        return fiber in self._fibers

    def add(self, fiber: Fiber) -> None:
        """See Ready."""
        self._fibers[fiber] = None

    def prefer(self, fiber: Fiber) -> None:
        """See Ready."""
        if fiber in self._fibers:
            self._fibers.move_to_end(fiber, last=False)

    def discard(self, fiber: Fiber) -> None:
        """See Ready."""
        self._fibers.pop(fiber, None)

    def pop(self) -> Fiber | None:
        """See Ready."""
        return self._fibers.popitem(last=False)[0] if self._fibers else None

    @property
    def is_drawn(self) -> bool:
        """See Ready."""
        return False

    def interrupts(self) -> bool:
        """See Ready."""
        return False


class Shuffled:
    """Whoever is drawn; a fiber also gives way where it need not, at every second operation on average.

    With the same draws, the same program takes the same turns: a race that a seed shows, it shows again.
    """

    def __init__(self, random: Random) -> None:
        """Begin with nobody; `random` draws."""
        self._fibers: list[Fiber] = []
        self._places: dict[Fiber, int] = {}
        self._random = random

    def __iter__(self) -> Iterator[Fiber]:
        return iter(self._fibers)

    def __contains__(self, fiber: object) -> bool:
        return fiber in self._places

    def add(self, fiber: Fiber) -> None:
        """See Ready."""
        if fiber not in self._places:
            self._places[fiber] = len(self._fibers)
            self._fibers.append(fiber)

    def prefer(self, fiber: Fiber) -> None:
        """See Ready: the order is drawn."""

    def discard(self, fiber: Fiber) -> None:
        """See Ready: the last one moves to the free place."""
        place = self._places.pop(fiber, None)
        if place is None:
            return
        last = self._fibers.pop()
        if last is not fiber:
            self._fibers[place] = last
            self._places[last] = place

    def pop(self) -> Fiber | None:
        """See Ready."""
        if not self._fibers:
            return None
        fiber = self._fibers[self._random.randrange(len(self._fibers))]
        self.discard(fiber)
        return fiber

    @property
    def is_drawn(self) -> bool:
        """See Ready."""
        return True

    def interrupts(self) -> bool:
        """See Ready."""
        return self._random.random() < 0.5
