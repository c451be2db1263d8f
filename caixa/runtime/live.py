"""A live unit as the rest of the house sees it: an instance in the engine process that stays between calls."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from . import protocol as say
from .connection import Call, Connection, ConnectionClosed
from .errors import EngineDied, RuntimeFailure, UnitExited, UnitGone, Violation
from .results import RunResult, UnitStatus

__all__ = ["Image", "OnEnd", "Unit", "unheard", "unseen"]


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of a module or component, and their SHA-256, so that a restart need not send them again."""

    wasm: bytes = field(repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        """Take the digest."""
        object.__setattr__(self, "digest", hashlib.sha256(self.wasm).hexdigest())


OnEnd = Callable[["Unit", RuntimeFailure], None]


def unheard(_unit: Unit, _why: RuntimeFailure) -> None:
    """Do nothing about a unit's end."""


def unseen(_unit: Unit) -> None:
    """Do nothing about a unit that is being opened."""


class Unit:
    """One instance that stays. Every method may be called from any thread; calls are taken one after another.

    Its memory limit is for all its life; fuel and wall clock are for each call anew. It ends by a violation, by
    `proc_exit`, when a call is stopped after it began, with the engine process, or by `close`.
    """

    def __init__(self, number: int, connection: Connection, on_end: OnEnd) -> None:
        """Stand for the unit `number` of `connection`; see `Engine.open`."""
        self.number = number
        self._connection, self._on_end = connection, on_end
        self._lock = threading.Lock()
        self._ended: RuntimeFailure | None = None
        self._calls: set[Call] = set()
        connection.mourn(number, self._end)

    @property
    def ended(self) -> RuntimeFailure | None:
        """Why it has ended; None while it lives."""
        return self._ended

    def opened(self, call: Call) -> say.Message:
        """Return what `call`, which opens it, is answered. Whatever it raises, there is no unit then."""
        try:
            return self._answer(call)
        except BaseException:
            self._settle(UnitGone(self.number, "it was never open"))
            self._free()  # the process may have opened it before it heard of a Stop
            raise

    def call(self, function: str, words: Sequence[str] = ()) -> RunResult:
        """Call an exported function; `words` are as for `Engine.run`.

        Raises UnitGone, UnknownFunction, BadArguments or ResultTooLarge, which leave a unit as it is; a
        Violation or EngineDied, with which it has ended; and Interrupted.
        """
        call = self.begin(say.Ask(self.number, function, list(words)))
        try:
            answer = self._answer(call)
        except (Violation, EngineDied) as failure:
            self._end(failure)
            raise
        finally:
            if isinstance(call.answer, say.Stopped) and call.answer.began:
                self._end(UnitGone(self.number, "it was stopped in the middle of a call"))
        assert isinstance(answer, say.Ran)
        if answer.value.exit_code is not None:
            self._end(UnitExited(self.number, answer.value.exit_code, answer.value.output))
        return answer.value

    def interrupt(self) -> None:
        """Let the calls under way raise Interrupted; one that has begun to run costs the unit."""
        for call in tuple(self._calls):
            self._connection.end(call)

    def close(self) -> None:
        """End it and free what it holds, without waiting; a call under way is stopped.

        `on_end` is not called.
        """
        if self._settle(UnitGone(self.number, "it was closed")):
            self.interrupt()
            self._free()

    def status(self) -> UnitStatus:
        """Return what it has used. Raises UnitGone."""
        answer = self._answer(self.begin(say.List()))
        assert isinstance(answer, say.Status)
        found = [each for each in answer.value if each.unit == self.number]
        if not found:
            raise UnitGone(self.number, "it has ended")
        return found[0]

    def begin(self, request: say.Message) -> Call:
        """Send a request about it. Raises UnitGone or EngineDied."""
        if self._ended is not None:
            raise UnitGone(self.number, self._ended.message) from self._ended
        try:
            return self._connection.begin(request)
        except ConnectionClosed:
            raise self._connection.died() from None

    def _answer(self, call: Call) -> say.Message:
        """Wait for an answer, and let `interrupt` find the call meanwhile. Raises as Connection.answer does."""
        self._calls.add(call)
        if self._ended is not None:  # closed by somebody who did not see this call
            self._connection.end(call)
        try:
            return self._connection.answer(call)
        finally:
            self._calls.discard(call)

    def _free(self) -> None:
        with suppress(ConnectionClosed):  # else it went with the process
            self._connection.begin(say.Close(self.number))

    def _end(self, why: RuntimeFailure) -> None:
        if self._settle(why):
            self._on_end(self, why)

    def _settle(self, why: RuntimeFailure) -> bool:
        """Have ended, of the first reason that is given; say whether this was it."""
        with self._lock:
            if self._ended is not None:
                return False
            self._ended = why
        self._connection.forget(self.number)
        return True
