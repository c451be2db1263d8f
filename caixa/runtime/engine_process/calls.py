"""What core modules and components have in common: how they are instantiated and called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import BadArguments, UnknownFunction
from ..results import FunctionType, ModuleInfo, RunResult
from ..wit import Misfit, WitType, parse_word
from .sandbox import Sandbox, Turn
from .wasi import GuestExit

__all__ = ["Guest", "Instance", "Prepared", "Said", "heard", "parse_arguments", "pick", "run"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call whose arguments fit: the export's full name, and the values as wasmtime takes them."""

    name: str
    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class Said:
    """What a guest answered: plain values, or the status with which it exited; and what it printed."""

    values: tuple[object, ...]
    output: str = ""
    exit_code: int | None = None

    def after(self, box: Sandbox) -> RunResult:
        """Return this with what it took in `box`."""
        account = box.account
        return RunResult(
            self.values, box.fuel_used, account.peak, box.elapsed, self.output, self.exit_code, account.refused
        )


class Instance(Protocol):
    """A guest in a sandbox; its state lives as long as the sandbox."""

    def call(self, prepared: Prepared) -> Said:
        """Call an exported function, inside `Sandbox.running`. Raises GuestExit, or what wasmtime raises."""


class Guest(Protocol):
    """A compiled module or component, looked at once and instantiated as often as wanted."""

    @property
    def info(self) -> ModuleInfo:
        """What it exports and imports."""

    def check(self) -> None:
        """Raise MissingImport if it asks for what nobody grants."""

    def prepare(self, function: str, words: Sequence[str]) -> Prepared:
        """Return the call that is meant. Raises UnknownFunction or BadArguments."""

    def instantiate(self, box: Sandbox, first: str = "") -> Instance:
        """Make an instance, inside `Sandbox.running`; `first` is the export that is called next.

        Raises GuestExit, or what wasmtime raises.
        """


def heard(speak: Callable[[], Said]) -> Said:
    """Return what `speak` returns; a guest that exits has said that, and with what status."""
    try:
        return speak()
    except GuestExit as leave:
        return Said((), leave.voice.take(), leave.status)


def run(turn: Turn, guest: Guest, function: str, words: Sequence[str]) -> RunResult:
    """Call one exported function of a fresh instance.

    Raises MissingImport, UnknownFunction, BadArguments, InvalidModule or a Violation; CallStopped on Stop.
    """
    guest.check()
    prepared = guest.prepare(function, words)
    box = Sandbox(turn.machine, turn.budget)
    with box.running(turn.ticket, prepared.name):
        said = heard(lambda: guest.instantiate(box, prepared.name).call(prepared))
    return said.after(box)


def pick(function: str, exports: Sequence[str]) -> str:
    """Return the export that is meant: by its full name, or by its last part when only one has it.

    Raises UnknownFunction.
    """
    if function in exports:
        return function
    found = [name for name in exports if name.rpartition("#")[2] == function]
    if len(found) == 1:
        return found[0]
    raise UnknownFunction(function, list(exports))


def parse_arguments(words: Sequence[str], kinds: Sequence[WitType], signature: FunctionType) -> list[object]:
    """Return the plain value of every word. Raises BadArguments for the first that does not fit."""
    if len(words) != len(kinds):
        plural = "" if len(kinds) == 1 else "s"
        reason = f"`{signature.name}` takes {len(kinds)} argument{plural} and was given {len(words)}"
        raise BadArguments(reason, str(signature))
    return [
        _parse(word, kind, index, signature)
        for index, (word, kind) in enumerate(zip(words, kinds, strict=True))
    ]


def _parse(word: str, kind: WitType, index: int, signature: FunctionType) -> object:
    try:
        return parse_word(word, kind)
    except Misfit as misfit:
        name = signature.params[index][0]
        raise BadArguments(
            f"argument {index + 1} (`{name}`) of `{signature.name}`: {misfit}", str(signature)
        ) from None
