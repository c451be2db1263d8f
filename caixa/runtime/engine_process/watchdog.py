"""Stops the guest that runs: at its deadline, or when Stop is pressed.

A store's epoch deadline is always one step away, and a step is made only in order to stop: no ticking while
nothing is wrong, and a deadline is met to a fraction of a millisecond, not to a tick. That holds because one
guest runs at a time; a pool of guests would need a periodic tick.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["CallStopped", "Ticket", "Watchdog"]


class CallStopped(Exception):
    """Stop was pressed before or while this call ran."""


@dataclass(slots=True)
class Ticket:
    """One call: its number, and whether Stop was pressed for it; what else ends it is its deadline."""

    call: int
    stopped: bool = False


class Watchdog:
    """Knows the call in flight and advances the epoch to end it."""

    def __init__(self, advance: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`advance` ends every guest whose epoch deadline is one step away, from any thread."""
        self._advance = advance
        self._clock = clock
        self._changed = threading.Condition()
        self._ticket: Ticket | None = None
        self._until: float | None = None
        self._wakes = math.inf  # when the thread looks at the clock next
        self._early: set[int] = set()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    @contextmanager
    def ticket(self, call: int) -> Iterator[Ticket]:
        """Make `call` the one in flight, for the length of the block."""
        ticket = Ticket(call)
        with self._changed:
            self._ticket = ticket
            ticket.stopped = call in self._early
            self._early = {number for number in self._early if number > call}
        try:
            yield ticket
        finally:
            with self._changed:
                self._ticket = None

    def stop(self, call: int) -> None:
        """End `call`; one that waits its turn ends when that comes, one that is done is left alone."""
        with self._changed:
            if self._ticket is None or self._ticket.call != call:
                self._early.add(call)
                return
            self._ticket.stopped = True
            self._advance()

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """End the call in flight when `seconds` have passed. Raises CallStopped when Stop came before.

        To be entered after the store's epoch deadline was set: a stop between the two is seen here.
        """
        with self._changed:
            if self._ticket is not None and self._ticket.stopped:
                raise CallStopped
            self._until = self._clock() + seconds
            if self._until < self._wakes:
                # Else it looks at the clock soon enough: waking a thread costs more than a short call.
                self._wakes = self._until
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._until = None

    def _watch(self) -> None:
        with self._changed:
            while True:
                self._changed.wait(None if self._wakes == math.inf else max(0.0, self._wakes - self._clock()))
                if self._until is not None and self._clock() >= self._until:
                    self._until = None
                    self._advance()
                self._wakes = math.inf if self._until is None else self._until
