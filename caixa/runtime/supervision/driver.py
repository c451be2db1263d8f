"""A supervisor at work: a thread that brings events to the machine and carries its effects out.

Whoever runs children is a `Host` of four functions, none of which may wait; what comes of them is told to the
supervisor as events. `tree.py` has the host that runs supervisors, too.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count
from queue import Empty, SimpleQueue
from typing import Protocol

from .errors import ChildNotStarted, RequestRefused, SupervisorNotStarted, SupervisorTookTooLong
from .events import (
    Asked,
    AskToStop,
    Cancel,
    ChildFailed,
    Effect,
    End,
    Event,
    Exit,
    Kill,
    Launch,
    Ready,
    Reply,
    Report,
    Retry,
    SetTimer,
    Start,
    Stop,
    TimeUp,
    TryAgain,
    Why,
)
from .machine import FailedChild, step
from .requests import Answer, Problem, Ref, Refused, Request
from .specification import ChildSpec, Flags
from .state import Phase, initial

__all__ = ["Host", "Notice", "Supervisor", "Tell"]

Tell = Callable[[Event], None]
Notice = Report | Ready | End


class Host(Protocol):
    """Whoever runs children. No function waits; each is answered by events, told from any thread."""

    def launch(self, key: int, spec: ChildSpec, arguments: tuple[object, ...], tell: Tell) -> None:
        """Start a child: tell ChildStarted, ChildIgnored or ChildFailed with `key`, and later ChildExited."""

    def cancel(self, key: int) -> None:
        """Give the start of `key` up; its answer is still told."""

    def ask_to_stop(self, ref: Ref, tell: Tell) -> None:
        """Ask what runs as `ref` to end; tell ChildExited when it has, at once if it ended before."""

    def kill(self, ref: Ref, tell: Tell) -> None:
        """End what runs as `ref`; tell as `ask_to_stop` does."""


def _to_nobody(notice: Notice) -> None:
    """Tell nobody."""


class Supervisor:
    """One supervisor, on a thread of its own. Every method may be called from any thread."""

    def __init__(
        self,
        flags: Flags,
        specs: tuple[ChildSpec, ...],
        host: Host,
        *,
        clock: Callable[[], float] = time.monotonic,
        notify: Callable[[Notice], None] = _to_nobody,
    ) -> None:
        """Start nothing yet. Raises FaultySupervisor.

        `clock` counts seconds. `notify` is called on the supervisor's thread, and must not wait.
        """
        self._state = initial(flags, specs)
        self._host, self._clock, self._notify = host, clock, notify
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        self._timers: list[tuple[float, int, Ref]] = []
        self._callers = count()
        self._answers: dict[int, _Waiting] = {}
        self._begun, self._ended = threading.Event(), threading.Event()
        self._why = Why(Exit.NORMAL)
        self._thread = threading.Thread(target=self._work, name="Supervisor", daemon=True)

    # -- from outside ------------------------------------------------------------------------------

    def start(self, timeout: float | None = None) -> None:
        """Start the children and return when all run.

        Raises ChildNotStarted if one did not, when the others have ended; SupervisorTookTooLong after
        `timeout` seconds, when it goes on all the same.
        """
        self.begin()
        if not self._begun.wait(timeout):
            raise SupervisorTookTooLong("to start", timeout)
        if isinstance(self._why.detail, FailedChild):
            raise ChildNotStarted(self._why.detail.name, self._why.detail.reason)

    def begin(self) -> None:
        """Start the children, and do not wait for them."""
        self._thread.start()
        self.tell(Start())

    def ask(self, request: Request, timeout: float | None = None) -> object:
        """Return what the supervisor answers.

        Raises RequestRefused with the problem, and SupervisorTookTooLong after `timeout` seconds.
        """
        caller = next(self._callers)
        waiting = self._answers[caller] = _Waiting()
        self.tell(Asked(caller, request))
        if self._ended.is_set():  # it may have ended before it heard this
            self._answers.pop(caller, waiting).give(Refused(Problem.GONE))
        try:
            answer = waiting.take(timeout)
        except TimeoutError:
            raise SupervisorTookTooLong("to answer", timeout) from None
        if isinstance(answer, Refused):
            raise RequestRefused(answer.problem, answer.detail)
        return answer.value

    def stop(self, why: Why = Why(Exit.SHUTDOWN), timeout: float | None = None) -> None:  # noqa: B008  # immutable
        """End the children and the supervisor. Raises SupervisorTookTooLong after `timeout` seconds."""
        if not self._thread.is_alive() and not self._ended.is_set():
            raise SupervisorNotStarted
        self.tell(Stop(why))
        self.wait(timeout)

    def wait(self, timeout: float | None = None) -> Why:
        """Return how it ended, once it has. Raises SupervisorTookTooLong after `timeout` seconds."""
        if not self._ended.wait(timeout):
            raise SupervisorTookTooLong("to end", timeout)
        return self._why

    def tell(self, event: Event) -> None:
        """Let the supervisor hear `event`."""
        self._inbox.put(event)

    # -- on its own thread --------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while self._state.phase is not Phase.ENDED:
                event = self._next_event()
                transition = step(self._state, event, self._clock())
                self._state = transition.state
                for effect in transition.effects:
                    self._carry_out(effect)
        finally:
            self._ended.set()
            self._begun.set()
            for caller in list(self._answers):
                self._answers.pop(caller).give(Refused(Problem.GONE))

    def _next_event(self) -> Event:
        """Return what is heard next, or a timer that is due."""
        while True:
            wait = self._timers[0][0] - self._clock() if self._timers else None
            if wait is not None and wait <= 0:
                return TimeUp(heapq.heappop(self._timers)[2])
            try:
                return self._inbox.get(timeout=wait)
            except Empty:
                continue

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Launch(key, spec, arguments):
                self._launch(key, spec, arguments)
            case Cancel(key):
                self._host.cancel(key)
            case AskToStop(ref):
                self._host.ask_to_stop(ref, self.tell)
            case Kill(ref):
                self._host.kill(ref, self.tell)
            case SetTimer(ref, seconds):
                heapq.heappush(self._timers, (self._clock() + seconds, next(self._callers), ref))
            case Retry(key):
                self.tell(TryAgain(key))
            case _:
                self._note(effect)

    def _note(self, effect: Effect) -> None:
        """Carry out what concerns nobody but those who listen."""
        match effect:
            case Reply(caller, answer):
                waiting = self._answers.pop(caller, None) if isinstance(caller, int) else None
                if waiting is not None:
                    waiting.give(answer)
            case Ready():
                self._begun.set()
            case End(why):
                self._why = why
        if isinstance(effect, Notice):
            self._notify(effect)

    def _launch(self, key: int, spec: ChildSpec, arguments: tuple[object, ...]) -> None:
        try:
            self._host.launch(key, spec, arguments, self.tell)
        except Exception as error:  # a host that cannot even try: the child did not start
            self.tell(ChildFailed(key, error))


class _Waiting:
    """Where one answer is waited for."""

    def __init__(self) -> None:
        self._come = threading.Event()
        self._answer: Answer | None = None

    def give(self, answer: Answer) -> None:
        self._answer = answer
        self._come.set()

    def take(self, timeout: float | None) -> Answer:
        """Return the answer once it is there. Raises TimeoutError after `timeout` seconds."""
        if not self._come.wait(timeout):
            raise TimeoutError
        assert self._answer is not None
        return self._answer
