"""`run`: a function of a Servico's component under the limits of its manifest, or a program of a Binario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caixa.manifest.codecs import print_bytes
from caixa.manifest.model import Kind

from ..errors import NotRunnable
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.runtime.results import ModuleInfo, RunResult

    from ..programs import Finished

__all__ = ["Exports", "Ran", "run"]


@dataclass(frozen=True, slots=True)
class Ran(Result):
    """The values that a call gave, and what it used; its text leaves out the time, which is never the same."""

    nome: str
    function: str
    arguments: tuple[str, ...]
    result: RunResult

    def pieces(self) -> Iterator[Piece]:
        """Yield what the guest printed, its values one a line, and what it used."""
        if self.result.output:
            yield Piece(self.result.output.rstrip("\n") + "\n", is_aside=True)
        for value in self.result.values:
            yield Piece(_shown(value) + "\n")
        yield aside(", ".join(self._used()), Role.MUTED)

    def _used(self) -> Iterator[str]:
        if self.result.fuel_used is not None:
            yield f"fuel {self.result.fuel_used:,}"
        yield f"memory {print_bytes(self.result.memory_bytes)}"

    def to_json(self) -> dict[str, Any]:
        """Return the values and what was used; `elapsed` is in seconds."""
        return {
            "nome": self.nome,
            "function": self.function,
            "arguments": list(self.arguments),
            "values": [_plain(value) for value in self.result.values],
            "output": self.result.output,
            "fuelUsed": self.result.fuel_used,
            "memoryBytes": self.result.memory_bytes,
            "elapsed": self.result.elapsed,
        }


@dataclass(frozen=True, slots=True)
class Exports(Result):
    """The functions that a component has."""

    nome: str
    info: ModuleInfo

    def pieces(self) -> Iterator[Piece]:
        """Yield one line for each function."""
        yield aside(f"{self.nome} is a {self.info.form} with", Role.MUTED)
        for function in self.info.exports:
            yield Piece(f"{function}\n")

    def to_json(self) -> dict[str, Any]:
        """Return the functions with their types."""
        return {"nome": self.nome, **self.info.to_wire()}


def run(
    workspace: Workspace,
    subject: str | None = None,
    function: str | None = None,
    words: Sequence[str] = (),
    component: str | None = None,
) -> Ran | Exports | Finished:
    """Call `function` with `words` as arguments, or without a function list those that the component has.

    Of a Binario, `function` is a program. Raises NotRunnable for another kind, ComponentMissing, FileProblem,
    UsageProblem, what a program raises, and the engine's errors: InvalidModule, UnknownFunction, BadArguments,
    or the Violation of a limit.
    """
    package = workspace.package(subject)
    if package.caixa.kind is Kind.BINARIO:
        from ..programs import run_program  # noqa: PLC0415 - a component needs no interpreter

        return run_program(workspace, package, subject, function, words)
    if package.caixa.kind is not Kind.SERVICO:
        raise NotRunnable(package.nome, package.caixa.kind, or_programs=True)
    wasm = workspace.component(package, component)
    if function is None:
        return Exports(package.nome, workspace.engine().inspect(wasm))
    result = workspace.engine().run(wasm, function, list(words), package.caixa.limits)
    return Ran(package.nome, function, tuple(words), result)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a component's value as JSON has it; bytes and other values of no JSON form as text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
