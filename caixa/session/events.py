"""What can happen in a session: each event is data, and says which bytes of it are hashed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["CaixaPut", "CellRun", "ComponentPut", "Event", "FilePut", "Pairs"]

Pairs = Iterator[tuple[str, bytes]]


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


@dataclass(frozen=True, slots=True)
class CellRun:
    """A cell ran to its end: what it changed stands in the events before this one."""

    name: str
    text: str
    kind: ClassVar[str] = "cell-run"

    def pairs(self) -> Pairs:
        """Yield the cell's name and text."""
        yield "name", self.name.encode()
        yield "text", self.text.encode("utf-8", "surrogatepass")


Event = CaixaPut | FilePut | ComponentPut | CellRun
