"""All units of one running thing: started, told, watched, linked, ended."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import count

from ..errors import CallTimeout, RuntimeFailure, UnitGone
from ..supervision.events import Exit, Why
from .actor import SHUTDOWN, Actor, Call, Cast, Info, Message, Outcome, Phase, StateChange, Stop
from .behaviour import Behaviour, Down, LinkedExit
from .pool import Pool
from .ties import Ties
from .timers import Timers

__all__ = ["Ended", "Started", "UnitSystem", "UnitView"]

Started = Callable[[int, Outcome], None]
Ended = Callable[[int, Why], None]

CAPACITY = 1000  # messages that may wait for one unit
PATIENCE = 5.0  # seconds that a caller waits, as in OTP
THREADS = 4


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as it is seen: its name, how many messages wait, and how many it has handled."""

    number: int
    name: str
    is_starting: bool
    waiting: int
    handled: int


def _nothing(*_: object) -> None:
    """Do nothing."""


class UnitSystem:
    """Units by number. Every method may be called from any thread."""

    def __init__(
        self,
        *,
        threads: int = THREADS,
        clock: Callable[[], float] = time.monotonic,
        on_refused: Callable[[int, RuntimeFailure], None] = _nothing,
    ) -> None:
        """Have none yet; `on_refused` hears of each message without a caller that could not be handled."""
        self._pool, self._timers = Pool(threads), Timers(clock)
        self._on_refused = on_refused
        self._numbers, self._monitors = count(1), count(1)
        self._lock = threading.Lock()
        self._actors: dict[int, Actor] = {}
        self._trapping: set[int] = set()
        self._ties = Ties()
        self._spreading = threading.local()

    # -- life -----------------------------------------------------------------------------------------------

    def begin(  # noqa: PLR0913  # what a unit is, all by keyword but its behaviour
        self,
        name: str,
        behaviour: Behaviour,
        arguments: tuple[object, ...] = (),
        *,
        capacity: int = CAPACITY,
        traps_exits: bool = False,
        started: Started = _nothing,
        ended: Ended = _nothing,
    ) -> int:
        """Start a unit without waiting for its `init`; return its number.

        `started` and `ended` are as those of Actor, and get the number first. One that traps exits is told of
        the end of those to which it is linked, and does not end with them.
        """
        number = next(self._numbers)
        actor = Actor(
            number, name, behaviour, self._pool.run,
            partial(self._hear_start, number, started), partial(self._hear_end, number, ended),
            partial(self._on_refused, number), capacity,
        )  # fmt: skip
        with self._lock:
            self._actors[number] = actor
            if traps_exits:
                self._trapping.add(number)
        actor.begin(arguments)
        return number

    def start(
        self, name: str, behaviour: Behaviour, arguments: tuple[object, ...] = (), *, traps_exits: bool = False
    ) -> int:
        """Start a unit and return its number once `init` is done.

        Raises what `init` raised, and UnitGone where it declined.
        """
        came: Future[Outcome] = Future()
        number = self.begin(
            name, behaviour, arguments, traps_exits=traps_exits, started=lambda _, how: came.set_result(how)
        )
        outcome = came.result()
        if isinstance(outcome, BaseException):
            raise outcome
        if not outcome:
            raise UnitGone(number, "its init declined to start")
        return number

    def ask_to_stop(self, unit: int, why: Why = SHUTDOWN) -> None:
        """Let a unit end in good order, after what it was told before. Raises UnitGone."""
        self._post(unit, Stop(why))

    def kill(self, unit: int, detail: object = None) -> None:
        """End a unit now. Raises UnitGone."""
        self._actor(unit).kill(Why(Exit.KILLED, detail))

    def list(self) -> tuple[UnitView, ...]:
        """Return all units, in the order of starting."""
        with self._lock:
            actors = list(self._actors.values())
        return tuple(
            UnitView(each.number, each.name, each.phase is Phase.STARTING, each.waiting, each.handled)
            for each in actors
        )

    def close(self) -> None:
        """Kill all units and stop all timers."""
        self._timers.close()
        with self._lock:
            actors = list(self._actors.values())
        for actor in actors:
            actor.kill(Why(Exit.KILLED, "the system was closed"))
        self._pool.close()

    # -- messages -------------------------------------------------------------------------------------------

    def call(self, unit: int, request: object, timeout: float = PATIENCE) -> object:
        """Return what a unit answers.

        Raises CallTimeout after `timeout` seconds; UnitGone, or the failure itself where this request was the
        unit's end; MailboxFull, or why it cannot handle this, when it goes on.
        """
        message = Call(request)
        self._post(unit, message)
        return _awaited(message.answer, unit, timeout)

    def cast(self, unit: int, message: object) -> None:
        """Tell a unit something, and do not wait. Raises UnitGone or MailboxFull."""
        self._post(unit, Cast(message))

    def inform(self, unit: int, message: object) -> None:
        """Let a unit's `on-info` hear of something. Raises UnitGone."""
        self._post(unit, Info(message))

    def inform_after(self, seconds: float, unit: int, message: object) -> int:
        """Let it hear later, if it is there then; return the number of the timer."""
        return self._timers.set(seconds, lambda: self._try_inform(unit, message))

    def cancel_timer(self, timer: int) -> bool:
        """Forget a timer; say whether it was still to come."""
        return self._timers.cancel(timer)

    def change_state(self, unit: int, version: str, timeout: float = PATIENCE) -> None:
        """Let a unit turn its state of `version` into one of now. Raises as `call` does."""
        message = StateChange(version)
        self._post(unit, message)
        _awaited(message.answer, unit, timeout)

    # -- ties -----------------------------------------------------------------------------------------------

    def link(self, one: int, other: int) -> None:
        """Let two units end together, but for a normal end. Raises UnitGone if one has ended."""
        with self._lock:
            for unit in (one, other):
                if unit not in self._actors:
                    raise UnitGone(unit, "it has ended")
            self._ties.link(one, other)

    def unlink(self, one: int, other: int) -> None:
        """Take `link` back."""
        with self._lock:
            self._ties.unlink(one, other)

    def monitor(self, watcher: int, watched: int) -> int:
        """Let `watcher` be informed of the end of `watched`, at once if it has ended; return the monitor."""
        with self._lock:
            number = next(self._monitors)
            if watched in self._actors:
                self._ties.monitor(number, watcher, watched)
                return number
        self._try_inform(watcher, Down(number, watched, "", Why(Exit.NORMAL, "it had ended before")))
        return number

    def demonitor(self, monitor: int) -> None:
        """Take `monitor` back."""
        with self._lock:
            self._ties.demonitor(monitor)

    # -- what units say of themselves -----------------------------------------------------------------------

    def _hear_start(self, unit: int, started: Started, outcome: Outcome) -> None:
        if outcome is not True:
            self._forget(unit, Why(Exit.ABNORMAL, outcome))
        started(unit, outcome)

    def _hear_end(self, unit: int, ended: Ended, why: Why) -> None:
        self._forget(unit, why)
        ended(unit, why)

    def _forget(self, unit: int, why: Why) -> None:
        """Take a unit out, and tell those who are tied to it."""
        with self._lock:
            name = self._actors.pop(unit).name
            self._trapping.discard(unit)
            linked, watching = self._ties.ended(unit)
        for monitor, watcher in watching:
            self._try_inform(watcher, Down(monitor, unit, name, why))
        self._spread(linked, LinkedExit(unit, name, why))

    def _spread(self, linked: Iterable[int], told: LinkedExit) -> None:
        """Let linked units hear of an end; whom that ends, waits its turn: a long chain is no recursion."""
        pairs = [(other, told) for other in linked]
        queue: deque[tuple[int, LinkedExit]] | None = getattr(self._spreading, "queue", None)
        if queue is not None:
            queue.extend(pairs)
            return
        queue = self._spreading.queue = deque(pairs)
        try:
            while queue:
                self._pass_on(*queue.popleft())
        finally:
            del self._spreading.queue

    def _pass_on(self, unit: int, told: LinkedExit) -> None:
        """Let a linked unit hear of an end, or end by it."""
        with self._lock:
            actor, traps = self._actors.get(unit), unit in self._trapping
        if actor is None:
            return
        if traps:
            self._try_inform(unit, told)
        elif told.why.exit is not Exit.NORMAL:
            actor.kill(Why(told.why.exit, f"linked to {told.name}, which ended: {told.why.exit}"))

    def _try_inform(self, unit: int, message: object) -> None:
        try:
            self._post(unit, Info(message))
        except UnitGone:
            return  # nobody is there to hear it

    def _post(self, unit: int, message: Message) -> None:
        self._actor(unit).post(message)

    def _actor(self, unit: int) -> Actor:
        with self._lock:
            actor = self._actors.get(unit)
        if actor is None:
            raise UnitGone(unit, "it has ended")
        return actor


def _awaited(answer: Future[object], unit: int, seconds: float) -> object:
    """Return the answer once it is there. Raises CallTimeout, or what stands in its place."""
    try:
        return answer.result(seconds)
    except CallTimeout:
        raise
    except TimeoutError:
        raise CallTimeout(unit, seconds) from None
