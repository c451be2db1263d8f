"""A program of a Binario, run as `caixa-lisp` would run it, with its modules and its locked libraries."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from caixa.lisp.source import Source

from .declaration import wants_json
from .errors import FileProblem, UsageProblem
from .results import Piece, Result, Role, aside
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["Finished", "run_program"]


@dataclass(frozen=True, slots=True)
class Finished(Result):
    """How a program ended; `output` is what it printed where that was not shown as it came."""

    nome: str
    program: str
    arguments: tuple[str, ...]
    status: int
    output: str

    @property
    def exit_status(self) -> int:
        """The program's own."""
        return self.status

    @property
    def ok(self) -> bool:
        """Whether it ended with 0."""
        return self.status == 0

    def pieces(self) -> Iterator[Piece]:
        """Yield what was not shown yet, and the status unless it is 0."""
        if self.output:
            yield Piece(self.output)
        if not self.ok:
            yield aside(f"✗ {self.program} of {self.nome} ended with {self.status}", Role.ERROR)

    def to_json(self) -> dict[str, Any]:
        """Return how it ended and what it printed."""
        return {
            "nome": self.nome,
            "program": self.program,
            "arguments": list(self.arguments),
            "status": self.status,
            "output": self.output,
        }


def run_program(
    workspace: Workspace, package: Package, subject: str | None, name: str | None, words: Sequence[str]
) -> Finished:
    """Run the program `name` of a Binario, by default its only one, with `words` as `(argv)`.

    Raises UsageProblem for another name, FileProblem, and what the program raises.
    """
    path = _program_called(package, name)
    source = _source(package, path)
    with ExitStack() as stack:
        printed = stack.enter_context(redirect_stdout(io.StringIO())) if wants_json() else io.StringIO()
        status = _status(workspace, subject, source, words)
    sys.stdout.flush()
    return Finished(package.nome, path, tuple(words), status, printed.getvalue())


def _program_called(package: Package, name: str | None) -> str:
    programs = {PurePosixPath(path).stem: path for path in package.caixa.exe}
    if name is None and len(programs) == 1:
        return next(iter(programs.values()))
    if name in programs:
        return programs[name]
    message = f"{package.nome} has no program {name!r}" if name else f"{package.nome} has several programs"
    raise UsageProblem(message, usage="run NAME [-- ARGUMENT...]", fix=f"name one of {', '.join(programs)}")


def _source(package: Package, path: str) -> Source:
    name = (PurePosixPath(package.manifest.name).parent / path).as_posix()
    try:
        return Source(name, package.files[path].decode().removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise FileProblem.not_utf8(name, error.start) from error


def _status(workspace: Workspace, subject: str | None, source: Source, words: Sequence[str]) -> int:
    """Run a program to its end and return its exit status, that of `(exit n)` or 0."""
    from caixa.lisp.interpreter import Interpreter  # noqa: PLC0415 - most verbs run no Lisp

    interpreter = Interpreter(loader=workspace.modules(subject, source.name), args=words)
    interpreter.define_libraries(workspace.libraries())
    try:
        interpreter.evaluate(source)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
