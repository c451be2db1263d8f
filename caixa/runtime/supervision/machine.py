"""The supervisor: from a state and an event to the next state and what is to be done.

One thing is done at a time, as in OTP, and what is heard meanwhile waits for its turn; only questions are
answered at once. What there is to do stands in the state as a plan of steps, so that nothing here waits.

Source: Erlang/OTP, `supervisor(3)`. Departure: OTP is deaf while a child starts; this one still answers
questions, and gives a start up when it is told to end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple, assert_never

from caixa.manifest.model import Estrategia, RestartKind

from . import administration
from .events import (
    Asked,
    AskToStop,
    Cancel,
    ChildExited,
    ChildFailed,
    ChildIgnored,
    ChildStarted,
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
from .requests import (
    CountChildren,
    DeleteChild,
    Done,
    GetChildSpec,
    ListChildren,
    Problem,
    Ref,
    Refused,
    Replace,
    RestartChild,
    StartChild,
    TerminateChild,
)
from .specification import BRUTAL_KILL, AutoShutdown
from .state import Ending, Phase, Place, Replying, Starting, State, Stopping, Then

__all__ = ["FailedChild", "Transition", "step"]

_SHUTDOWN = Why(Exit.SHUTDOWN)


class FailedChild(NamedTuple):
    """Why a supervisor did not start: one of its children did not."""

    name: str
    reason: object


class Transition(NamedTuple):
    """What an event came to."""

    state: State
    effects: tuple[Effect, ...]


def step(state: State, event: Event, now: float) -> Transition:
    """Return what becomes of a supervisor that hears `event` at `now`, in seconds of a monotonic clock."""
    supervisor = _Supervisor(state, now)
    supervisor.hear(event)
    supervisor.go_on()
    return Transition(supervisor.state, tuple(supervisor.effects))


class _Supervisor:
    """One transition while it is worked out."""

    def __init__(self, state: State, now: float) -> None:
        self.state, self.now = state, now
        self.effects: list[Effect] = []

    # -- hearing ----------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        """Take an event in: at once if it is awaited or only asks, else when what is being done is done."""
        state = self.state
        match event:
            case ChildStarted(key) | ChildIgnored(key) | ChildFailed(key) if key == state.starting:
                self._answered(event)
            case ChildStarted() | ChildIgnored() | ChildFailed():
                pass  # an answer to nothing that was asked
            case ChildExited(ref, why) if ref in state.stopping:
                self._stopped(ref, why)
            case TimeUp(ref):
                self._time_is_up(ref)
            case Asked(caller, ListChildren() | CountChildren() | GetChildSpec() as query):
                self._do(Reply(caller, administration.answer(state, query)))
            case Asked(caller) if state.phase in (Phase.ENDING, Phase.ENDED):
                self._do(Reply(caller, Refused(Problem.GONE)))
            case Stop(why):
                self._end(why)
            case _ if state.phase in (Phase.ENDING, Phase.ENDED):
                self._note_end(event)
            case _ if state.is_busy or state.plan:
                self._set(waiting=(*state.waiting, event))
            case _:
                self._act(event)

    def _act(self, event: Event) -> None:
        """Begin what an event asks for; nothing else is being done."""
        match event:
            case Start():
                keys = tuple(place.key for place in self.state)
                self._set(phase=Phase.STARTING, plan=(Starting(keys), Then()))
            case ChildExited(ref, why):
                place = self.state.running(ref)
                if place is not None:
                    self._exited(place, why)
            case TryAgain(key):
                place = self.state.place(key)
                if place is not None and place.is_restarting:
                    self._restart(place)
            case Asked(
                caller, StartChild() | TerminateChild() | RestartChild() | DeleteChild() | Replace() as change
            ):
                planned = administration.plan(self.state, caller, change)
                self.state = replace(planned.state, plan=planned.plan)
            case _:
                raise AssertionError(f"{event} does not begin anything")

    def _note_end(self, event: Event) -> None:
        """While all are being ended, remember who ended by itself."""
        if isinstance(event, ChildExited):
            place = self.state.running(event.ref)
            if place is not None:
                self._report_fault("child terminated", place, event.why)
                self.state = self.state.put(replace(place, ref=None))

    # -- doing, one step after another ------------------------------------------------------------

    def go_on(self) -> None:
        """Take steps of the plan, and then events that waited, until there is something to wait for."""
        while not self.state.is_busy and self.state.phase is not Phase.ENDED:
            if self.state.plan:
                self._take_step()
            elif self.state.waiting:
                event, *rest = self.state.waiting
                self._set(waiting=tuple(rest))
                self._act(event)
            else:
                return

    def _take_step(self) -> None:
        first, *rest = self.state.plan
        self._set(plan=tuple(rest))
        match first:
            case Starting():
                self._start(first)
            case Stopping(at_once=True):
                self._stop_all(first)
            case Stopping():
                self._stop_next(first)
            case Replying(caller, answer):
                self._do(Reply(caller, answer))
            case Then():
                self._set(phase=Phase.WORKING)
                self._do(Ready())
            case Ending(why):
                self._finish(why)
            case _:
                assert_never(first)

    def _start(self, starting: Starting) -> None:
        """Launch the next of the places, and keep the step until it has answered."""
        if starting.at == len(starting.keys):
            return
        place = self.state.place(starting.keys[starting.at])
        assert place is not None
        self._set(plan=(starting, *self.state.plan), starting=place.key)
        self._do(Launch(place.key, place.spec, place.arguments))

    def _answered(self, event: ChildStarted | ChildIgnored | ChildFailed) -> None:
        """Go on after the answer to a launch."""
        place = self.state.place(event.key)
        assert place is not None
        self._set(starting=None)
        if self.state.phase is Phase.ENDING:
            self._answered_too_late(place, event)
            return
        first, *rest = self.state.plan
        assert isinstance(first, Starting)
        self._set(plan=tuple(rest))
        match event:
            case ChildStarted(ref=ref):
                self.state = self.state.put(replace(place, ref=ref, is_restarting=False))
                self._launched(first, ref)
            case ChildIgnored():
                self._vacate(place)
                self._launched(first, None)
            case ChildFailed(reason=reason):
                self._not_launched(first, place, reason)

    def _launched(self, step: Starting, ref: Ref | None) -> None:
        if step.caller is not None:
            self._do(Reply(step.caller, Done(ref)))
        self._set(plan=(replace(step, at=step.at + 1), *self.state.plan))

    def _not_launched(self, step: Starting, place: Place, reason: object) -> None:
        self._do(Report("start failed", place.spec.name, Why(Exit.ABNORMAL, reason)))
        if step.caller is not None:
            self._do(Reply(step.caller, Refused(Problem.NOT_STARTED, reason)))
            if step.is_new:
                self.state = self.state.without(place)
        elif step.is_restart:
            for key in step.keys[step.at + 1 :]:  # they stay empty until the next attempt
                later = self.state.place(key)
                assert later is not None
                self.state = self.state.put(replace(later, is_restarting=False))
            self.state = self.state.put(replace(place, ref=None, is_restarting=True))
            self._set(plan=())
            self._do(Retry(place.key))
        else:
            self._end(Why(Exit.SHUTDOWN, FailedChild(place.spec.name, reason)))

    def _answered_too_late(self, place: Place, event: ChildStarted | ChildIgnored | ChildFailed) -> None:
        """End what started nevertheless, since the supervisor is to end."""
        if isinstance(event, ChildStarted):
            self.state = self.state.put(replace(place, ref=event.ref))
            self._set(plan=(Stopping((place.key,)), *self.state.plan))

    # -- ending children --------------------------------------------------------------------------

    def _stop_next(self, step: Stopping) -> None:
        """Ask the next of the places in which something runs to end, and keep the step until it has."""
        for at in range(step.at, len(step.keys)):
            place = self.state.place(step.keys[at])
            if place is None:
                continue
            if place.ref is not None:
                self._set(plan=(replace(step, at=at + 1), *self.state.plan), stopping=frozenset((place.ref,)))
                self._ask_to_stop(place)
                return
            self._vacate(place)

    def _stop_all(self, step: Stopping) -> None:
        """Ask all of the places to end, none waiting for another."""
        places = [place for key in step.keys if (place := self.state.place(key)) is not None]
        self._set(stopping=frozenset(place.ref for place in places if place.ref is not None))
        for place in places:
            if place.ref is None:
                self._vacate(place)
            else:
                self._ask_to_stop(place)

    def _ask_to_stop(self, place: Place) -> None:
        assert place.ref is not None
        if place.spec.shutdown == BRUTAL_KILL:
            self._set(overdue=self.state.overdue | {place.ref})
            self._do(Kill(place.ref))
            return
        self._do(AskToStop(place.ref))
        if place.spec.shutdown is not None:
            self._do(SetTimer(place.ref, place.spec.shutdown))

    def _time_is_up(self, ref: Ref) -> None:
        if ref in self.state.stopping and ref not in self.state.overdue:
            self._set(overdue=self.state.overdue | {ref})
            self._do(Kill(ref))

    def _stopped(self, ref: Ref, why: Why) -> None:
        place, was_killed = self.state.running(ref), ref in self.state.overdue
        self._set(stopping=self.state.stopping - {ref}, overdue=self.state.overdue - {ref})
        if place is None:
            return
        if was_killed and place.spec.shutdown != BRUTAL_KILL:
            self._do(Report("killed, since its time was up", place.spec.name, why))
        elif not was_killed:
            self._report_fault("shutdown failed", place, why)
        self._vacate(place)

    def _stays(self, place: Place) -> bool:
        """Whether an ended child keeps its place: a temporary one and one of many do not."""
        return place.spec.restart is not RestartKind.TEMPORARY and not self.state.flags.is_simple

    def _vacate(self, place: Place) -> None:
        """Note that nothing runs in a place, or take it away if it does not stay."""
        if self._stays(place):
            self.state = self.state.put(replace(place, ref=None, is_restarting=False))
        else:
            self.state = self.state.without(place)

    # -- restarting -------------------------------------------------------------------------------

    def _exited(self, place: Place, why: Why) -> None:
        """Act on a child that ended without having been asked to."""
        kind = place.spec.restart
        if kind is RestartKind.PERMANENT or why.is_fault:
            self._do(Report("child terminated", place.spec.name, why))
        if kind is RestartKind.PERMANENT or (kind is RestartKind.TRANSIENT and why.is_fault):
            self._restart(place)
            return
        self._vacate(place)
        if place.spec.significant:
            self._end_with_significant()

    def _restart(self, place: Place) -> None:
        """Restart a child and whom its strategy names with it, unless there were too many restarts."""
        if not self._may_restart():
            self._do(Report("too many restarts", "", _SHUTDOWN))
            self._vacate(place)
            self._end(_SHUTDOWN)
            return
        self.state = self.state.put(replace(place, ref=None, is_restarting=True))
        fallen = self._fallen_with(place)
        others = tuple(each.key for each in reversed(fallen) if each.key != place.key)
        again = tuple(each.key for each in fallen if each.key == place.key or self._stays(each))
        self._set(plan=(Stopping(others), Starting(again, is_restart=True)))

    def _fallen_with(self, failed: Place) -> list[Place]:
        """Return the places that a failure concerns, in the order of starting."""
        match self.state.flags.estrategia:
            case Estrategia.ONE_FOR_ALL:
                return list(self.state)
            case Estrategia.REST_FOR_ONE:
                return [place for place in self.state if place.key >= failed.key]
            case _:
                return [failed]

    def _may_restart(self) -> bool:
        """Count a restart, and say whether there were not too many in the window."""
        window = self.state.flags.window
        recent = (
            self.state.restarts
            if window is None
            else tuple(then for then in self.state.restarts if then >= self.now - window)
        )
        self._set(restarts=(*recent, self.now)[-self.state.flags.max_restarts - 1 :])
        return len(self.state.restarts) <= self.state.flags.max_restarts

    def _end_with_significant(self) -> None:
        auto = self.state.flags.auto_shutdown
        remains = any(place.spec.significant and place.is_active for place in self.state)
        if auto is AutoShutdown.ANY_SIGNIFICANT or (auto is AutoShutdown.ALL_SIGNIFICANT and not remains):
            self._end(_SHUTDOWN)

    # -- ending -----------------------------------------------------------------------------------

    def _end(self, why: Why) -> None:
        """Give a start that is under way up, end all children, the youngest first, and then the supervisor."""
        if self.state.phase in (Phase.ENDING, Phase.ENDED):
            return
        if self.state.starting is not None:
            self._do(Cancel(self.state.starting))
        self._turn_away(self.state.waiting)
        keys = tuple(place.key for place in reversed(list(self.state)))
        stopping = Stopping(keys, at_once=self.state.flags.is_simple)
        self._set(phase=Phase.ENDING, plan=(stopping, Ending(why)), waiting=())

    def _turn_away(self, events: Iterable[Event]) -> None:
        """Answer who waits, since the supervisor ends; and note which children ended meanwhile."""
        for step_ in self.state.plan:
            if isinstance(step_, Starting) and step_.caller is not None:
                self._do(Reply(step_.caller, Refused(Problem.GONE)))
            elif isinstance(step_, Replying):
                self._do(Reply(step_.caller, step_.answer))
        for event in events:
            if isinstance(event, Asked):
                self._do(Reply(event.caller, Refused(Problem.GONE)))
            else:
                self._note_end(event)

    def _finish(self, why: Why) -> None:
        self._set(phase=Phase.ENDED)
        self._do(End(why))

    # -- small change -----------------------------------------------------------------------------

    def _report_fault(self, what: str, place: Place, why: Why) -> None:
        if why.is_fault:
            self._do(Report(what, place.spec.name, why))

    def _do(self, effect: Effect) -> None:
        self.effects.append(effect)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # each name is a field of State
