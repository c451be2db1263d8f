"""What a fiber can wait for: a channel, the first of several, a time, another fiber.

Outside a fiber, `send` and `receive` answer at once (language.md section 5.5), and what has no such answer runs
the fibers until it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ..errors import Cancelled, NativeError
from ..names import Keyword
from .channel import CLOSED, NOTHING, Channel, Wait
from .fiber import Fiber, FiberStatus, Waiting
from .scheduler import Scheduler

__all__ = ["BY_DEFAULT", "TIMED_OUT", "Choice", "Operations"]

EMPTY: Final = Keyword("empty")
BY_DEFAULT: Final = -1
TIMED_OUT: Final = -2


class Choice(NamedTuple):
    """One of the operations that `alt` chooses from: send `value` to the channel, or receive from it."""

    channel: Channel
    sends: bool = False
    value: object = None


class Operations:
    """What programs do to fibers and channels, on one scheduler."""

    def __init__(self, scheduler: Scheduler) -> None:
        """Wait on `scheduler`."""
        self._scheduler = scheduler

    # -- channels -------------------------------------------------------------------------------------------

    def send(self, channel: Channel, value: object) -> bool:
        """Send and return True; False if the channel is closed, or outside a fiber full, else wait for room."""
        scheduler = self._scheduler
        if scheduler.is_drawn:
            self._be_interrupted()
        if channel.send(value):
            return True
        if scheduler.current is None or channel.is_closed:
            return False
        fiber = scheduler.able_to_wait(">!")
        if fiber is None:
            return False
        channel.line_up(Wait(fiber, value), sends=True)
        return scheduler.block(Waiting(">!", channel)) is True

    def receive(self, channel: Channel) -> object:
        """Return the next value or `:closed`; without one, wait inside a fiber, and outside return `:empty`."""
        scheduler = self._scheduler
        if scheduler.is_drawn:
            self._be_interrupted()
        if scheduler.current is None and scheduler.timers:
            scheduler.timers.fire(scheduler.clock.now())
        value = channel.receive()
        if value is not NOTHING:
            return value
        if channel.is_closed:
            return CLOSED
        fiber = scheduler.able_to_wait("<!")
        if fiber is None:
            return EMPTY
        channel.line_up(Wait(fiber), sends=False)
        return scheduler.block(Waiting("<!", channel))

    def _be_interrupted(self) -> None:
        """Under a drawn order, let a fiber give way now and then where that is not needed."""
        if self._scheduler.current is not None and self._scheduler.ready.interrupts():
            self.give_way()

    def choose(
        self, choices: Sequence[Choice], timeout: float | None = None, *, at_once: bool = False
    ) -> tuple[int, object]:
        """Do the first of the operations that is possible, and return its index and its outcome.

        If none is possible, wait until one is: the first to become so is done. With `at_once` the answer is
        BY_DEFAULT instead; after `timeout` seconds it is TIMED_OUT.
        """
        scheduler = self._scheduler
        if scheduler.is_drawn:
            self._be_interrupted()
        found = _possible(choices)
        if found is not None:
            return found
        if at_once:
            return BY_DEFAULT, None
        fiber = scheduler.able_to_wait("alt")
        if fiber is not None:
            return self._choose_later(fiber, choices, timeout)
        if scheduler.current is not None:
            raise _unwinding("alt")
        outcome = self.result(scheduler.spawn(lambda: self.choose(choices, timeout), "alt"))
        assert isinstance(outcome, tuple)
        return outcome

    def _choose_later(
        self, fiber: Fiber, choices: Sequence[Choice], timeout: float | None
    ) -> tuple[int, object]:
        scheduler = self._scheduler
        for index, choice in enumerate(choices):
            choice.channel.line_up(Wait(fiber, choice.value, index), sends=choice.sends)
        if timeout is not None:
            scheduler.timers.add(scheduler.clock.now() + timeout, Wait(fiber, index=TIMED_OUT))
        outcome = scheduler.block(Waiting("alt", tuple([choice.channel for choice in choices])))
        assert isinstance(outcome, tuple)
        for index, choice in enumerate(choices):
            if index != outcome[0]:
                choice.channel.forget_one()
        if timeout is not None and outcome[0] != TIMED_OUT:
            scheduler.timers.forget_one()
        return outcome

    # -- time -----------------------------------------------------------------------------------------------

    def sleep(self, seconds: float) -> None:
        """Wait; others run meanwhile, outside a fiber too."""
        scheduler = self._scheduler
        fiber = scheduler.able_to_wait("sleep")
        if fiber is not None:
            scheduler.timers.add(scheduler.clock.now() + seconds, Wait(fiber))
            scheduler.block(Waiting("sleep"))
        elif scheduler.current is None:
            if scheduler.unfinished:
                self.result(scheduler.spawn(lambda: self.sleep(seconds), "sleep"))
            else:
                scheduler.clock.wait(seconds)

    def timeout(self, seconds: float) -> Channel:
        """Return a channel that closes after `seconds`."""
        channel = Channel()
        self._scheduler.timers.add(self._scheduler.clock.now() + seconds, channel)
        return channel

    def give_way(self) -> None:
        """Let the others have a turn; outside a fiber, do nothing."""
        if self._scheduler.able_to_wait("yield") is not None:
            self._scheduler.give_way()

    # -- fibers ---------------------------------------------------------------------------------------------

    def finish(self, fiber: Fiber, operation: str) -> None:
        """Wait until `fiber` has ended, one way or another; outside a fiber, run it and others until then.

        Raises NativeError if it waits for the one that asks, a deadlock if it never will end.
        """
        fiber.is_observed = True
        if fiber.is_finished:
            return
        scheduler = self._scheduler
        waiting = scheduler.able_to_wait(operation)
        if waiting is not None:
            _check_circle(fiber, waiting, operation)
            fiber.watchers.append(Wait(waiting))
            scheduler.block(Waiting(operation, fiber))
        elif scheduler.current is None:
            scheduler.run(fiber)
            scheduler.fail_if_stuck(fiber)
        else:
            raise _unwinding(operation)

    def result(self, fiber: Fiber) -> object:
        """Wait for `fiber` and return its result; raise its error, or that it was cancelled."""
        self.finish(fiber, "await")
        if fiber.failure is not None:
            raise fiber.failure
        if fiber.status is FiberStatus.CANCELLED:
            raise Cancelled(fiber.name)
        return fiber.result

    def run_first(self, fiber: Fiber) -> None:
        """Wait for `fiber` as `finish` does, and let it have the next turn."""
        self._scheduler.ready.prefer(fiber)
        self.finish(fiber, "go-run")

    def run_all(self) -> None:
        """Run every fiber as far as it goes. Raises a deadlock if one is left that is not in the background."""
        self._scheduler.run()
        self._scheduler.fail_if_stuck()


def _possible(choices: Sequence[Choice]) -> tuple[int, object] | None:
    """Do the first operation that is possible at once, and return its index and outcome."""
    for index, (channel, sends, value) in enumerate(choices):
        if sends:
            if channel.is_closed or channel.send(value):
                return index, not channel.is_closed
        else:
            received = channel.receive()
            if received is not NOTHING or channel.is_closed:
                return index, CLOSED if received is NOTHING else received
    return None


def _check_circle(fiber: Fiber, waiting: Fiber, operation: str) -> None:
    """Refuse to wait for a fiber that, through others, waits for the one that asks."""
    each: object = fiber
    while isinstance(each, Fiber):
        if each is waiting:
            raise NativeError(operation, "the fiber is already running", fix="A fiber cannot wait for itself.")
        each = each.waiting.subject if each.waiting else None


def _unwinding(operation: str) -> NativeError:
    return NativeError(operation, "a fiber that is cancelled cannot wait", fix="Wait before its `finally`.")
