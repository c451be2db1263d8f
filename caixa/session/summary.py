"""What each step of a log did, in the words that a list of steps has room for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .events import CaixaPut, CellRun, ComponentPut, Derived, Event, FilePut, Move, Moved
from .log import GENESIS, Log, Step
from .state import SessionState
from .timeline import live_steps

__all__ = ["LoggedStep", "summaries"]

_SHOWN = 48  # characters of a cell that only computed something


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """A step, what it did, and whether the session still has it: an undone step stays in the log."""

    step: Step
    changes: tuple[str, ...]
    is_live: bool


def summaries(log: Log) -> tuple[LoggedStep, ...]:
    """Return every step of `log` with what it did. Raises BrokenLog."""
    states = dict(log.states())
    steps = log.steps()
    numbers = {GENESIS: 0} | {entry.digest: entry.step for entry in log}
    live = live_steps(steps)
    return tuple(
        LoggedStep(step, tuple(_changes(step, states, numbers)), step.number in live or step.move is not None)
        for step in steps
    )


def _changes(step: Step, states: dict[str, SessionState], numbers: dict[str, int]) -> Iterator[str]:
    before = states[step.before]
    for entry in step.entries:
        yield from _words(entry.event, before, numbers)
        before = states[entry.digest]


def _words(event: Event, before: SessionState, numbers: dict[str, int]) -> Iterator[str]:
    match event:
        case CaixaPut(package):
            old, new = before.packages.get(package.nome), package.caixa.versao
            was = "" if old is None or old.caixa.versao == new else f"{old.caixa.versao} → "
            yield f"{'+' if old is None else '~'} {package.nome} {was}{new}"
        case FilePut(nome, path, _):
            yield f"{'~' if path in before.package(nome).files else '+'} {nome}/{path}"
        case ComponentPut(nome, _):
            yield f"{'~' if nome in before.components else '+'} component of {nome}"
        case Derived(what, nome):
            yield f"{what} of {nome}"
        case CellRun():
            yield from _cell_words(event)
        case Moved(move, digest):
            yield f"{'back' if move is not Move.REDO else 'forth'} to #{numbers[digest]}"


def _cell_words(event: CellRun) -> Iterator[str]:
    if event.defined:
        yield f"defined {', '.join(event.defined)}"
    elif event.language != "lisp":
        yield f"{event.language} cell"
    elif "(defcaixa" not in event.text:
        text = " ".join(event.text.split())
        yield text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
