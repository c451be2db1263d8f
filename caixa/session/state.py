"""What a session holds, as one immutable value, and how an event changes it (DESIGN sections 3.4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from .errors import UnknownCaixa
from .events import CaixaPut, CellRun, ComponentPut, Event, FilePut

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["SessionState", "apply"]

Value = TypeVar("Value")


def _nothing() -> Mapping[str, Value]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SessionState:
    """The caixas by name, each as it was before its last change, and their components."""

    packages: Mapping[str, Package] = field(default_factory=_nothing)
    previous: Mapping[str, Package] = field(default_factory=_nothing)
    components: Mapping[str, bytes] = field(default_factory=_nothing)

    def package(self, nome: str) -> Package:
        """Return the caixa `nome`. Raises UnknownCaixa with the nearest name."""
        package = self.packages.get(nome)
        if package is None:
            raise UnknownCaixa(nome, self.packages)
        return package


def apply(state: SessionState, event: Event) -> SessionState:
    """Return the state after `event`. Raises UnknownCaixa for a file or component of no caixa."""
    match event:
        case CaixaPut(package):
            return _with_package(state, package)
        case FilePut(nome, path, data):
            return _with_package(state, state.package(nome).with_file(path, data))
        case ComponentPut(nome, wasm):
            state.package(nome)
            return replace(state, components=_with(state.components, nome, wasm))
        case CellRun():
            return state


def _with_package(state: SessionState, package: Package) -> SessionState:
    nome = package.nome
    packages, previous = _with(state.packages, nome, package), state.previous
    if nome in state.packages:
        previous = _with(previous, nome, state.packages[nome])
    return replace(state, packages=packages, previous=previous)


def _with(mapping: Mapping[str, Value], key: str, value: Value) -> Mapping[str, Value]:
    return MappingProxyType({**mapping, key: value})
