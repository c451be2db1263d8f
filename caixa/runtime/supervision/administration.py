"""What is asked of a supervisor at work: the answer to a question, or the plan that carries a change out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import NamedTuple, assert_never

from caixa.lisp.maps import EMPTY_MAP

from .errors import FaultySupervisor
from .requests import (
    Answer,
    Change,
    CountChildren,
    DeleteChild,
    Done,
    GetChildSpec,
    ListChildren,
    Problem,
    Query,
    Ref,
    Refused,
    Replace,
    RestartChild,
    StartChild,
    TerminateChild,
)
from .specification import ChildSpec, check, check_child
from .state import Place, Plan, Replying, Starting, State, Stopping

__all__ = ["Planned", "answer", "plan"]


class Planned(NamedTuple):
    """The state to go on from, and what to do."""

    state: State
    plan: Plan


def answer(state: State, query: Query) -> Answer:
    """Answer a question, which changes nothing."""
    match query:
        case ListChildren():
            return Done(tuple(place.seen() for place in state))
        case CountChildren():
            return Done(state.count())
        case GetChildSpec(child):
            place = _find(state, child)
            return Refused(Problem.NOT_FOUND) if place is None else Done(place.spec)
        case _:
            assert_never(query)


def plan(state: State, caller: Hashable, change: Change) -> Planned:
    """Return what carries `change` out and answers `caller`."""
    match change:
        case StartChild(spec, arguments):
            if state.flags.is_simple:
                return _start_more(state, caller, arguments)
            return _start(state, caller, spec)
        case TerminateChild(child):
            return _terminate(state, caller, child)
        case RestartChild(child):
            return _restart(state, caller, child)
        case DeleteChild(child):
            return _delete(state, caller, child)
        case Replace():
            return _replace(state, caller, change)
        case _:
            assert_never(change)


def _refuse(state: State, caller: Hashable, problem: Problem, detail: object = None) -> Planned:
    return Planned(state, (Replying(caller, Refused(problem, detail)),))


def _find(state: State, child: Ref) -> Place | None:
    """Return the place of a child: by name, under SimpleOneForOne by what runs there."""
    return state.running(child) if state.flags.is_simple else state.named(child)


def _start(state: State, caller: Hashable, spec: ChildSpec | None) -> Planned:
    try:
        if spec is None:
            raise ValueError("a child needs a specification")
        check_child(state.flags, spec)
    except ValueError as error:
        return _refuse(state, caller, Problem.FAULTY, error)
    there = state.named(spec.name)
    if there is not None:
        problem = Problem.ALREADY_STARTED if there.is_active else Problem.ALREADY_PRESENT
        return _refuse(state, caller, problem, there.ref)
    return _launch_new(state, caller, spec, spec.arguments)


def _start_more(state: State, caller: Hashable, arguments: tuple[object, ...]) -> Planned:
    assert state.template is not None
    return _launch_new(state, caller, state.template, (*state.template.arguments, *arguments))


def _launch_new(state: State, caller: Hashable, spec: ChildSpec, arguments: tuple[object, ...]) -> Planned:
    place = Place(state.next_key, spec, arguments=arguments)
    state = replace(state.put(place), next_key=state.next_key + 1)
    return Planned(state, (Starting((place.key,), caller=caller, is_new=True),))


def _terminate(state: State, caller: Hashable, child: Ref) -> Planned:
    if state.flags.is_simple and state.template is not None and child == state.template.name:
        return _refuse(state, caller, Problem.SIMPLE_ONE_FOR_ONE)
    place = _find(state, child)
    if place is None:
        return _refuse(state, caller, Problem.NOT_FOUND)
    return Planned(state, (Stopping((place.key,)), Replying(caller, Done())))


def _restart(state: State, caller: Hashable, child: str) -> Planned:
    problem = _why_not_idle(state, child)
    if problem is not None:
        return _refuse(state, caller, problem)
    place = state.named(child)
    assert place is not None
    return Planned(state, (Starting((place.key,), caller=caller),))


def _delete(state: State, caller: Hashable, child: str) -> Planned:
    problem = _why_not_idle(state, child)
    if problem is not None:
        return _refuse(state, caller, problem)
    place = state.named(child)
    assert place is not None
    return Planned(state.without(place), (Replying(caller, Done()),))


def _why_not_idle(state: State, child: str) -> Problem | None:
    """Return why a child is not one that is there and does not run."""
    if state.flags.is_simple:
        return Problem.SIMPLE_ONE_FOR_ONE
    place = state.named(child)
    if place is None:
        return Problem.NOT_FOUND
    if place.is_active:
        return Problem.RUNNING
    return Problem.RESTARTING if place.is_restarting else None


def _replace(state: State, caller: Hashable, change: Replace) -> Planned:
    """Go on by other flags and specifications (code change): who runs, runs on.

    A child that the new specifications do not name keeps its place, as in OTP, after those that they name.
    """
    try:
        specs = check(change.flags, change.specs)
    except FaultySupervisor as error:
        return _refuse(state, caller, Problem.FAULTY, error)
    if change.flags.is_simple != state.flags.is_simple:
        return _refuse(state, caller, Problem.SIMPLE_ONE_FOR_ONE)
    state = replace(state, flags=change.flags)
    state = _with_template(state, specs[0]) if state.flags.is_simple else _with_places(state, specs)
    return Planned(state, (Replying(caller, Done()),))


def _with_template(state: State, template: ChildSpec) -> State:
    state = replace(state, template=template)
    for place in list(state):
        state = state.put(replace(place, spec=template))
    return state


def _with_places(state: State, specs: tuple[ChildSpec, ...]) -> State:
    """Return the state with a place for each specification, in that order, and then those that had others."""
    old = list(state)
    by_name = {place.spec.name: place for place in old}
    state = replace(state, places=EMPTY_MAP, refs=EMPTY_MAP, names=EMPTY_MAP)
    for spec in specs:
        before = by_name.pop(spec.name, None)
        place = Place(state.next_key, spec, arguments=spec.arguments)
        if before is not None:
            place = replace(place, ref=before.ref, is_restarting=before.is_restarting)
        state = replace(state.put(place), next_key=state.next_key + 1)
    for place in old:
        if place.spec.name in by_name:
            state = replace(state.put(replace(place, key=state.next_key)), next_key=state.next_key + 1)
    return state
