"""A fiber: a call that takes turns with others, and what has become of it (language.md section 4.10)."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, copy_context
from enum import StrEnum
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LispError
from .channel import Channel, Wait

if TYPE_CHECKING:
    from greenlet import greenlet

__all__ = ["Cancellation", "Fiber", "FiberStatus", "Origin", "Waiting"]


class FiberStatus(StrEnum):
    """How far a fiber has come; one that could go on and has not its turn is `running`, too."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    ERRORED = "errored"
    CANCELLED = "cancelled"


class Cancellation(BaseException):
    """Unwinds a fiber that is cancelled: its `finally` clauses run, and no `catch` sees it."""


class Origin(NamedTuple):
    """A place in compiled code: the code object, and the offset of the instruction in it."""

    code: CodeType
    at: int


class Waiting(NamedTuple):
    """What a fiber waits for: the operation by its Lisp name, and the channel, channels or fiber."""

    operation: str
    subject: object = None


class Fiber:
    """A call that runs, once, when a scheduler gives it turns; its outcome is kept.

    A fiber begins with a copy of the context of its creator, so that a `parameterize` around `go` holds in it.
    """

    __slots__ = (
        "context", "error", "failure", "greenlet", "is_background", "is_cancelled", "is_finished",
        "is_observed", "name", "number", "on_ready", "origin", "outcome", "result", "status", "thunk", "turn",
        "waiting", "watchers",
    )  # fmt: skip
    __lisp_kind__ = "foreign"

    def __init__(
        self,
        thunk: Callable[[], object],
        number: int,
        name: str,
        on_ready: Callable[[Fiber], None],
        origin: Origin | None = None,
    ) -> None:
        """Keep `thunk`, a function without parameters; `on_ready` is told when the fiber can go on."""
        self.thunk: Callable[[], object] | None = thunk
        self.number = number
        self.name = name
        self.on_ready = on_ready
        self.origin = origin
        self.context: Context | None = copy_context()
        self.greenlet: greenlet | None = None
        self.status = FiberStatus.PENDING
        self.is_finished = False
        self.is_background = False
        self.is_cancelled = False  # it is being unwound, or is about to be
        self.is_observed = False  # somebody has seen its error
        self.result: object = None
        self.error: object = None  # as a value of the program
        self.failure: LispError | None = None  # the same as an exception
        self.turn = 0
        self.outcome: object = None
        self.waiting: Waiting | None = None
        self.watchers: list[Wait] = []

    def wake(self, outcome: object) -> None:
        """Let the fiber go on with `outcome` when its turn comes."""
        self.turn += 1
        self.outcome = outcome
        self.status = FiberStatus.RUNNING
        self.on_ready(self)

    def leave_lines(self) -> None:
        """Stop waiting: whatever it waited for does not wake it any more."""
        self.turn += 1
        for channel in self._channels():
            channel.forget_one()
        self.waiting = None

    def _channels(self) -> tuple[Channel, ...]:
        subject: Any = self.waiting.subject if self.waiting else ()
        every = subject if isinstance(subject, tuple) else (subject,)
        return tuple(each for each in every if isinstance(each, Channel))

    def finish(self, status: FiberStatus) -> None:
        """Note the end, let go of what is needed no more, and wake who waits for it."""
        self.status = status
        self.is_finished = True
        self.thunk = self.context = self.greenlet = self.waiting = None
        watchers, self.watchers = self.watchers, []
        for wait in watchers:
            if wait.is_live:
                wait.wake(self)
