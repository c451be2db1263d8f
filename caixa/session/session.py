"""The thin layer over the state and its log: it runs cells, and keeps or takes back all that a cell did.

A cell commits its definitions and its caixas together, or none of them when it fails or is stopped. What it
printed, and what Python did, stays (DESIGN section 5).

Going back is going on: undo, redo and restore are entries of the log like all others. They take caixas and Lisp
definitions with them; what native objects hold (channels, atoms, files) and what Python cells did, they leave.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from caixa.lisp.compiler.naming import MARK, lisp_name
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.libraries import Library, Resolver, no_libraries
from caixa.lisp.natives.registry import is_native
from caixa.lisp.source import Source

from .errors import ForgottenStep, MoveNotAlone, NoComponent, NothingToMove, SecretInPackage
from .events import CaixaPut, CellRun, ComponentPut, Derived, Event, FilePut, Move, Moved
from .journal import Journal, changed_names, reverse
from .log import GENESIS, Entry, Log, Step
from .secrets import Secrets
from .state import IMPORT, SessionState, apply, returned
from .transcript import Transcript

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.lisp.interpreter import Snapshot
    from caixa.lisp.syntax import Form
    from caixa.manifest.package import Package

__all__ = ["KEEP", "Definition", "Outcome", "Session"]

KEEP: Final = 1000  # steps whose Lisp definitions can be gone back to: some 3 MB where cells are of usual size


@dataclass(frozen=True, slots=True)
class Definition:
    """What a `(defcaixa …)` evaluates to: the package, its digest, and the findings that do not refuse it."""

    package: Package
    digest: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cell came to: the value of its last form, and the caixas it defined, in order."""

    value: object
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """What the step that is being made began with; `cell` is what the person calls it."""

    cell: str
    number: int
    state: SessionState
    log: Log
    journal: Journal
    names: Snapshot


class Session:
    """One notebook's caixas and names. Not for several threads: cells run one after another."""

    def __init__(
        self,
        interpreter: Interpreter | None = None,
        clock: Callable[[], float] = time.time,
        libraries: Resolver = no_libraries,
        *,
        secrets: Secrets | None = None,
        keep: int = KEEP,
    ) -> None:
        """Begin empty; `clock` gives the seconds since the epoch that the log notes.

        `libraries` finds what a cell imports and the session does not have. `secrets` are never logged, by
        default those of the environment. Definitions can be gone back to over `keep` steps.
        """
        self.interpreter = Interpreter() if interpreter is None else interpreter
        self.interpreter.define_domain("defcaixa", self._define)
        self.interpreter.define_libraries(self._library)
        self.state = SessionState()
        self.log = Log()
        self.journal = Journal(keep)
        self.secrets = Secrets() if secrets is None else secrets
        self.interpreter.watch("sops-extract", partial(self.secrets.add, "sops-extract"))
        self.transcript = Transcript()
        self._step: _Step | None = None
        self._clock, self._libraries = clock, libraries
        self._definitions: list[Definition] = []

    # -- cells ----------------------------------------------------------------------------------------------

    def run(self, text: str, name: str) -> Outcome:
        """Evaluate the forms of `text`, a cell called `name`.

        Raises LispError or InvalidManifest, or lets KeyboardInterrupt through; then nothing of the cell stays.
        """
        with self.transaction(name):
            value = self.interpreter.evaluate(Source(name, text))
            outcome = Outcome(value, tuple(self._definitions))
            self.note_cell(text, name)
        return outcome

    def note_cell(self, text: str, name: str, language: str = "lisp") -> None:
        """Log that a cell ran in the present transaction: its text, its language and the names it changed."""
        assert self._step is not None
        changed = changed_names(self._step.names, self.interpreter.snapshot())
        defined = tuple(lisp_name(each) for each in changed if _is_visible(each))
        self._record(CellRun(name, self.secrets.redact(text), language, defined))

    @contextmanager
    def transaction(self, cell: str = "") -> Iterator[None]:
        """Keep all that happens inside, as one step of the log, or, if an exception leaves it, nothing.

        `cell` is what the step is called. A transaction within another belongs to the same step.
        """
        if self._step is not None:
            with self._part():
                yield
            return
        before = self._step = _Step(
            cell, self.log.last_step + 1, self.state, self.log, self.journal, self.interpreter.snapshot()
        )
        self._definitions = []
        try:
            yield
            if self.log is not before.log:
                self.journal = self.journal.add(reverse(before.names, self.interpreter.snapshot()))
        except BaseException:
            self.state, self.log, self.journal = before.state, before.log, before.journal
            self.interpreter.restore(before.names)
            raise
        finally:
            self._step = None

    @contextmanager
    def _part(self) -> Iterator[None]:
        state, log, names = self.state, self.log, self.interpreter.snapshot()
        self._definitions = []
        try:
            yield
        except BaseException:
            self.state, self.log = state, log
            self.interpreter.restore(names)
            raise

    # -- back and forth -------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last change that stands. Raises NothingToMove, ForgottenStep, MoveNotAlone."""
        from .timeline import timeline  # noqa: PLC0415  # most cells only go on

        undoable = timeline(self._steps_before()).undoable
        if not undoable:
            raise NothingToMove("undo")
        self._move(Move.UNDO, undoable[-1].before)

    def redo(self) -> None:
        """Make the change that was undone last once more. Raises as `undo` does."""
        from .timeline import timeline  # noqa: PLC0415  # as above

        redoable = timeline(self._steps_before()).redoable
        if not redoable:
            raise NothingToMove("redo")
        self._move(Move.REDO, redoable[-1].after)

    def restore(self, moment: str) -> None:
        """Make the session what it was after the step `moment` (see Log.find).

        Raises UnknownMoment, ForgottenStep, MoveNotAlone.
        """
        step = Log(self._entries_before()).find(moment)
        self._move(Move.RESTORE, GENESIS if step is None else step.digest)

    def names_at(self, number: int) -> list[str]:
        """Return the names that the program had given by a step. Raises LookupError if they are forgotten."""
        names = self.interpreter.snapshot() if self._step is None else self._step.names
        then = self.journal.at(number, names).main
        given = [
            name for name, value in then.names.items() if not is_native(value)
        ]  # a front end lends natives
        return sorted({lisp_name(name) for name in (*given, *then.macros) if _is_visible(name)})

    def names_between(self, first: int, last: int) -> dict[str, str]:
        """Return the names that came (+), went (-) or changed (~) from one step to another, as `names_at`."""
        names = self.interpreter.snapshot() if self._step is None else self._step.names
        before, after = self.journal.at(first, names), self.journal.at(last, names)
        old, new = ({*each.main.names, *each.main.macros} for each in (before, after))
        signs = {name: "+" if name not in old else "-" if name not in new else "~" for name in old | new}
        changed = changed_names(before, after)
        return {lisp_name(name): signs[name] for name in changed if _is_visible(name)}

    def _entries_before(self) -> tuple[Entry, ...]:
        return (self.log if self._step is None else self._step.log).entries

    def _steps_before(self) -> tuple[Step, ...]:
        return Log(self._entries_before()).steps()

    def _move(self, move: Move, digest: str) -> None:
        with self.transaction():
            assert self._step is not None
            if self.log is not self._step.log:
                raise MoveNotAlone(move.value)
            target = self._target(digest)
            self._record(Moved(move, digest))
            self.state = returned(self._step.state, self.log.state_at(digest))
            self.interpreter.restore(target)

    def _target(self, digest: str) -> Snapshot:
        """Return the definitions after the step of the entry `digest`."""
        assert self._step is not None
        number = next((entry.step for entry in self.log if entry.digest == digest), 0)
        try:
            return self.journal.at(number, self._step.names)
        except LookupError:
            raise ForgottenStep(number, self.journal.oldest) from None

    # -- caixas ---------------------------------------------------------------------------------------------

    def package(self, nome: str) -> Package:
        """Return the caixa `nome`. Raises UnknownCaixa with the nearest name."""
        return self.state.package(nome)

    def previous(self, nome: str) -> Package | None:
        """Return the caixa `nome` as it was before its last change, or None if it has not changed."""
        return self.state.previous.get(nome)

    def add(self, package: Package) -> None:
        """Put a whole package, as opened from a directory, in the place of the caixa of its name."""
        self._put(package)

    def put_file(self, nome: str, path: str, data: bytes) -> None:
        """Write a file of the caixa's virtual tree. Raises UnknownCaixa, UnsafePath."""
        if self.package(nome).files.get(path) != data:
            self._record(FilePut(nome, path, data))

    def members(self, nome: str, requirement: str) -> Package | None:
        """Return the session's caixa `nome` if its version satisfies `requirement`, else None."""
        from caixa.lacre.members import satisfies  # noqa: PLC0415  # a session without a mesh needs none

        package = self.state.packages.get(nome)
        return package if package is not None and satisfies(package, nome, requirement) else None

    # -- components -----------------------------------------------------------------------------------------

    def put_component(self, nome: str, wasm: bytes) -> None:
        """Make `wasm` the component of the caixa. Raises UnknownCaixa."""
        if self.state.components.get(nome) != wasm:
            self._record(ComponentPut(nome, wasm))

    def component(self, nome: str) -> bytes | None:
        """Return the component of the caixa, or None. Raises UnknownCaixa."""
        self.package(nome)
        return self.state.components.get(nome)

    def required_component(self, nome: str) -> bytes:
        """Return the component of the caixa. Raises UnknownCaixa, NoComponent."""
        wasm = self.component(nome)
        if wasm is None:
            raise NoComponent(nome)
        return wasm

    # -- what is made of them -------------------------------------------------------------------------------

    def derive(self, what: str, nome: str) -> None:
        """Note that `what` (a word such as `render`) was made of the caixa, so that it can go stale."""
        from .dependents import parts  # noqa: PLC0415  # a session without caixas derives nothing

        made = self.state.derived.get((what, nome))
        if made is None or dict(made.inputs) != parts(self.state.packages, nome):
            self._record(Derived(what, nome, self._step.cell if self._step else ""))

    def _library(self, nome: str, requirement: str) -> Library:
        from .libraries import find_library  # noqa: PLC0415  # loads the manifest only when something is imported

        found = find_library(self.state.packages, self._libraries, nome, requirement)
        return found._replace(loader=partial(self._load, found)) if nome in self.state.packages else found

    def _load(self, library: Library, path: str) -> Source | None:
        """Load a file of a library of the session, and note that the library is imported as it stands now."""
        source = library.loader(path)
        if source is not None:
            self.derive(IMPORT, library.nome)
        return source

    # -- events ---------------------------------------------------------------------------------------------

    def _define(self, form: Form, source: Source) -> Definition:
        from .definition import define  # noqa: PLC0415  # loads the manifest only when there is one

        definition = define(form, source, self.state.packages)
        self._put(definition.package)
        self._definitions.append(definition)
        return definition

    def _put(self, package: Package) -> None:
        """Record a package, unless it is what stands there already: running a cell again is no change."""
        present = self.state.packages.get(package.nome)
        if present is None or (present.manifest.text, present.files) != (package.manifest.text, package.files):
            self._record(CaixaPut(package))

    def _record(self, event: Event) -> None:
        """Put `event` at the end of the log, and into the state unless it is a move, which does that itself."""
        if self._step is None:
            with self.transaction():
                self._record(event)
            return
        fresh = self.log.entries[len(self._step.log) :]
        moved = next((entry.event for entry in fresh if isinstance(entry.event, Moved)), None)
        if moved is not None:
            raise MoveNotAlone(moved.move.value)
        self._refuse_secrets(event)
        if not isinstance(event, Moved):
            self.state = apply(self.state, event)
        self.log = self.log.append(event, self._clock(), step=self._step.number, cell=self._step.cell)

    def _refuse_secrets(self, event: Event) -> None:
        """Refuse what would put the value of a secret into a caixa, and so into all that is made of it."""
        if isinstance(event, (CellRun, Moved)):
            return
        for nome, path, data in event.contents():
            name = self.secrets.found_in(data)
            if name is not None:
                raise SecretInPackage(nome, path, name)


def _is_visible(identifier: str) -> bool:
    """Whether a program can spell the name; requests for modules stand beside the variables."""
    is_own = identifier.startswith(MARK) and not identifier.startswith(MARK * 2)
    return not is_own and identifier != "__builtins__"
