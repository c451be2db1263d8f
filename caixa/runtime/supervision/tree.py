"""Supervisors under supervisors: the host whose children can be either."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count

from .driver import Host, Notice, Supervisor, Tell
from .events import ChildExited, ChildFailed, ChildStarted, End, Exit, Ready, Stop, Why
from .machine import FailedChild
from .requests import Ref
from .specification import ChildKind, ChildSpec

__all__ = ["MakeSupervisor", "TreeHost"]

MakeSupervisor = Callable[[ChildSpec, tuple[object, ...], Callable[[Notice], None]], Supervisor]


class TreeHost:
    """Hands workers to another host, and runs supervisors itself, each on its own thread.

    A supervisor's ref is a text, so that it is none of the workers', whose refs must be numbers. One that is
    killed ends its children first, those that do not end in time by force: what runs is never left alone.
    """

    def __init__(self, workers: Host, make: MakeSupervisor) -> None:
        """Run workers by `workers`; `make(spec, arguments, notify)` makes a supervisor that has not begun."""
        self._workers, self._make = workers, make
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._running: dict[Ref, Supervisor] = {}
        self._starting: dict[int, Supervisor] = {}

    def supervisor(self, ref: Ref) -> Supervisor | None:
        """Return the supervisor that runs as `ref`."""
        return self._running.get(ref)

    def launch(self, key: int, spec: ChildSpec, arguments: tuple[object, ...], tell: Tell) -> None:
        """See Host."""
        if spec.kind is ChildKind.WORKER:
            self._workers.launch(key, spec, arguments, tell)
            return
        ref = f"supervisor {next(self._numbers)}"
        made = self._make(spec, arguments, lambda notice: self._hear(notice, key, ref, tell))
        with self._lock:
            self._starting[key] = self._running[ref] = made
        made.begin()

    def cancel(self, key: int) -> None:
        """See Host."""
        made = self._starting.get(key)
        if made is None:
            self._workers.cancel(key)
        else:
            made.tell(Stop())

    def ask_to_stop(self, ref: Ref, tell: Tell) -> None:
        """See Host."""
        if isinstance(ref, int):
            self._workers.ask_to_stop(ref, tell)
        else:
            self._end(ref, Why(Exit.SHUTDOWN), tell)

    def kill(self, ref: Ref, tell: Tell) -> None:
        """See Host."""
        if isinstance(ref, int):
            self._workers.kill(ref, tell)
        else:
            self._end(ref, Why(Exit.KILLED), tell)

    def _end(self, ref: Ref, why: Why, tell: Tell) -> None:
        running = self.supervisor(ref)
        if running is None:
            tell(ChildExited(ref, Why(Exit.NORMAL, "it had ended before")))
        else:
            running.tell(Stop(why))

    def _hear(self, notice: Notice, key: int, ref: Ref, tell: Tell) -> None:
        """Tell the supervisor above what one below says of itself; on the thread of the one below."""
        match notice:
            case Ready():
                with self._lock:
                    self._starting.pop(key, None)
                tell(ChildStarted(key, ref))
            case End(why):
                self._hear_end(why, key, ref, tell)

    def _hear_end(self, why: Why, key: int, ref: Ref, tell: Tell) -> None:
        with self._lock:
            never_began = self._starting.pop(key, None) is not None
            del self._running[ref]
        if not never_began:
            tell(ChildExited(ref, why))
        elif isinstance(why.detail, FailedChild):
            tell(ChildFailed(key, f"{why.detail.name}: {why.detail.reason}"))
        else:
            tell(ChildFailed(key, why))
