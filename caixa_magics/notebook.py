"""A notebook without Jupyter: it runs cells, shows what they make, completes and explains.

The kernel and the IPython extension are thin layers over this; tests drive it with a display of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caixa.lisp.completeness import Completeness, completeness
from caixa.lisp.conditions import Ask, unattended
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.module_files import directory_loader
from caixa.lisp.source import Source, Span
from caixa.session import Session

from .cells import ATOM, Cell, MagicLine, parse_cell
from .display import Display, NotedDisplay
from .magics import Call, find
from .mime import bundle

if TYPE_CHECKING:
    from caixa.lisp.conditions import Answer, Question
    from caixa.lisp.libraries import Library
    from caixa.runtime.engine import Engine
    from caixa.runtime.errors import InvalidModule
    from caixa.session import Definition, SessionState
    from caixa_renderers.graph.model import Graph
    from feira.verbs.graph import Drawing

    from .completion import Completions
    from .guests import Guests
    from .view import View
    from .workspace import SessionWorkspace

__all__ = ["Notebook"]


class Notebook:
    """One notebook's session with its display. Cells run one after another; interrupt comes from any thread."""

    def __init__(self, display: Display, *, session: Session | None = None, ask: Ask = unattended) -> None:
        """Begin with an empty session, unless one is given; everything heavy starts when it is first needed.

        `ask` asks the person for a line of text: how an error that nothing handles is to go on.
        """
        self.display = display
        self.session = _session() if session is None else session
        self.noted = NotedDisplay(display, self.session)
        self.session.interpreter.conditions.choose = self._choose
        self._ask = ask
        self._cells: dict[str, Source] = {}
        self._result: tuple[object, tuple[dict[str, Any], dict[str, Any]]] | None = None

    # -- cells ----------------------------------------------------------------------------------------------

    def run_cell(self, text: str, name: str, *, is_recorded: bool = True) -> object:
        """Run a cell called `name` and return the value to show, None for nothing; see `bundle`.

        Unless it `is_recorded`, it is left out of a recording of the notebook.
        Raises a Reportable for what is wrong with the cell, or lets KeyboardInterrupt through; then the session
        is as it was before.
        """
        self._cells[name] = Source(name, text)
        cell = parse_cell(text)
        session, before = self.session, self.session.state
        session.transcript.begin(name, text, session.log.digest)
        with session.transaction(name):
            value = self._run(cell, self._cells[name])
        if session.state is not before:
            self._tell_consequences(before)
        self._result = None if value is None else (value, self._bundle(value))
        if self._result is not None:
            session.transcript.result(*self._result[1])
        if is_recorded:
            session.transcript.end(session.log.digest)
        return value

    def _run(self, cell: Cell, source: Source) -> object:
        if cell.magic is not None:
            call = Call(cell.magic.line, source, cell.magic.body)
            return find(call, is_cell=True).run(self, call)
        value = None
        for line in cell.lines:
            self._show(value)
            value = self._run_line(line, source)
        if cell.has_forms:
            self._show(value)
            value = self.run_forms(cell.forms, source.name)
        return value

    def _run_line(self, line: MagicLine, source: Source) -> object:
        call = Call(line, source)
        return find(call, is_cell=source.text.startswith("%%", line.start)).run(self, call)

    def run_forms(self, text: str, name: str) -> object:
        """Evaluate `text`, draw and show the caixas that it defines, and return its value."""
        try:
            outcome = self.session.run(text, name)
        except Reportable as error:
            self._draw_refused(error)
            raise
        value = outcome.value
        for definition in outcome.definitions:
            card = self._present(definition)
            if definition is value:
                value = card
            else:
                self._show(card)
        return value

    def _choose(self, question: Question) -> Answer | None:
        """Let the person choose a restart."""
        from .asking import chooser  # noqa: PLC0415  # few errors come with a restart

        return chooser(self._ask, self.sources)(question)

    # -- showing --------------------------------------------------------------------------------------------

    def bundle(self, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the MIME bundle of the last cell's value, and its metadata, without the values of secrets."""
        is_result = self._result is not None and self._result[0] is value
        return self._result[1] if self._result is not None and is_result else self._bundle(value)

    def _bundle(self, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = bundle(value)
        return self.session.secrets.redact_data(data), metadata

    def show(self, value: object) -> None:
        """Show `value` under the running cell."""
        self.noted.show(*bundle(value))

    def _show(self, value: object) -> None:
        if value is not None:
            self.show(value)

    def _tell_consequences(self, before: SessionState) -> None:
        """Tell what a change of a caixa means for the others, and for what was made of it."""
        from caixa.session.staleness import consequences  # noqa: PLC0415  # most cells change no caixa

        found = consequences(before, self.session.state)
        if found:
            self.show(found)

    def _present(self, definition: Definition) -> object:
        """Draw the graph of a mesh or a tree, and return the card of any caixa."""
        from .drawing import card_of, graph_of  # noqa: PLC0415  # only cells that define a caixa need it

        graph = graph_of(definition.package.reading, self.session.members)
        if graph is not None:
            self._show(self.drawn(graph))
        return card_of(definition, self.session, self.sources())

    def _draw_refused(self, error: Reportable) -> None:
        """Draw a mesh that is refused, with what refuses it marked, before its errors are shown."""
        reading = getattr(error, "reading", None)
        if reading is None or reading.caixa is None:
            return
        from .drawing import graph_of  # noqa: PLC0415  # only refused caixas need it

        graph = graph_of(reading, self.session.members)
        if graph is not None:
            self._show(self.drawn(graph))

    def drawn(self, graph: Graph) -> View:
        """Return a graph as text, dot, SVG and HTML."""
        from .drawing import draw  # noqa: PLC0415  # only graphs need it

        return draw(graph, self.engine)

    def pictured(self, drawing: Drawing) -> View | Drawing:
        """Return the answer of `%caixa graph` with its picture, unless it was asked for as text."""
        return drawing if drawing.form in ("mermaid", "dot", "json") else self.drawn(drawing.model)

    def sources(self) -> Mapping[str, Source]:
        """Return every text that an error may point into, by name."""
        manifests = {
            package.manifest.name: package.manifest for package in self.session.state.packages.values()
        }
        return {**manifests, **self._cells, **self.session.interpreter.sources}

    # -- components -----------------------------------------------------------------------------------------

    @cached_property
    def engine(self) -> Engine:
        """The process in which wasm runs and graphs are laid out; it starts with its first call."""
        from caixa.runtime.engine import Engine  # noqa: PLC0415  # most cells need none

        return Engine()

    def assemble(self, call: Call) -> bytes:
        """Return the wasm of the WAT text below a magic. Raises InvalidModule, at its place in the cell."""
        from caixa.runtime.errors import InvalidModule  # noqa: PLC0415  # only components need it

        try:
            return self.engine.wat(call.blanked_body)
        except InvalidModule as error:
            error.diagnostics = tuple(each._replace(span=_place(error, call)) for each in error.diagnostics)
            raise

    @cached_property
    def guests(self) -> Guests:
        """The names that Python and Hy cells share with Lisp."""
        from .guests import Guests  # noqa: PLC0415  # most notebooks have no such cell

        return Guests(self.session.interpreter.python)

    @cached_property
    def workspace(self) -> SessionWorkspace:
        """The session as the verbs see it."""
        from .workspace import SessionWorkspace  # noqa: PLC0415  # the verbs are loaded with the first of them

        return SessionWorkspace(self)

    # -- the editor -----------------------------------------------------------------------------------------

    def completeness(self, text: str) -> Completeness:
        """Say whether a cell can be run, needs more text, or is wrong; a cell magic ends with a blank line."""
        cell = parse_cell(text)
        if cell.magic is None:
            return completeness(cell.forms)
        return Completeness("complete" if text.endswith("\n\n") else "incomplete", "")

    def complete(self, text: str, cursor: int) -> Completions:
        """Return what may stand at `cursor`, in code points; safe while a cell runs."""
        from .completion import complete  # noqa: PLC0415  # loaded by the first Tab

        return complete(self, text, cursor)

    def inspect(self, text: str, cursor: int) -> dict[str, str] | None:
        """Return the documentation of what stands at `cursor` as a MIME bundle, or None."""
        from .inspection import inspect  # noqa: PLC0415  # loaded by the first Shift-Tab

        return inspect(self, text, cursor)

    # -- the end --------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop what the running cell waits for outside of Python: a call of the engine. From any thread."""
        engine = self.__dict__.get("engine")
        if engine is not None:
            engine.interrupt()

    def close(self) -> None:
        """End the engine, if it was started."""
        engine = self.__dict__.get("engine")
        if engine is not None:
            engine.close()


def _session() -> Session:
    """Return an empty session whose modules and lock file are those of the notebook's directory."""
    here = Path.cwd()

    def locked(nome: str, requirement: str) -> Library:
        from caixa.lacre.libraries import libraries_beside  # noqa: PLC0415  # most notebooks import nothing

        return libraries_beside(here)(nome, requirement)

    return Session(Interpreter(loader=directory_loader(here)), libraries=locked)


def _place(error: InvalidModule, call: Call) -> Span:
    """Return the place of what the assembler refused, or of the magic's line where it did not say."""
    if not error.line or error.column is None:
        return call.span
    start = call.source.offset_at(error.line, 0)
    line = call.source.line(error.line)
    at = start + len(line[: error.column - 1].encode())
    rest = ATOM.match(line[error.column - 1 :])
    return Span(call.source.name, at, at + (len(rest.group().encode()) if rest else 1))
