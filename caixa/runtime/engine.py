"""The engine, as the rest of the house sees it: wasm in, plain values and pictures out, errors that say why."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from . import protocol as say
from .budget import Budget
from .connection import COMMAND, Call, Connection, ConnectionClosed
from .errors import InvalidModule
from .live import Image, OnEnd, Unit, unheard, unseen
from .results import ModuleInfo, RunResult, UnitStatus

if TYPE_CHECKING:
    from caixa.manifest.model import Limits

__all__ = ["Engine"]

# Far above any guest that compiles in reasonable time, and below what a frame carries.
_WASM_LIMIT = 256 << 20


class Engine:
    """Runs wasm in a process of its own, started by the first call and again after it dies.

    Every method may be called from any thread; calls are taken one after another. All raise EngineDied when the
    process ends during the call, and Interrupted when `interrupt` was called.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        """Start nothing yet; `command` is the engine process, which gets its socket's number as last word."""
        self._command = tuple(command)
        self._connection: Connection | None = None
        self._farewell: Callable[[], object] = lambda: None
        self._lock = threading.Lock()
        self._unit_numbers = count(1)

    def start(self) -> None:
        """Start the process without waiting for it, so that the first call finds it ready."""
        self._connected()

    def wat(self, text: str) -> bytes:
        """Return the bytes of a module or component given as text, validated. Raises InvalidModule."""
        answer = self._ask(say.Wat(text))
        assert isinstance(answer, say.Bytes)
        return answer.body

    def inspect(self, wasm: bytes) -> ModuleInfo:
        """Return what a module or component exports and imports. Raises InvalidModule."""
        answer = self._ask(say.Inspect(_plausible(wasm)))
        assert isinstance(answer, say.Info)
        return answer.value

    def run(self, wasm: bytes, function: str, args: Sequence[str], limits: Limits | None) -> RunResult:
        """Call one function of a fresh instance, under `limits` (absent slots: see caixa.runtime.budget).

        `args` are words (see caixa.runtime.wit); a function of an exported interface is named in full or by its
        last part. Raises InvalidModule, MissingImport, UnknownFunction, BadArguments or a Violation.
        """
        budget = Budget.of(limits)
        answer = self._ask(say.Run(function, list(args), budget.to_wire(), _plausible(wasm)))
        assert isinstance(answer, say.Ran)
        return answer.value

    def svg(self, dot: str, layout: str = "dot") -> str:
        """Return the SVG of a graph in the dot language; it depends on `dot` alone. Raises InvalidGraph."""
        answer = self._ask(say.Svg(dot, layout))
        assert isinstance(answer, say.Text)
        return answer.body.decode()

    def open(  # noqa: PLR0913  # what may be said of a unit, all by keyword but what it is
        self,
        image: Image,
        limits: Limits | None,
        on_end: OnEnd = unheard,
        *,
        function: str = "",
        args: Sequence[str] = (),
        opening: Callable[[Unit], None] = unseen,
    ) -> Unit:
        """Return an instance that stays, under `limits`; see Unit for how these count.

        `function`, if any, is called first; where that fails there is no unit. `opening` gets the unit before
        that, so that another thread can close it. `on_end` is called once, from any thread, when the unit ends
        by anything but `close`; neither may wait. Raises what `run` does, and UnitExited.
        """
        _plausible(image.wasm)
        number, budget = next(self._unit_numbers), Budget.of(limits).to_wire()
        request = say.Open(number, image.digest, function, list(args), budget, b"")
        connection, call = self._begin(request)
        unit = Unit(number, connection, on_end)
        opening(unit)
        if isinstance(unit.opened(call), say.Wanted):
            unit.opened(unit.begin(replace(request, body=image.wasm)))
        return unit

    def units(self) -> tuple[UnitStatus, ...]:
        """Return what each live unit has used, in the order of opening."""
        with self._lock:
            connection = self._connection
        if connection is None or not connection.is_open:
            return ()
        answer = self._ask(say.List())
        assert isinstance(answer, say.Status)
        return answer.value

    def interrupt(self) -> None:
        """Make the calls under way raise Interrupted within 25 ms; without one, do nothing."""
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.stop()

    def close(self) -> None:
        """End the process, if there is one; a later call starts another."""
        with self._lock:
            self._connection = None
            self._farewell()

    def _ask(self, request: say.Message) -> say.Message:
        connection, call = self._begin(request)
        return connection.answer(call)

    def _begin(self, request: say.Message) -> tuple[Connection, Call]:
        """Send the request; to a new process when the last one had died while nobody used it."""
        with suppress(ConnectionClosed):
            connection = self._connected()
            return connection, connection.begin(request)
        connection = self._connected()
        try:
            return connection, connection.begin(request)
        except ConnectionClosed:
            raise connection.died() from None

    def _connected(self) -> Connection:
        """Return the running process, started now if there is none."""
        with self._lock:
            if self._connection is None or not self._connection.is_open:
                self._farewell()
                self._connection = Connection(self._command)
                # Not only when the interpreter exits: an engine that nobody holds has no use for a process.
                self._farewell = weakref.finalize(self, self._connection.close)
            return self._connection


def _plausible(wasm: bytes) -> bytes:
    """Refuse at once what is far too large to be sent."""
    if len(wasm) > _WASM_LIMIT:
        raise InvalidModule(f"it has {len(wasm):,} bytes, more than the {_WASM_LIMIT:,} that are taken")
    return wasm
