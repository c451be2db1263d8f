"""The scheduler of one interpreter: it gives fibers their turns, one at a time, and says when none can go on.

Each fiber runs as a greenlet, so it can wait anywhere: deep in a recursion, in a function that `map` calls, in
`eval`. The program itself is not a fiber; the scheduler runs on its stack, while the program asks for something
that fibers are to bring about.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ..errors import LispError, NativeError
from .clock import Clock, SystemClock
from .fiber import Cancellation, Fiber, FiberStatus, Origin, Waiting
from .ready import InOrder, Ready
from .timers import Timers

if TYPE_CHECKING:
    from greenlet import greenlet

__all__ = ["Scheduler", "Surroundings"]

_STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit)


class Surroundings(Protocol):
    """What a scheduler asks of the interpreter around it."""

    def failure(self, error: Exception, fiber: Fiber) -> LispError:
        """Return what a fiber raised as an error of the language, with the fiber in its call stack."""

    def deadlock(self, fibers: list[Fiber]) -> LispError:
        """Return the error that these fibers wait for ever."""

    def report(self, fiber: Fiber) -> None:
        """Tell people of the failure of a fiber that nobody has waited for."""

    def is_expanding(self) -> bool:
        """Return whether a macro is being expanded, which cannot be left and come back to."""


class Scheduler:
    """Runs fibers in turns. `current` is the one that runs, None while the program itself does."""

    def __init__(self, around: Surroundings, clock: Clock | None = None, ready: Ready | None = None) -> None:
        """Have no fibers; by default in order, by the machine's clock."""
        self.clock = SystemClock() if clock is None else clock
        self.ready: Ready = InOrder() if ready is None else ready
        self.is_drawn = self.ready.is_drawn  # kept here, since every operation on a channel asks
        self.timers = Timers()
        self.current: Fiber | None = None
        self.unfinished: dict[int, Fiber] = {}
        self._around = around
        self._hub: greenlet | None = None  # what runs the fibers, while they are run
        self._failed: list[Fiber] = []
        self._made = 0

    # -- fibers ---------------------------------------------------------------------------------------------

    def spawn(self, thunk: Callable[[], object], name: str = "", origin: Origin | None = None) -> Fiber:
        """Return a new fiber, which waits for its first turn."""
        self._made += 1
        fiber = Fiber(thunk, self._made, name or f"fiber {self._made}", self.ready.add, origin)
        self.unfinished[fiber.number] = fiber
        self.ready.add(fiber)
        return fiber

    @property
    def mark(self) -> int:
        """A moment in the making of fibers, for `cancel_since`."""
        return self._made

    def reorder(self, ready: Ready) -> None:
        """Let `ready` say from now on who runs next."""
        for fiber in self.ready:
            ready.add(fiber)
        self.ready, self.is_drawn = ready, ready.is_drawn
        for fiber in self.unfinished.values():
            fiber.on_ready = ready.add

    # -- turns ----------------------------------------------------------------------------------------------

    def run(self, target: Fiber | None = None) -> None:
        """Run fibers until `target` has finished, or until none can go on. What stops a fiber stops this."""
        if self.current is not None:
            raise NativeError("run-fibers", "fibers run already", fix="Inside a fiber, `await` one of them.")
        from greenlet import getcurrent  # noqa: PLC0415  # most cells have no fibers

        self._hub = getcurrent()
        try:
            while target is None or not target.is_finished:
                if self.timers:
                    self.timers.fire(self.clock.now())
                fiber = self.ready.pop()
                if fiber is not None:
                    self._resume(fiber)
                elif not self._wait_for_timer():
                    return
        except BaseException:
            self._find_lost()
            raise

    def _wait_for_timer(self) -> bool:
        """Wait until the next timer that wakes somebody, and return whether there is one."""
        at = self.timers.next_waking()
        if at is None:
            return False
        self.clock.wait(at - self.clock.now())
        return True

    def _resume(self, fiber: Fiber) -> None:
        running = fiber.greenlet or self._start(fiber)
        if running.parent is not self._hub:
            assert self._hub is not None
            running.parent = self._hub
        self.current = fiber
        fiber.status = FiberStatus.RUNNING
        try:
            stop = running.switch()
        finally:
            self.current = None
        if stop is not None:
            raise stop

    def _start(self, fiber: Fiber) -> greenlet:
        from greenlet import greenlet  # noqa: PLC0415  # see `run`

        made = fiber.greenlet = greenlet(lambda: self._live(fiber))
        made.gr_context = fiber.context
        return made

    def _live(self, fiber: Fiber) -> BaseException | None:
        """Be a fiber, from its first turn to its end; return what is to stop the scheduler too, if anything."""
        stop = None
        try:
            assert fiber.thunk is not None
            fiber.result = fiber.thunk()
            status = FiberStatus.DONE
        except Cancellation:
            status = FiberStatus.CANCELLED
        except Exception as error:
            fiber.failure = self._around.failure(error, fiber)
            self._failed.append(fiber)
            status = FiberStatus.ERRORED
        except BaseException as error:  # Stop, or the end of the process
            stop, status = error, FiberStatus.CANCELLED
        self._end(fiber, status)
        return stop

    def _end(self, fiber: Fiber, status: FiberStatus) -> None:
        self.unfinished.pop(fiber.number, None)
        fiber.finish(status)

    def _find_lost(self) -> None:
        """Put right what an interrupt between two steps leaves: a turn not used, an end not noted."""
        for fiber in list(self.unfinished.values()):
            if fiber.greenlet is not None and fiber.greenlet.dead:
                self._end(fiber, FiberStatus.CANCELLED)
            elif fiber.status is not FiberStatus.WAITING and fiber not in self.ready:
                self.ready.add(fiber)

    # -- waiting --------------------------------------------------------------------------------------------

    def able_to_wait(self, operation: str) -> Fiber | None:
        """Return the current fiber, or None if what runs now cannot give way: the program, or what is unwound.

        Raises NativeError while a macro is expanded, since that cannot be left and come back to.
        """
        fiber = self.current
        if fiber is None or fiber.is_cancelled:
            return None
        if isinstance(sys.exc_info()[1], _STOPS):
            fiber.is_cancelled = True  # a `finally` clause runs because of Stop: it must not wait either
            return None
        if self._around.is_expanding():
            raise NativeError(
                operation,
                "a macro cannot wait while it is expanded",
                fix="Put it into the code that it returns.",
            )
        return fiber

    def block(self, waiting: Waiting) -> object:
        """Let others run until somebody wakes the current fiber, and return with what."""
        fiber = self.current
        assert fiber is not None
        assert self._hub is not None
        fiber.status = FiberStatus.WAITING
        fiber.waiting = waiting
        self._hub.switch(None)
        if fiber.is_cancelled:
            raise Cancellation
        fiber.waiting = None
        return fiber.outcome

    def give_way(self) -> None:
        """Let every other fiber that can go on have a turn before the current one."""
        fiber, hub = self.current, self._hub
        assert fiber is not None
        assert hub is not None
        self.ready.add(fiber)
        hub.switch(None)
        if fiber.is_cancelled:
            raise Cancellation

    def fail_if_stuck(self, target: Fiber | None = None) -> None:
        """Raise a deadlock unless `target` has finished; without one, unless only background fibers wait."""
        stuck = list(self.unfinished.values())
        if target is None:
            stuck = [fiber for fiber in stuck if not fiber.is_background]
        if stuck and (target is None or not target.is_finished):
            raise self._around.deadlock(stuck)

    # -- ends -----------------------------------------------------------------------------------------------

    def cancel(self, fiber: Fiber) -> None:
        """Unwind a fiber now: its `finally` clauses run before this returns, and cannot wait."""
        if fiber.is_finished or fiber.is_cancelled:
            return
        fiber.is_cancelled = True
        if fiber is self.current:
            raise Cancellation
        if fiber.status is FiberStatus.RUNNING and fiber not in self.ready:
            return  # it is unwinding the fiber that asks for this, and is unwound next
        self.ready.discard(fiber)
        fiber.leave_lines()
        self.timers.forget_one()
        if fiber.greenlet is None:
            self._end(fiber, FiberStatus.CANCELLED)
        else:
            self._unwind(fiber, fiber.greenlet)

    def _unwind(self, fiber: Fiber, running: greenlet) -> None:
        from greenlet import getcurrent  # noqa: PLC0415  # see `run`

        running.parent = getcurrent()
        asking, self.current = self.current, fiber
        was_cancelled = asking is not None and asking.is_cancelled
        fiber.status = FiberStatus.RUNNING
        try:
            stop = running.throw(Cancellation)
        finally:
            self.current = asking
        if stop is not None:
            raise stop
        if asking is not None and asking.is_cancelled and not was_cancelled:
            raise Cancellation

    def cancel_since(self, mark: int) -> None:
        """Unwind every fiber made since `mark`, whatever interrupts, and raise the interrupt at the end."""
        stop: BaseException | None = None
        for fiber in [each for number, each in self.unfinished.items() if number > mark]:
            try:
                self.cancel(fiber)
            except BaseException as error:  # whatever it is, it is raised below
                stop = error
        if stop is not None:
            raise stop

    def report_failures(self) -> None:
        """Report, once, every failure that nobody has seen."""
        failed, self._failed = self._failed, []
        for fiber in failed:
            if not fiber.is_observed:
                self._around.report(fiber)
