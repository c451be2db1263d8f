"""What can happen in a session: each event is data, and says which bytes of it are hashed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = [
    "CaixaPut",
    "CellRun",
    "Change",
    "ComponentPut",
    "Derived",
    "Event",
    "FilePut",
    "Move",
    "Moved",
    "Pairs",
]

Pairs = Iterator[tuple[str, bytes]]
Contents = Iterator[tuple[str, str, bytes]]


@dataclass(frozen=True, slots=True)
class CaixaPut:
    """A caixa is defined, redefined or opened: the whole package, as it is from now on."""

    package: Package
    kind: ClassVar[str] = "caixa-put"

    def pairs(self) -> Pairs:
        """Yield the manifest's text and every file, by path."""
        yield "manifest", self.package.manifest.text.encode()
        for path in sorted(self.package.files):
            yield "path", path.encode()
            yield "data", self.package.files[path]

    def contents(self) -> Contents:
        """Yield what comes to stand in a caixa: its name, the path, and the bytes."""
        nome = self.package.nome
        yield nome, "caixa.lisp", self.package.manifest.text.encode("utf-8", "replace")
        for path, data in self.package.files.items():
            yield nome, path, data


@dataclass(frozen=True, slots=True)
class FilePut:
    """A file of a caixa's virtual tree is written."""

    nome: str
    path: str
    data: bytes
    kind: ClassVar[str] = "file-put"

    def pairs(self) -> Pairs:
        """Yield whose file it is, its path and its bytes."""
        yield "nome", self.nome.encode()
        yield "path", self.path.encode()
        yield "data", self.data

    def contents(self) -> Contents:
        """Yield the one file, as CaixaPut does."""
        yield self.nome, self.path, self.data


@dataclass(frozen=True, slots=True)
class ComponentPut:
    """A caixa gets the component that runs for it."""

    nome: str
    wasm: bytes
    kind: ClassVar[str] = "component-put"

    def pairs(self) -> Pairs:
        """Yield whose component it is, and its bytes."""
        yield "nome", self.nome.encode()
        yield "wasm", self.wasm

    def contents(self) -> Contents:
        """Yield the component, as CaixaPut does a file."""
        yield self.nome, "the component", self.wasm


@dataclass(frozen=True, slots=True)
class Derived:
    """Something was made of a caixa and handed out: manifests, a digest, a library that Lisp imported.

    `cell` says where it can be seen; like a time it is noted, not hashed.
    """

    what: str
    nome: str
    cell: str = field(default="", compare=False)
    kind: ClassVar[str] = "derived"

    def pairs(self) -> Pairs:
        """Yield what was made, and of which caixa."""
        yield "what", self.what.encode()
        yield "nome", self.nome.encode()

    def contents(self) -> Contents:
        """Yield nothing: no caixa changes."""
        yield from ()


@dataclass(frozen=True, slots=True)
class CellRun:
    """A cell ran to its end: the caixas it changed stand in the events before this one.

    Hashed are the text and its language, so that the same cells make the same digest wherever they run; the
    name of the cell, and the Lisp names that it `defined`, are notes.
    """

    name: str = field(compare=False)
    text: str
    language: str = "lisp"
    defined: tuple[str, ...] = field(default=(), compare=False)
    kind: ClassVar[str] = "cell-run"

    def pairs(self) -> Pairs:
        """Yield the cell's language and text."""
        yield "language", self.language.encode()
        yield "text", self.text.encode("utf-8", "surrogatepass")


class Move(StrEnum):
    """The ways back and forth in a session."""

    UNDO = "undo"
    REDO = "redo"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Moved:
    """The session is, from now on, again what it was after the entry `digest`."""

    move: Move
    digest: str
    kind: ClassVar[str] = "moved"

    def pairs(self) -> Pairs:
        """Yield how, and where to."""
        yield "move", self.move.value.encode()
        yield "digest", self.digest.encode()


Change = CaixaPut | FilePut | ComponentPut | Derived | CellRun
Event = Change | Moved
