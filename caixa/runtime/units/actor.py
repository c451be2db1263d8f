"""One unit's mailbox and life: messages in order, one at a time, and an end that is told once.

Its turns are run by whoever is given as `run`, one turn a message, never two of one unit at once. No lock is
held while a callback runs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from caixa.lisp.diagnostics import Reportable

from ..errors import Interrupted, MailboxFull, RuntimeFailure, UnitExited, UnitGone
from ..supervision.events import Exit, Why
from .behaviour import HANDLED, Answer, Behaviour

__all__ = ["SHUTDOWN", "Actor", "Call", "Cast", "Info", "Message", "Outcome", "Phase", "StateChange", "Stop"]


Outcome = bool | BaseException
SHUTDOWN: Final = Why(Exit.SHUTDOWN)


class Phase(Enum):
    """Where a unit is in its life."""

    STARTING = auto()
    WORKING = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """A request that somebody waits for."""

    request: object
    answer: Future[object] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Cast:
    """A message that nobody waits for."""

    message: object


@dataclass(frozen=True, slots=True)
class Info:
    """What is no request: of a timer, a monitor, a link. It is taken though the mailbox is full."""

    message: object


@dataclass(frozen=True, slots=True)
class StateChange:
    """The state is of `version`: make it one of now."""

    version: str
    answer: Future[object] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Stop:
    """End in good order, after what was told before."""

    why: Why = SHUTDOWN


Message = Call | Cast | Info | StateChange | Stop


@dataclass(slots=True)
class Actor:
    """One unit. Every method may be called from any thread.

    `started` is called once, with True, with False where `init` declined, or with what went wrong; `ended` once
    after a start, with why; `refused` with each message that nobody waited for and that could not be handled.
    None of them may wait.
    """

    number: int
    name: str
    behaviour: Behaviour
    run: Callable[[Callable[[], None]], None]
    started: Callable[[Outcome], None]
    ended: Callable[[Why], None]
    refused: Callable[[RuntimeFailure], None]
    capacity: int
    phase: Phase = Phase.STARTING
    handled: int = 0
    _mailbox: deque[Message] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_busy: bool = False
    _is_closed: bool = False
    _why: Why | None = None

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return len(self._mailbox)

    def begin(self, arguments: tuple[object, ...]) -> None:
        """Let the behaviour's `init` run; what is posted meanwhile waits for it."""
        self._is_busy = True
        self.run(lambda: self._init(arguments))

    def post(self, message: Message) -> None:
        """Put `message` after all others. Raises UnitGone or MailboxFull."""
        with self._lock:
            if self.phase is Phase.ENDED:
                raise self._gone()
            is_bounded = isinstance(message, Call | Cast)
            if is_bounded and len(self._mailbox) >= self.capacity:
                raise MailboxFull(self.number, self.capacity)
            self._mailbox.append(message)
            if self._is_busy:
                return
            self._is_busy = True
        self.run(self._turn)

    def kill(self, why: Why) -> None:
        """End now: what runs is interrupted, what waits is not handled, `terminate` is not called."""
        self._end(why, self.behaviour.interrupt)

    # -- turns, one at a time -------------------------------------------------------------------------------

    def _init(self, arguments: tuple[object, ...]) -> None:
        outcome: Outcome
        try:
            outcome = self.behaviour.init(arguments, self._fall)
        except (Exception, Interrupted) as error:
            outcome = error
        if outcome is not True:
            self._end(Why(Exit.ABNORMAL, outcome), self._close)
        elif self.phase is Phase.ENDED:  # killed meanwhile
            outcome = self._gone()
        self.started(outcome)
        if outcome is True:
            self._be_at_work()
        self._after_turn()

    def _be_at_work(self) -> None:
        """Go on after the start; an end that came in between is told now, since it could not be before."""
        with self._lock:
            why = self._why
            if why is None:
                self.phase = Phase.WORKING
        if why is not None:
            self.ended(why)

    def _turn(self) -> None:
        with self._lock:
            message = self._mailbox.popleft() if self._mailbox else None
        if message is not None:
            self._handle(message)
        self._after_turn()

    def _after_turn(self) -> None:
        with self._lock:
            is_over = self.phase is Phase.ENDED
            if not is_over and not self._mailbox:
                self._is_busy = False
                return
        if is_over:
            self._close()
        else:
            self.run(self._turn)

    def _handle(self, message: Message) -> None:
        waiting = message.answer if isinstance(message, Call | StateChange) else None
        try:
            answer = self._ask_behaviour(message)
        except (Exception, Interrupted) as error:
            failure = error if isinstance(error, Reportable) else None
            self._end(_why_of(error), self._close)
            if waiting is not None:
                waiting.set_exception(failure or self._gone())
            return
        self.handled += 1
        if answer.stop is not None:
            self._stop(answer.stop)
        if waiting is not None:
            _settle(waiting, answer)
        elif answer.refused is not None:
            self.refused(answer.refused)

    def _ask_behaviour(self, message: Message) -> Answer:
        match message:
            case Call(request):
                return self.behaviour.call(request)
            case Cast(told):
                return self.behaviour.cast(told)
            case Info(told):
                return self.behaviour.info(told)
            case StateChange(version):
                return self.behaviour.state_change(version)
            case Stop(why):
                return Answer(stop=why)
        return HANDLED

    def _stop(self, why: Why) -> None:
        """End after `terminate`, if it is a good end of a guest that is still there."""
        if not why.is_fault and not isinstance(why.detail, UnitExited):
            try:
                self.behaviour.terminate(why)
            except (Exception, Interrupted) as error:
                why = _why_of(error)
        self._end(why, self._close)

    # -- the end --------------------------------------------------------------------------------------------

    def _fall(self, failure: RuntimeFailure) -> None:
        """Hear that the guest is no more."""
        self._end(_why_of(failure))

    def _end(self, why: Why, first: Callable[[], None] | None = None) -> None:
        """Have ended, unless it has already; do `first` before that is told, if a turn is under way.

        Whoever hears of an end finds nothing left, but where a callback that was cut short still runs.
        """
        with self._lock:
            if self.phase is Phase.ENDED:
                return
            was_working, self.phase, self._why = self.phase is Phase.WORKING, Phase.ENDED, why
            left, self._mailbox = self._mailbox, deque()
            is_idle, self._is_busy = not self._is_busy, True
        for message in left:
            if isinstance(message, Call | StateChange):
                message.answer.set_exception(self._gone())
        if is_idle:
            self._close()
        elif first is not None:
            first()
        if was_working:
            self.ended(why)

    def _close(self) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        self.behaviour.close()

    def _gone(self) -> UnitGone:
        how = "it has ended" if self._why is None else describe(self._why)
        return UnitGone(self.number, how)


def _why_of(error: BaseException) -> Why:
    """Return how a unit ends whose callback raised `error`."""
    if isinstance(error, UnitExited) and error.status == 0:
        return Why(Exit.NORMAL, error)
    return Why(Exit.ABNORMAL, error)


def describe(why: Why) -> str:
    """Return why something ended, in words."""
    return str(why.exit) if why.detail is None else f"{why.exit}, {why.detail}"


def _settle(waiting: Future[object], answer: Answer) -> None:
    if answer.refused is not None:
        waiting.set_exception(answer.refused)
    else:
        waiting.set_result(answer.reply)
