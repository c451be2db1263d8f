"""The host whose children are units: what a supervisor asks for, done by a UnitSystem."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial

from ..errors import UnitGone
from ..supervision.driver import Tell
from ..supervision.events import ChildExited, ChildFailed, ChildIgnored, ChildStarted, Exit, Why
from ..supervision.requests import Ref
from ..supervision.specification import ChildSpec
from .actor import Outcome
from .behaviour import Behaviour
from .system import UnitSystem

__all__ = ["Programs", "UnitHost"]

Programs = Mapping[str, Callable[[], Behaviour]]


class UnitHost:
    """Runs the children of one supervisor; a child's ref is the number of its unit.

    Several supervisors of a tree share a system, not a host: each counts its children's keys by itself.
    """

    def __init__(self, system: UnitSystem, programs: Programs) -> None:
        """`programs` makes a new life of each child, by the child's name."""
        self._system, self._programs = system, programs
        self._lock = threading.Lock()
        self._starting: dict[int, int] = {}

    def launch(self, key: int, spec: ChildSpec, arguments: tuple[object, ...], tell: Tell) -> None:
        """See Host."""
        behaviour = self._programs[spec.name]()
        with self._lock:
            self._starting[key] = self._system.begin(
                spec.name, behaviour, arguments,
                started=partial(self._hear_start, key, tell),
                ended=lambda unit, why: tell(ChildExited(unit, why)),
            )  # fmt: skip

    def cancel(self, key: int) -> None:
        """See Host."""
        with self._lock:
            unit = self._starting.get(key)
        if unit is not None:
            self._try(lambda: self._system.kill(unit, "its start was given up"))

    def ask_to_stop(self, ref: Ref, tell: Tell) -> None:
        """See Host."""
        assert isinstance(ref, int)  # as `launch` told it
        self._end(ref, tell, lambda: self._system.ask_to_stop(ref))

    def kill(self, ref: Ref, tell: Tell) -> None:
        """See Host."""
        assert isinstance(ref, int)  # as above
        self._end(ref, tell, lambda: self._system.kill(ref))

    def _end(self, unit: int, tell: Tell, end: Callable[[], None]) -> None:
        if not self._try(end):
            tell(ChildExited(unit, Why(Exit.NORMAL, "it had ended before")))

    def _try(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except UnitGone:
            return False
        return True

    def _hear_start(self, key: int, tell: Tell, unit: int, outcome: Outcome) -> None:
        with self._lock:  # `launch` has written the number down by now
            self._starting.pop(key, None)
        if isinstance(outcome, BaseException):
            tell(ChildFailed(key, outcome))
        else:
            tell(ChildStarted(key, unit) if outcome else ChildIgnored(key))
