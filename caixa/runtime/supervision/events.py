"""What a supervisor hears, and what it has done about it.

A child is told apart by its `key`, a number given when its place is made and never again; what runs in that
place by its `ref`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

from .requests import Answer, Ref, Request
from .specification import ChildSpec

__all__ = [
    "AskToStop",
    "Asked",
    "Cancel",
    "ChildExited",
    "ChildFailed",
    "ChildIgnored",
    "ChildStarted",
    "Effect",
    "End",
    "Event",
    "Exit",
    "Kill",
    "Launch",
    "Ready",
    "Reply",
    "Report",
    "Retry",
    "SetTimer",
    "Start",
    "Stop",
    "TimeUp",
    "TryAgain",
    "Why",
]


class Exit(StrEnum):
    """How something ended."""

    NORMAL = "normal"
    SHUTDOWN = "shutdown"
    KILLED = "killed"
    ABNORMAL = "abnormal"


@dataclass(frozen=True, slots=True)
class Why:
    """How something ended, and what is said of that."""

    exit: Exit
    detail: object = None

    @property
    def is_fault(self) -> bool:
        """Whether a transient child is restarted after this: an end that was not its own and not asked for."""
        return self.exit in (Exit.ABNORMAL, Exit.KILLED)


# -- events --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Begin: start the children in order."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The parent asks the supervisor to end, for a reason that is handed on."""

    why: Why = Why(Exit.SHUTDOWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks, and gets a Reply with the same `caller`."""

    caller: Hashable
    request: Request


@dataclass(frozen=True, slots=True)
class ChildStarted:
    """The child `key` runs, as `ref`."""

    key: int
    ref: Ref


@dataclass(frozen=True, slots=True)
class ChildIgnored:
    """The child `key` does not want to run just now, which is no error."""

    key: int


@dataclass(frozen=True, slots=True)
class ChildFailed:
    """The child `key` could not be started."""

    key: int
    reason: object


@dataclass(frozen=True, slots=True)
class ChildExited:
    """What ran as `ref` has ended."""

    ref: Ref
    why: Why


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The time that `ref` had to end in is over."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Make the next attempt at restarting the child `key`."""

    key: int


Event = Start | Stop | Asked | ChildStarted | ChildIgnored | ChildFailed | ChildExited | TimeUp | TryAgain

# -- effects --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Launch:
    """Start a child; answered by ChildStarted, ChildIgnored or ChildFailed with the same key."""

    key: int
    spec: ChildSpec
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give up starting the child `key`; the answer to its Launch still comes."""

    key: int


@dataclass(frozen=True, slots=True)
class AskToStop:
    """Ask what runs as `ref` to end in good order; answered by ChildExited, at once if it has ended already."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Kill:
    """End what runs as `ref` without asking; answered as AskToStop is."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Send TimeUp(ref) after so many seconds, unless `ref` has ended by then."""

    ref: Ref
    seconds: float


@dataclass(frozen=True, slots=True)
class Retry:
    """Send TryAgain(key) after what is waiting to be heard: who asks between two attempts is answered."""

    key: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a request."""

    caller: Hashable
    answer: Answer


@dataclass(frozen=True, slots=True)
class Report:
    """Tell whoever keeps the log what happened to a child, or, where `child` is empty, to the supervisor."""

    what: str
    child: str
    why: Why


@dataclass(frozen=True, slots=True)
class Ready:
    """The children were started; the supervisor is at work."""


@dataclass(frozen=True, slots=True)
class End:
    """The supervisor has ended, all its children before it."""

    why: Why


Effect = Launch | Cancel | AskToStop | Kill | SetTimer | Retry | Reply | Report | Ready | End
