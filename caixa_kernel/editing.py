"""The language server in the kernel: the same server as `caixa-lsp`, over a comm, for cells.

A front end opens a comm to the target `caixa.lsp` and speaks the protocol over it: the data of each message is
one JSON-RPC message. Cells are documents by whatever URI it gives them. They see what the cells that ran have
defined, as these define it: their sources are one more document, before every cell.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from caixa.lisp.introspection import names
from caixa.session.cells import cells_in_force
from caixa.tools.server.main import Server
from caixa.tools.server.project import Disk, Project
from caixa.tools.server.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from caixa.lisp.requests import Request
    from caixa_magics.notebook import Notebook

__all__ = ["Editing"]

_BEFORE: Final = "caixa-session:cells"


class CellProject(Project):
    """The cells of a notebook, the session that they run in, and the files beside it."""

    def __init__(self, notebook: Notebook) -> None:
        """Look at the session of `notebook`, which goes on meanwhile."""
        super().__init__(Disk())
        self._notebook = notebook

    def language_names(self) -> frozenset[str]:
        """See Project: what Python cells and the front end have defined means something, too."""
        return super().language_names() | frozenset(names(self._notebook.session.interpreter.main))

    def readable(self, path: str, text: str) -> str:
        """See Project: magics are left out of cells."""
        if path == _BEFORE or not _is_cell(path):
            return text
        from caixa_magics.cells import parse_cell  # noqa: PLC0415  # only cells have magics
        from caixa_magics.completion import forms_of  # noqa: PLC0415  # the same

        forms = forms_of(parse_cell(text), text)
        return " " * len(text) if forms is None else forms

    def before(self, path: str) -> str | None:
        """See Project."""
        return _BEFORE if _is_cell(path) and path != _BEFORE else None

    def modules(self, path: str, request: Request, *, is_library: bool) -> list[str]:
        """See Project: what a cell requires lies in the folder that the kernel works in."""
        here = os.path.join(os.getcwd(), "cell") if _is_cell(path) else path
        return super().modules(here, request, is_library=is_library)

    def catch_up(self) -> None:
        """Take in what has run since."""
        ran = "\n".join(source.text for source in cells_in_force(self._notebook.session.log))
        if _BEFORE not in self.open or self.open[_BEFORE].value != ran:
            self.open[_BEFORE] = Text(ran)


def _is_cell(path: str) -> bool:
    return not os.path.isabs(path)


class Editing:
    """One front end that edits: its server, whose messages go through `send`."""

    def __init__(
        self, notebook: Notebook, send: Callable[[dict[str, Any]], None], leave: Callable[[], None]
    ) -> None:
        """Serve the cells of `notebook`; `leave` ends it when the front end says `exit`."""
        self._project = CellProject(notebook)
        self._server = Server(self._project)
        self._send, self._leave = send, leave
        self._server.protocol.set_writer(self, include_headers=False)

    def take(self, message: dict[str, Any]) -> None:
        """Answer a message of the front end (main thread, between cells)."""
        if message.get("method") == "exit":
            self._leave()
            return
        self._project.catch_up()
        self._server.protocol.handle_message(self._server.protocol.structure_message(message))

    def refresh(self) -> None:
        """Look again at every cell: one has run, and what it defined is there now."""
        self._project.catch_up()
        self._server.session.files_changed()
        self._server.tell_later()

    def write(self, data: bytes) -> None:
        """Send a message of the server."""
        self._send(json.loads(data))

    def close(self) -> None:
        """Nothing is held."""
