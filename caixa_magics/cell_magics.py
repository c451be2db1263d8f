"""Magics that take the rest of the cell: files of a caixa, its component, and other languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .errors import MagicUsage
from .language_verbs import expand_body
from .magics import Call, Magic, find

if TYPE_CHECKING:
    from feira.verbs.load import Loaded

    from .notebook import Notebook

__all__ = ["MAGICS", "FileWritten"]


@dataclass(frozen=True, slots=True)
class FileWritten:
    """What `%%file` answers: whose file, where, how large, and whether it is new, changed or as it was."""

    nome: str
    path: str
    size: int
    change: str

    def text(self) -> str:
        """Return one line."""
        return f"{self.nome}: {self.path} {self.change}, {self.size} bytes"


def _file(notebook: Notebook, call: Call) -> FileWritten:
    nome, path = FILE.words(notebook, call, 2, 2)
    if path == "caixa.lisp":
        raise MagicUsage(
            "the manifest of a caixa is not written as a file",
            call.span_of(call.words[1]),
            fix="Run its (defcaixa …) form in a cell.",
        )
    data = call.body.encode("utf-8", "surrogatepass")
    before = notebook.session.package(nome).files.get(path)
    notebook.session.put_file(nome, path, data)
    change = "written" if before is None else "unchanged" if before == data else "changed"
    return FileWritten(nome, path, len(data), change)


def _wasm(notebook: Notebook, call: Call) -> Loaded:
    from feira.verbs.load import accept  # noqa: PLC0415  # only components need it

    (nome,) = WASM.words(notebook, call, 1, 1)
    package = notebook.session.package(nome)
    return accept(notebook.workspace, package, notebook.assemble(call))


def _caixa(notebook: Notebook, call: Call) -> object:
    """Evaluate Lisp; `%%caixa file …` and the like are the other magics, where their names are taken."""
    if call.words:
        name, *words = call.words
        other = call._replace(line=call.line._replace(name=name.text, words=tuple(words)))
        return find(other, is_cell=True).run(notebook, other)
    return notebook.run_forms(call.blanked_body, call.source.name)


def _python(notebook: Notebook, call: Call) -> object:
    PYTHON.words(notebook, call, 0, 0)
    value = notebook.guests.run_python(call.source, call.lowered_body)
    notebook.session.note_cell(call.body, call.source.name, "python")
    return value


def _hy(notebook: Notebook, call: Call) -> object:
    HY.words(notebook, call, 0, 0)
    value = notebook.guests.run_hy(call.source, call.lowered_body)
    notebook.session.note_cell(call.body, call.source.name, "hy")
    return value


FILE: Final = Magic(
    "%%file",
    "%%file NAME PATH",
    "Write the rest of the cell into the virtual tree of a caixa: a source, a ComputeUnit, a WIT file.",
    _file,
)
WASM: Final = Magic(
    "%%wasm", "%%wasm NAME", "Assemble the rest of the cell, WAT text, into the component of a caixa.", _wasm
)
CAIXA: Final = Magic(
    "%%caixa", "%%caixa [file NAME PATH | wasm NAME]", "Evaluate the rest of the cell as Lisp.", _caixa
)
PYTHON: Final = Magic(
    "%%python", "%%python", "Run the rest of the cell as Python, with the session's names.", _python
)
HY: Final = Magic("%%hy", "%%hy", "Run the rest of the cell as Hy, with the session's names.", _hy)

EXPAND: Final = Magic(
    "%%expand",
    "%%expand [--all] [--json]",
    "Show each step in which the macro calls of the form below are expanded.",
    expand_body,
)

MAGICS: Final = (FILE, WASM, CAIXA, PYTHON, HY, EXPAND)
