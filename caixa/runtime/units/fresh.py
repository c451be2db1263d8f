"""Instance per request: a unit of which every message meets a guest that has no past.

Deploying is then swapping the bytes: nothing is drained, and no request sees what another left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import RuntimeFailure
from ..supervision.events import Why
from .behaviour import HANDLED, Answer, Fall
from .wasm import WasmBehaviour, WasmProgram

__all__ = ["FreshBehaviour"]


class FreshBehaviour:
    """A unit without a state: `on-init` and the callback of the message run in a new instance. See Behaviour.

    A violation is the error of who asked and not the end of the unit; it ends by being stopped or killed only.
    """

    def __init__(self, program: WasmProgram) -> None:
        """Begin with `init`; `program` may be another one for the next message, by `deploy`."""
        self._program = program
        self._arguments: tuple[object, ...] = ()
        self._life: WasmBehaviour | None = None
        self._is_given_up = False

    def deploy(self, program: WasmProgram) -> None:
        """Let the next message meet a guest of `program`; what runs is not disturbed."""
        self._program = program

    def init(self, arguments: tuple[object, ...], fall: Fall) -> bool:  # noqa: ARG002  # it has no guest to lose
        """See Behaviour; what keeps an instance from starting is found here, not by the first request."""
        self._arguments = arguments
        self._in_new(lambda _: HANDLED)
        return True

    def call(self, request: object) -> Answer:
        """See Behaviour."""
        return self._answer(lambda life: life.call(request))

    def cast(self, message: object) -> Answer:
        """See Behaviour."""
        return self._answer(lambda life: life.cast(message))

    def info(self, message: object) -> Answer:
        """See Behaviour."""
        return self._answer(lambda life: life.info(message))

    def state_change(self, version: str) -> Answer:  # noqa: ARG002  # of the protocol
        """See Behaviour; there is no state to change."""
        return HANDLED

    def terminate(self, why: Why) -> None:
        """See Behaviour; nothing is there that could be ended in good order."""

    def interrupt(self) -> None:
        """See Behaviour."""
        self._is_given_up = True
        if self._life is not None:
            self._life.interrupt()

    def close(self) -> None:
        """See Behaviour; each instance was closed after its message."""

    def _answer(self, act: Callable[[WasmBehaviour], Answer]) -> Answer:
        try:
            return replace(self._in_new(act), stop=None)
        except RuntimeFailure as failure:
            return Answer(refused=failure)

    def _in_new(self, act: Callable[[WasmBehaviour], Answer]) -> Answer:
        life = self._life = WasmBehaviour(self._program)
        if self._is_given_up:
            life.interrupt()
        try:
            life.init(self._arguments, lambda _: None)
            return act(life)
        finally:
            life.close()
