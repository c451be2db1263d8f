"""What a session holds, as one immutable value, and how an event changes it (DESIGN sections 3.4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from .dependents import parts
from .errors import UnknownCaixa
from .events import CaixaPut, CellRun, Change, ComponentPut, Derived, FilePut

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["COMPONENT", "IMPORT", "Derivation", "SessionState", "apply", "returned"]

COMPONENT: Final = "component"
IMPORT: Final = "import"

Key = TypeVar("Key")
Value = TypeVar("Value")


def _nothing() -> Mapping[Key, Value]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Derivation:
    """What was made of a caixa, in which cell, and the caixas as they were then: those that it was made of."""

    what: str
    nome: str
    cell: str
    inputs: Mapping[str, Package]


@dataclass(frozen=True, slots=True)
class SessionState:
    """The caixas by name, each as it was before its last change, their components, and what was made."""

    packages: Mapping[str, Package] = field(default_factory=_nothing)
    previous: Mapping[str, Package] = field(default_factory=_nothing)
    components: Mapping[str, bytes] = field(default_factory=_nothing)
    derived: Mapping[tuple[str, str], Derivation] = field(default_factory=_nothing)

    def package(self, nome: str) -> Package:
        """Return the caixa `nome`. Raises UnknownCaixa with the nearest name."""
        package = self.packages.get(nome)
        if package is None:
            raise UnknownCaixa(nome, self.packages)
        return package


def apply(state: SessionState, event: Change) -> SessionState:
    """Return the state after `event`. Raises UnknownCaixa for what belongs to no caixa."""
    match event:
        case CaixaPut(package):
            return _with_package(state, package)
        case FilePut(nome, path, data):
            return _with_package(state, state.package(nome).with_file(path, data))
        case ComponentPut(nome, wasm):
            made = Derivation(COMPONENT, nome, "", {nome: state.package(nome)})
            components = _with(state.components, nome, wasm)
            return replace(state, components=components, derived=_with(state.derived, (COMPONENT, nome), made))
        case Derived(what, nome, cell):
            state.package(nome)
            made = Derivation(what, nome, cell, parts(state.packages, nome))
            return replace(state, derived=_with(state.derived, (what, nome), made))
        case CellRun():
            return state


def returned(now: SessionState, then: SessionState) -> SessionState:
    """Return the state that going back from `now` to `then` leads to: what was handed out stays handed out."""
    held = {key: made for key, made in then.derived.items() if made.what in (COMPONENT, IMPORT)}
    shown = {key: made for key, made in now.derived.items() if made.what not in (COMPONENT, IMPORT)}
    return replace(then, derived=MappingProxyType(held | shown))


def _with_package(state: SessionState, package: Package) -> SessionState:
    nome = package.nome
    packages, previous = _with(state.packages, nome, package), state.previous
    if nome in state.packages:
        previous = _with(previous, nome, state.packages[nome])
    return replace(state, packages=packages, previous=previous)


def _with(mapping: Mapping[Key, Value], key: Key, value: Value) -> Mapping[Key, Value]:
    return MappingProxyType({**mapping, key: value})
