"""What a supervisor knows between two events: its places, what it is in the middle of, and what waits.

Places stand in the language's own maps: immutable, in order, and updated without copying, so that one of ten
thousand children costs no more to start than one of three.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import cast

from caixa.lisp.maps import EMPTY_MAP, Map

from .events import Event, Why
from .requests import Answer, Child, Count, Ref
from .specification import ChildKind, ChildSpec, Flags, check

__all__ = ["Ending", "Phase", "Place", "Plan", "Replying", "Starting", "State", "Stopping", "Then", "initial"]


class Phase(Enum):
    """Where a supervisor is in its life."""

    NEW = auto()
    STARTING = auto()
    WORKING = auto()
    ENDING = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A child's place. `ref` is what runs there; `arguments` are those of its specification and more."""

    key: int
    spec: ChildSpec
    ref: Ref | None = None
    is_restarting: bool = False
    arguments: tuple[object, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether something runs there."""
        return self.ref is not None

    def seen(self) -> Child:
        """Return what is said of the child."""
        return Child(self.spec.name, self.ref, self.is_restarting, self.spec)


# A plan is what remains to be done, in order; each step ends with the event that it waits for.


@dataclass(frozen=True, slots=True)
class Starting:
    """Start the places `keys` in order.

    If one fails, it is tried again in a restart, and otherwise all is given up; but `caller`, if somebody asked
    for a single start, only gets told.
    """

    keys: tuple[int, ...]
    at: int = 0  # how many of them have answered
    is_restart: bool = False
    caller: Hashable | None = None
    is_new: bool = False  # the place goes if the start fails


@dataclass(frozen=True, slots=True)
class Stopping:
    """Stop what runs in the places `keys`, one after another, or all at once."""

    keys: tuple[int, ...]
    at: int = 0  # how many of them have ended
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Replying:
    """Answer somebody."""

    caller: Hashable
    answer: Answer


@dataclass(frozen=True, slots=True)
class Then:
    """Be at work: all children were started."""


@dataclass(frozen=True, slots=True)
class Ending:
    """End."""

    why: Why


Plan = tuple[Starting | Stopping | Replying | Then | Ending, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A supervisor between two events; the three maps are changed together, by `put` and `without`."""

    flags: Flags
    places: Map = EMPTY_MAP  # from key to Place
    refs: Map = EMPTY_MAP  # from what runs to the key of its place
    names: Map = EMPTY_MAP  # from a child's name to the key of its place, but under SimpleOneForOne
    template: ChildSpec | None = None  # of SimpleOneForOne
    phase: Phase = Phase.NEW
    plan: Plan = ()
    starting: int | None = None  # the key of the place whose start is waited for
    stopping: frozenset[Ref] = frozenset()  # whose ends are waited for
    overdue: frozenset[Ref] = frozenset()  # those of them that were killed, since their time was up
    waiting: tuple[Event, ...] = ()  # heard in the middle of something
    restarts: tuple[float, ...] = ()  # when, in seconds of the driver's clock
    next_key: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether the supervisor waits for a child to start or to end."""
        return self.starting is not None or bool(self.stopping)

    def __iter__(self) -> Iterator[Place]:
        """Go through the places in the order of starting."""
        return iter(cast("list[Place]", self.places.values()))

    def place(self, key: int) -> Place | None:
        """Return the place `key`, if there still is one."""
        return cast("Place | None", self.places.get(key))

    def named(self, name: object) -> Place | None:
        """Return the place of the child `name`, None under SimpleOneForOne, where all share one name."""
        key = self.names.get(name)
        return None if key is None else self.place(cast("int", key))

    def running(self, ref: Ref) -> Place | None:
        """Return the place in which `ref` runs."""
        key = self.refs.get(ref)
        return None if key is None else self.place(cast("int", key))

    def put(self, place: Place) -> State:
        """Return the state with `place` in the place of the one of its key, or after all others."""
        before, refs = self.place(place.key), self.refs
        if before is not None and before.ref is not None:
            refs = refs.dissoc(before.ref)
        if place.ref is not None:
            refs = refs.assoc(place.ref, place.key)
        names = self.names
        if before is None and not self.flags.is_simple:
            names = names.assoc(place.spec.name, place.key)
        return replace(self, places=self.places.assoc(place.key, place), refs=refs, names=names)

    def without(self, place: Place) -> State:
        """Return the state without a place."""
        emptied = self.put(replace(place, ref=None))
        names = self.names if self.flags.is_simple else self.names.dissoc(place.spec.name)
        return replace(emptied, places=emptied.places.dissoc(place.key), names=names)

    def count(self) -> Count:
        """Count the children as OTP does: a template is one specification, restarting ones are not active."""
        supervisors = sum(place.spec.kind is ChildKind.SUPERVISOR for place in self)
        return Count(
            specs=1 if self.flags.is_simple else len(self.places),
            active=sum(place.is_active for place in self),
            supervisors=supervisors,
            workers=len(self.places) - supervisors,
        )


def initial(flags: Flags, specs: tuple[ChildSpec, ...]) -> State:
    """Return a supervisor that has not begun. Raises FaultySupervisor."""
    checked = check(flags, specs)
    if flags.is_simple:
        return State(flags, template=checked[0])
    state = State(flags, next_key=len(checked))
    for key, spec in enumerate(checked):
        state = state.put(Place(key, spec, arguments=spec.arguments))
    return state
