"""What a run may use: the caixa's `:limits`, with the defaults for what it does not say, in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caixa.manifest.model import Limits

__all__ = ["DEFAULT_MEMORY", "DEFAULT_WALL_CLOCK", "OUTPUT_LIMIT", "RESULT_LIMIT", "UNLIMITED_FUEL", "Budget"]

# Room for a CPython guest (its minimum is 12.3 MiB), and little enough that a runaway cannot hurt the machine.
DEFAULT_MEMORY = 64 << 20
# Long for a cell, short for a person who wonders whether it hangs. It also bounds a run without `:fuel`.
DEFAULT_WALL_CLOCK = 30 * 10**9
# Fuel is a u64 in wasmtime and an i64 inside its counter; no run reaches this in a century.
UNLIMITED_FUEL = (1 << 63) - 1
# What a guest may write to its standard output and error, in bytes; the rest is counted and dropped.
OUTPUT_LIMIT = 1 << 20
# The largest result that is passed on, in bytes of its JSON form.
RESULT_LIMIT = 16 << 20


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one run: bytes of linear memory in all, units of fuel, nanoseconds of wall clock."""

    memory: int = DEFAULT_MEMORY
    fuel: int = UNLIMITED_FUEL
    wall_clock: int = DEFAULT_WALL_CLOCK

    @classmethod
    def of(cls, limits: Limits | None) -> Budget:
        """Return the budget that `:limits` grants; a slot that is absent gets its default."""
        if limits is None:
            return cls()
        given = {"memory": limits.memory, "fuel": limits.fuel, "wall_clock": limits.wall_clock}
        return cls(**{name: min(value, UNLIMITED_FUEL) for name, value in given.items() if value is not None})

    def to_wire(self) -> dict[str, Any]:
        """Return the budget as plain data."""
        return asdict(self)
