"""Behaviours that are wasm: the callbacks are exported functions, the state is the instance's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..engine import Engine
from ..errors import NoCallback, RuntimeFailure, UnitExited
from ..live import Image, Unit
from ..results import RunResult
from ..supervision.events import Exit, Why
from .behaviour import HANDLED, Answer, Down, Fall, LinkedExit

if TYPE_CHECKING:
    from caixa.manifest.model import Limits

__all__ = ["WasmProgram"]

_INIT, _CALL, _CAST, _INFO = "on-init", "on-call", "on-cast", "on-info"
_STATE_CHANGE, _TERMINATE = "on-state-change", "on-terminate"
# A core module has numbers only; a component may name these as the cases of an enum.
_EXITS = (Exit.NORMAL, Exit.SHUTDOWN, Exit.KILLED, Exit.ABNORMAL)
_NUMERIC = frozenset({"i32", "i64", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"})


class WasmProgram:
    """A guest that units are made of: looked at once, instantiated for each life."""

    def __init__(self, engine: Engine, image: Image, limits: Limits | None) -> None:
        """Look at what it exports. Raises InvalidModule."""
        self.engine, self.image, self.limits = engine, image, limits
        exports = engine.inspect(image.wasm).exports
        self.parameters = {each.name.rpartition("#")[2]: [kind for _, kind in each.params] for each in exports}

    def life(self) -> WasmBehaviour:
        """Return a life that has not begun."""
        return WasmBehaviour(self)


class WasmBehaviour:
    """One life of a wasm guest. See Behaviour.

    A message is a sequence of words, as for `Engine.run`. One that does not fit, or for which nothing is
    exported, is refused and costs nothing. A guest that exits has ended, normally with status 0.
    """

    def __init__(self, program: WasmProgram) -> None:
        """Begin with `init`."""
        self._program = program
        self._unit: Unit | None = None
        self._is_given_up = False

    def init(self, arguments: tuple[object, ...], fall: Fall) -> bool:
        """See Behaviour."""
        program = self._program
        first = _INIT if _INIT in program.parameters else ""
        program.engine.open(
            program.image, program.limits, lambda _, failure: fall(failure),
            function=first, args=_words(arguments), opening=self._opening,
        )  # fmt: skip
        return True

    def _opening(self, unit: Unit) -> None:
        self._unit = unit
        if self._is_given_up:
            unit.close()

    def call(self, request: object) -> Answer:
        """See Behaviour."""
        return self._told(_CALL, request)

    def cast(self, message: object) -> Answer:
        """See Behaviour."""
        return self._told(_CAST, message)

    def info(self, message: object) -> Answer:
        """See Behaviour; Down and LinkedExit come as a number, of the monitor or unit, and how it ended."""
        match message:
            case Down(monitor, _, _, why):
                message = (str(monitor), self._exit(_INFO, why))
            case LinkedExit(unit, _, why):
                message = (str(unit), self._exit(_INFO, why))
        return self._told(_INFO, message)

    def state_change(self, version: str) -> Answer:
        """See Behaviour."""
        return self._told(_STATE_CHANGE, (version,))

    def terminate(self, why: Why) -> None:
        """See Behaviour; without the callback, nothing is done."""
        kinds = self._program.parameters.get(_TERMINATE)
        if kinds is not None and self._unit is not None:
            self._unit.call(_TERMINATE, [self._exit(_TERMINATE, why)] if kinds else [])

    def interrupt(self) -> None:
        """See Behaviour; the unit is closed with that, since it would not live on anyway."""
        self._is_given_up = True
        self.close()

    def close(self) -> None:
        """See Behaviour."""
        if self._unit is not None:
            self._unit.close()

    def _told(self, callback: str, message: object) -> Answer:
        assert self._unit is not None  # `init` came first
        if callback not in self._program.parameters:
            return Answer(refused=NoCallback(callback))
        try:
            return _answer(self._unit, self._unit.call(callback, _words(message)))
        except RuntimeFailure as failure:
            if self._unit.ended is not None:
                raise
            return Answer(refused=failure)

    def _exit(self, callback: str, why: Why) -> str:
        """Return how something ended, as the last parameter of the callback takes it."""
        kinds = self._program.parameters.get(callback) or [""]
        return str(_EXITS.index(why.exit)) if kinds[-1] in _NUMERIC else str(why.exit)


def _answer(unit: Unit, result: RunResult) -> Answer:
    values = result.values
    reply = None if not values else values[0] if len(values) == 1 else values
    if result.exit_code is None:
        return Answer(reply) if values else HANDLED
    exited = UnitExited(unit.number, result.exit_code, result.output)
    if result.exit_code:
        raise exited
    return Answer(reply, stop=Why(Exit.NORMAL, exited))


def _words(message: object) -> Sequence[str]:
    """Return the words of a message: those of a sequence, or the one word that it is."""
    if isinstance(message, list | tuple):
        return [str(each) for each in message]
    return [str(message)]
