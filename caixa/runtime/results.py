"""What an engine tells: the shape of a module, and what a run gave and used."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["FunctionType", "ModuleInfo", "RunResult", "UnitStatus"]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function: parameters as (name, type), results as types, in WIT or core wasm words.

    A function of an interface is named `ns:package/interface#function`. `is_plain` is false for one that passes
    a resource, stream or future: which one that is, its type does not tell.
    """

    name: str
    params: tuple[tuple[str, str], ...]
    results: tuple[str, ...]
    is_plain: bool = True

    def __str__(self) -> str:
        params = ", ".join(f"{name}: {kind}" for name, kind in self.params)
        if not self.results:
            return f"{self.name}({params})"
        results = self.results[0] if len(self.results) == 1 else f"({', '.join(self.results)})"
        return f"{self.name}({params}) -> {results}"


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """What a module or component offers and asks for; `form` is `module` or `component`.

    `imports` are the names of what it imports, `asks` the functions in it, of a component alone.
    """

    form: str
    exports: tuple[FunctionType, ...]
    imports: tuple[str, ...]
    asks: tuple[FunctionType, ...] = ()

    def to_wire(self) -> dict[str, Any]:
        """Return the information as plain data."""
        return asdict(self)

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> ModuleInfo:
        """Build the information that `to_wire` described."""
        exports, asks = (tuple(map(_function, data[key])) for key in ("exports", "asks"))
        return cls(data["form"], exports, tuple(data["imports"]), asks)


def _function(data: dict[str, Any]) -> FunctionType:
    params = tuple((name, kind) for name, kind in data["params"])
    return FunctionType(data["name"], params, tuple(data["results"]), data["is_plain"])


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


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """What a live unit has used since it was opened.

    `fuel_used` is in units, `elapsed` in seconds that it ran; `memory_bytes` is the linear memory that it holds
    and `memory_peak` the most that it held.
    """

    unit: int
    calls: int
    fuel_used: int
    elapsed: float
    memory_bytes: int
    memory_peak: int

    def to_wire(self) -> dict[str, Any]:
        """Return the status as plain data."""
        return asdict(self)
