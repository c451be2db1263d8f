"""Behaviours that are Lisp: the callbacks of `:behavior` files, closures of an interpreter of the unit's own.

The interpreter has no capabilities. `:fuel` counts its steps (a call of a procedure, a turn of a loop) and
`:wall-clock` its time, for each message anew; what one native does at a stroke is one step. `:memory` does not
hold: the values stand in this process, and only the wasm back end can give them a memory of their own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from caixa.lisp.budget import Budget as Steps
from caixa.lisp.budget import Exhausted
from caixa.lisp.capabilities import Capabilities
from caixa.lisp.compiler.naming import python_name
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.lists import List
from caixa.lisp.names import Keyword
from caixa.lisp.printer import write_short
from caixa.lisp.source import Source

from ..budget import Budget
from ..errors import BadCallback, DeadlineExceeded, FuelExhausted, NoCallback, RuntimeFailure
from ..supervision.events import Exit, Why
from .behaviour import HANDLED, Answer, Down, Fall, LinkedExit

if TYPE_CHECKING:
    from caixa.manifest.model import Limits

__all__ = ["PROCEDURES", "LispProgram"]

# What the file of each slot defines, by OTP's names and with its arguments.
PROCEDURES = {
    "on-init": "init",
    "on-call": "handle-call",
    "on-cast": "handle-cast",
    "on-info": "handle-info",
    "on-state-change": "code-change",
    "on-terminate": "terminate",
}
_INIT_SHAPES = "(list :ok STATE), :ignore or (list :stop REASON)"
_CALL_SHAPES = "(list :reply REPLY STATE) or (list :stop REASON REPLY STATE)"
_CAST_SHAPES = "(list :noreply STATE) or (list :stop REASON STATE)"
_CHANGE_SHAPES = "(list :ok STATE)"
_EXITS = {"normal": Exit.NORMAL, "shutdown": Exit.SHUTDOWN}


class LispProgram:
    """The files of a behaviour, of which each life gets an interpreter."""

    def __init__(self, files: Mapping[str, Source], limits: Limits | None) -> None:
        """Take the source of each slot that is set, as `on-call`; one source may serve several."""
        self.files, self.budget = dict(files), Budget.of(limits)

    def life(self) -> LispBehaviour:
        """Return a life that has not begun."""
        return LispBehaviour(self)


class LispBehaviour:
    """One life of a unit written in Lisp; its state is the value that the last callback gave. See Behaviour."""

    def __init__(self, program: LispProgram) -> None:
        """Begin with `init`."""
        self._program = program
        self._is_interrupted = False
        self._steps = Steps(program.budget.fuel, program.budget.fuel, self._seconds, self._now)
        self._procedures: dict[str, Callable[..., object]] = {}
        self._interpreter: Interpreter | None = None
        self._state: object = None

    def init(self, arguments: tuple[object, ...], fall: Fall) -> bool:  # noqa: ARG002  # it cannot end by itself
        """See Behaviour."""
        self._interpreter = Interpreter(capabilities=Capabilities.none(), budget=self._steps)
        self._metered(lambda: self._load(self._existing))
        if "on-init" not in self._procedures:
            return True
        value = self._run("on-init", *arguments)
        match _parts(value):
            case ("ok", state):
                self._state = state
            case ("stop", reason):
                raise BadCallback("on-init", f"a stop, for the reason {write_short(reason)}", _INIT_SHAPES)
            case _ if value is Keyword("ignore"):
                return False
            case _:
                raise BadCallback("on-init", write_short(value), _INIT_SHAPES)
        return True

    def call(self, request: object) -> Answer:
        """See Behaviour."""
        if "on-call" not in self._procedures:
            return Answer(refused=NoCallback("on-call"))
        value = self._run("on-call", request, self._state)
        match _parts(value):
            case ("reply", reply, state):
                self._state = state
                return Answer(reply)
            case ("stop", reason, reply, state):
                self._state = state
                return Answer(reply, stop=_why(reason))
        raise BadCallback("on-call", write_short(value), _CALL_SHAPES)

    def cast(self, message: object) -> Answer:
        """See Behaviour."""
        return self._told("on-cast", message)

    def info(self, message: object) -> Answer:
        """See Behaviour; what the system tells is a list: (:down MONITOR NAME EXIT), (:exit UNIT NAME EXIT)."""
        match message:
            case Down(monitor, _, name, why):
                message = List((Keyword("down"), monitor, name, Keyword(str(why.exit))))
            case LinkedExit(unit, name, why):
                message = List((Keyword("exit"), unit, name, Keyword(str(why.exit))))
        return self._told("on-info", message)

    def state_change(self, version: str) -> Answer:
        """See Behaviour."""
        if "on-state-change" not in self._procedures:
            return Answer(refused=NoCallback("on-state-change"))
        value = self._run("on-state-change", version, self._state)
        match _parts(value):
            case ("ok", state):
                self._state = state
                return HANDLED
        raise BadCallback("on-state-change", write_short(value), _CHANGE_SHAPES)

    def terminate(self, why: Why) -> None:
        """See Behaviour."""
        if "on-terminate" in self._procedures:
            self._run("on-terminate", Keyword(str(why.exit)), self._state)

    def interrupt(self) -> None:
        """See Behaviour; heard at one of the next steps."""
        self._is_interrupted = True

    def close(self) -> None:
        """See Behaviour."""
        self._interpreter, self._procedures, self._state = None, {}, None

    # -- running --------------------------------------------------------------------------------------------

    def _told(self, slot: str, message: object) -> Answer:
        if slot not in self._procedures:
            return Answer(refused=NoCallback(slot))
        value = self._run(slot, message, self._state)
        match _parts(value):
            case ("noreply", state):
                self._state = state
                return HANDLED
            case ("stop", reason, state):
                self._state = state
                return Answer(stop=_why(reason))
        raise BadCallback(slot, write_short(value), _CAST_SHAPES)

    def _load(self, interpreter: Interpreter) -> None:
        """Evaluate each file once, and find what it defines."""
        for source in dict.fromkeys(self._program.files.values()):
            interpreter.evaluate(source)
        for slot, source in self._program.files.items():
            found = interpreter.names.get(python_name(PROCEDURES[slot]))
            if not callable(found):
                expected = f"(define ({PROCEDURES[slot]} …) …) in {source.name}"
                raise BadCallback(slot, f"no procedure `{PROCEDURES[slot]}`", expected)
            self._procedures[slot] = found

    def _run(self, slot: str, *arguments: object) -> object:
        procedure, interpreter = self._procedures[slot], self._existing
        try:
            with interpreter.calling():
                return self._metered(lambda: procedure(*arguments))
        except RuntimeFailure:
            raise
        except Exception as error:
            raise interpreter.as_lisp_error(error) from error.__cause__

    def _metered(self, work: Callable[[], Any]) -> Any:
        """Do `work` with all the steps and all the time of one message."""
        budget, begun = self._program.budget, time.monotonic()
        self._steps.renew()
        self._steps.next_form()
        try:
            return work()
        except Exhausted:
            elapsed = time.monotonic() - begun
            if elapsed >= self._seconds:
                raise DeadlineExceeded(budget.wall_clock, elapsed) from None
            raise FuelExhausted(budget.fuel, budget.fuel, elapsed) from None

    @property
    def _existing(self) -> Interpreter:
        assert self._interpreter is not None  # `init` came first
        return self._interpreter

    @property
    def _seconds(self) -> float:
        return self._program.budget.wall_clock / 1e9

    def _now(self) -> float:
        """Return the time that the steps go by: for one that is interrupted it is over."""
        return math.inf if self._is_interrupted else time.monotonic()


def _parts(value: object) -> tuple[object, ...]:
    """Return a list that begins with a keyword as its name and the rest."""
    items = tuple(value) if isinstance(value, List) else ()
    return (items[0].name, *items[1:]) if items and isinstance(items[0], Keyword) else ()


def _why(reason: object) -> Why:
    exit_ = _EXITS.get(reason.name) if isinstance(reason, Keyword) else None
    return Why(Exit.ABNORMAL, write_short(reason)) if exit_ is None else Why(exit_)
