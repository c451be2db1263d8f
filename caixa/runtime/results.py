"""What an engine tells: the shape of a module, and what a run gave and used."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["FunctionType", "ModuleInfo", "RunResult"]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """An exported function: parameters as (name, type), results as types, in WIT or core wasm words.

    A function of an exported interface is named `ns:package/interface#function`.
    """

    name: str
    params: tuple[tuple[str, str], ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        params = ", ".join(f"{name}: {kind}" for name, kind in self.params)
        if not self.results:
            return f"{self.name}({params})"
        results = self.results[0] if len(self.results) == 1 else f"({', '.join(self.results)})"
        return f"{self.name}({params}) -> {results}"


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """What a module or component offers and asks for; `form` is `module` or `component`."""

    form: str
    exports: tuple[FunctionType, ...]
    imports: tuple[str, ...]

    def to_wire(self) -> dict[str, Any]:
        """Return the information as plain data."""
        return asdict(self)

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> ModuleInfo:
        """Build the information that `to_wire` described."""
        exports = (
            FunctionType(each["name"], tuple((n, t) for n, t in each["params"]), tuple(each["results"]))
            for each in data["exports"]
        )
        return cls(data["form"], tuple(exports), tuple(data["imports"]))


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a call gave and used.

    `values` are plain (int, float, bool, str, list, dict, None); `fuel_used` is in units; `memory_bytes` is the
    most linear memory held at once; `elapsed` is seconds from instantiation to result, compilation not counted;
    `output` is what the guest printed; `refused_bytes` is the largest total that the memory limit refused while
    the guest went on (None: nothing was refused).
    """

    values: tuple[object, ...]
    fuel_used: int | None
    memory_bytes: int
    elapsed: float
    output: str = ""
    exit_code: int | None = None
    refused_bytes: int | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the result as plain data; large values are not copied."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> RunResult:
        """Build the result that `to_wire` described."""
        return cls(**{**data, "values": tuple(data["values"])})
