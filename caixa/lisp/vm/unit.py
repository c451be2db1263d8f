"""What the machine loads at once: values to be made and code, as 32-bit words (`c/loading.c` reads them)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from ..lists import List, Vector
from ..maps import Map, Set
from ..names import Char, Keyword, Symbol
from ..objects import ErrorValue
from .errors import NotInMachine

__all__ = ["Unit"]

_KINDS = (
    "nil", "false", "true", "empty", "integer", "float", "string", "symbol", "keyword", "char", "list",
    "vector", "map", "set", "error", "native", "unbound", "closure", "store", "code", "end",
)  # fmt: skip
_NUMBER = {name: number for number, name in enumerate(_KINDS)}
_INTEGERS = range(-(2**63), 2**63)


class Unit:
    """Instructions for the loader, written one after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._words: list[bytes] = []

    def add(self, kind: str, operand: int = 0, data: bytes = b"") -> None:
        """Add an instruction, and data that is padded to whole words."""
        self._words.append(struct.pack("<II", _NUMBER[kind], operand) + data + bytes(-len(data) % 4))

    def value(self, value: object) -> None:
        """Make `value` on the loader's stack. Raises NotInMachine if there is no such value there."""
        if value is None or value is True or value is False:
            self.add("nil" if value is None else "true" if value else "false")
            return
        write = _WRITERS.get(type(value))
        if write is None:
            raise NotInMachine(f"constant of type {type(value).__name__}")
        write(self, value)

    def store(self, value: object, index: int) -> None:
        """Put `value` into the global `index`."""
        self.value(value)
        self.add("store", index)

    def native(self, number: int, index: int) -> None:
        """Put a native into the global `index`."""
        self.add("native", number)
        self.add("store", index)

    def closure(self, code: int, index: int) -> None:
        """Put a closure of the code in the global `code`, which captures nothing, into the global `index`."""
        self.add("closure", code)
        self.add("store", index)

    def code(self, header: Sequence[int], words: Sequence[int], index: int) -> None:
        """Add code, whose address goes to the global `index`."""
        data = struct.pack(f"<{1 + len(header) + len(words)}I", len(words), *header, *words)
        self.add("code", index, data)

    def finished(self, globals_: int) -> bytes:
        """Return all of it; there are `globals_` globals then."""
        self.add("end")
        return struct.pack("<I", globals_) + b"".join(self._words)

    # -- values ----------------------------------------------------------------------------------------------

    def _integer(self, value: int) -> None:
        if value not in _INTEGERS:
            raise NotInMachine("integer beyond 64 bits")
        self.add("integer", 0, struct.pack("<q", value))

    def _float(self, value: float) -> None:
        self.add("float", 0, struct.pack("<d", value))

    def _string(self, value: str) -> None:
        data = value.encode("utf-8", "surrogatepass")
        self.add("string", len(data), data)

    def _named(self, value: Symbol | Keyword) -> None:
        self._string(value.name)
        self.add("symbol" if isinstance(value, Symbol) else "keyword")

    def _char(self, value: Char) -> None:
        self.add("char", ord(value.name))

    def _sequence(self, value: List | Vector) -> None:
        items = list(value)
        if not items and isinstance(value, List):
            self.add("empty")
            return
        for item in items:
            self.value(item)
        self.add("list" if isinstance(value, List) else "vector", len(items))

    def _map(self, value: Map) -> None:
        for key, held in value.items():
            self.value(key)
            self.value(held)
        self.add("map", 2 * len(value))

    def _set(self, value: Set) -> None:
        for member in value:
            self.value(member)
            self.add("true")
        self.add("set", 2 * len(value))

    def _error(self, value: ErrorValue) -> None:
        self.value(value.tag)
        self.value(value.message)
        self.value(Vector([part for pair in value.data for part in pair]))
        self.add("error")


_WRITERS: dict[type, Callable[[Unit, Any], None]] = {
    int: Unit._integer,
    float: Unit._float,
    str: Unit._string,
    Symbol: Unit._named,
    Keyword: Unit._named,
    Char: Unit._char,
    List: Unit._sequence,
    Vector: Unit._sequence,
    Map: Unit._map,
    Set: Unit._set,
    ErrorValue: Unit._error,
}
