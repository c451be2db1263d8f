"""The Lisp machine in wasmtime: one instance, whose memory is capped and which imports nothing at all."""

from __future__ import annotations

from functools import cache
from typing import Any

import wasmtime

from caixa.lisp.vm.errors import MachineExhausted
from caixa.lisp.vm.tables import MACHINE

__all__ = ["MEMORY_CAP", "LispMachine"]

MEMORY_CAP = 64 << 20  # bytes, of which a collection needs up to half for itself
_OUT_OF_MEMORY = 3


@cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    engine = wasmtime.Engine()
    return engine, wasmtime.Module(engine, MACHINE.read_bytes())


class LispMachine:
    """An instance of the machine: the `Engine` that caixa.lisp.vm runs programs on."""

    def __init__(self, memory_cap: int = MEMORY_CAP) -> None:
        """Make one whose memory grows to `memory_cap` bytes at most."""
        engine, module = _compiled()
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=memory_cap, instances=1, memories=1)
        instance = wasmtime.Instance(self._store, module, [])
        self._exports: dict[str, Any] = dict(instance.exports(self._store).items())
        self._memory: wasmtime.Memory = self._exports["memory"]
        self._exports["_initialize"](self._store)
        self._status = self.call("status_address")

    @property
    def memory_size(self) -> int:
        """How many bytes of memory the machine has taken."""
        return self._memory.data_len(self._store)

    def call(self, name: str, *arguments: int) -> int:
        """See Engine."""
        try:
            answer: int | None = self._exports[name](self._store, *arguments)
        except wasmtime.Trap:
            if int.from_bytes(self.read(self._status, 4), "little") == _OUT_OF_MEMORY:
                raise MachineExhausted("memory") from None
            raise
        return 0 if answer is None else answer

    def read(self, address: int, count: int) -> bytes:
        """See Memory."""
        return bytes(self._memory.read(self._store, address, address + count))

    def write(self, address: int, data: bytes) -> None:
        """See Engine."""
        self._memory.write(self._store, data, address)

    def name(self, index: int) -> int:
        """See Memory."""
        return self.call("name_at", index)

    def constant(self, index: int) -> int:
        """See Memory."""
        return self.call("global_at", index)
