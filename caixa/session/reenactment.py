"""Running an exported session again, to see whether its cells still make what they made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable

from .events import CaixaPut, CellRun, ComponentPut, Derived, FilePut, Move, Moved
from .log import Log, Step
from .secrets import Secrets
from .session import Session

if TYPE_CHECKING:
    from .state import SessionState

__all__ = ["Reenactment", "reenact"]


@dataclass(frozen=True, slots=True)
class Reenactment:
    """What differed, a sentence each, and how many cells in languages other than Lisp were passed over."""

    differences: tuple[str, ...]
    skipped: int


def reenact(log: Log, session: Session | None = None) -> Reenactment:
    """Run the Lisp cells of `log` again in `session`, by default a new one, and compare step by step.

    What came from elsewhere (files, components, packages that were opened) is taken from the log. What cells do
    to the world outside of the session, they do again. A cell that fails is a difference, and ends it.
    """
    session = Session(secrets=Secrets(dict)) if session is None else session
    states = dict(log.states())
    found: list[str] = []
    for step in log.steps():
        try:
            _take(step, log, session)
        except Reportable as error:
            found.append(f"#{step.number} {step.last.cell} fails: {error}")
            break
        found += _differences(step, states[step.digest], session)
    skipped = sum(isinstance(each.event, CellRun) and each.event.language != "lisp" for each in log)
    return Reenactment(tuple(found), skipped)


def _take(step: Step, log: Log, session: Session) -> None:
    if step.move is not None:
        _move(step.move, log, session)
        return
    with session.transaction(step.last.cell):
        for entry in step.entries:
            match entry.event:
                case CaixaPut(package):
                    session.add(package)
                case FilePut(nome, path, data):
                    session.put_file(nome, path, data)
                case ComponentPut(nome, wasm):
                    session.put_component(nome, wasm)
                case Derived(what, nome):
                    session.derive(what, nome)
                case CellRun(name, text, "lisp"):
                    session.run(text, name)
                case CellRun(name, text, language):
                    session.note_cell(text, name, language)
                case Moved():
                    pass


def _move(moved: Moved, log: Log, session: Session) -> None:
    match moved.move:
        case Move.UNDO:
            session.undo()
        case Move.REDO:
            session.redo()
        case Move.RESTORE:
            target = next((entry.step for entry in log if entry.digest == moved.digest), 0)
            session.restore(f"#{target}")


def _differences(step: Step, expected: SessionState, session: Session) -> Iterator[str]:
    for nome, package in expected.packages.items():
        if session.state.packages.get(nome) != package:
            yield f"#{step.number} {step.last.cell}: caixa {nome} is another"
    for nome in session.state.packages.keys() - expected.packages.keys():
        yield f"#{step.number} {step.last.cell}: caixa {nome} was not there"
    wanted = {name for each in step.entries if isinstance(each.event, CellRun) for name in each.event.defined}
    fresh = session.log.steps()[-1].entries if session.log else ()
    made = {name for each in fresh if isinstance(each.event, CellRun) for name in each.event.defined}
    lisp = all(each.event.language == "lisp" for each in step.entries if isinstance(each.event, CellRun))
    if lisp and wanted != made:
        yield f"#{step.number} {step.last.cell}: defines {', '.join(sorted(made ^ wanted))} or does not"
