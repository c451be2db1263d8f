"""The thin layer over the state and its log: it runs cells, and keeps or takes back all that a cell did.

A cell commits its definitions and its caixas together, or none of them when it fails or is stopped. What it
printed, and what Python did, stays (DESIGN section 5).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.libraries import Library, Resolver, no_libraries
from caixa.lisp.source import Source

from .errors import NoComponent
from .events import CaixaPut, CellRun, ComponentPut, Event, FilePut
from .log import Log
from .state import SessionState, apply

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.lisp.syntax import Form
    from caixa.manifest.package import Package

__all__ = ["Definition", "Outcome", "Session"]


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


class Session:
    """One notebook's caixas and names. Not for several threads: cells run one after another."""

    def __init__(
        self,
        interpreter: Interpreter | None = None,
        clock: Callable[[], float] = time.time,
        libraries: Resolver = no_libraries,
    ) -> None:
        """Begin empty; `clock` gives the seconds since the epoch that the log notes.

        `libraries` finds what a cell imports and the session does not have.
        """
        self.interpreter = Interpreter() if interpreter is None else interpreter
        self.interpreter.define_domain("defcaixa", self._define)
        self.interpreter.define_libraries(self._library)
        self.state = SessionState()
        self.log = Log()
        self._clock, self._libraries = clock, libraries
        self._definitions: list[Definition] = []

    # -- cells ----------------------------------------------------------------------------------------------

    def run(self, text: str, name: str) -> Outcome:
        """Evaluate the forms of `text`, a cell called `name`.

        Raises LispError or InvalidManifest, or lets KeyboardInterrupt through; then nothing of the cell stays.
        """
        with self.transaction():
            value = self.interpreter.evaluate(Source(name, text))
            outcome = Outcome(value, tuple(self._definitions))
            self._record(CellRun(name, text))
        return outcome

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that happens inside, or, if an exception leaves it, nothing."""
        state, log, names = self.state, self.log, self.interpreter.snapshot()
        self._definitions = []
        try:
            yield
        except BaseException:
            self.state, self.log = state, log
            self.interpreter.restore(names)
            raise

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

    def _library(self, nome: str, requirement: str) -> Library:
        from .libraries import find_library  # noqa: PLC0415  # loads the manifest only when something is imported

        return find_library(self.state.packages, self._libraries, nome, requirement)

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
        self.state, self.log = apply(self.state, event), self.log.append(event, self._clock())
