"""What a unit does with what it is told: OTP's six callbacks, whoever implements them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from ..errors import RuntimeFailure
from ..supervision.events import Why

__all__ = ["HANDLED", "Answer", "Behaviour", "Down", "Fall", "LinkedExit"]

Fall = Callable[[RuntimeFailure], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a message.

    `refused` says why it could not be handled, of a unit that lives on; `stop` is set by one that wants to end.
    """

    reply: object = None
    refused: RuntimeFailure | None = None
    stop: Why | None = None


HANDLED: Final = Answer()


@dataclass(frozen=True, slots=True)
class Down:
    """An info message: what `monitor` watched, the unit `unit`, has ended."""

    monitor: int
    unit: int
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class LinkedExit:
    """An info message to a unit that traps exits: the unit `unit`, to which it is linked, has ended."""

    unit: int
    name: str
    why: Why


class Behaviour(Protocol):
    """One life of a unit: `init` first, then one callback at a time, and `close` last, always.

    Whatever a callback raises is the unit's death. `interrupt` alone may be called during another.
    """

    def init(self, arguments: tuple[object, ...], fall: Fall) -> bool:
        """Begin; False to rather not run just now. `fall` is called if it ends while nothing is asked of it."""

    def call(self, request: object) -> Answer:
        """Answer a request."""

    def cast(self, message: object) -> Answer:
        """Take a message that nobody waits for."""

    def info(self, message: object) -> Answer:
        """Take what is no request: a timer's message, Down, LinkedExit."""

    def state_change(self, version: str) -> Answer:
        """Turn a state of `version` into one of now."""

    def terminate(self, why: Why) -> None:
        """End in good order."""

    def interrupt(self) -> None:
        """Make the callback that runs come to an end, from another thread."""

    def close(self) -> None:
        """Free everything."""
