"""The names that a WebAssembly component imports and exports, read from its bytes.

Layout of the binary as the component model's Binary.md has it. Only names are read: what stands behind a name
is skipped, and so is every section but imports and exports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..errors import MalformedModule

__all__ = ["WasmNames", "wasm_names"]

_MAGIC: Final = b"\0asm"
_MODULE: Final = b"\x01\0\0\0"
_COMPONENT: Final = b"\x0d\0\x01\0"
_IMPORTS, _EXPORTS = 10, 11
_LAST_SECTION: Final = 12


@dataclass(frozen=True, slots=True)
class WasmNames:
    """Whether the bytes are a component (else a core module), and its imports and exports in order."""

    is_component: bool
    imports: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()


def wasm_names(data: bytes, name: str) -> WasmNames:
    """Return what `data`, which errors call `name`, imports and exports. Raises MalformedModule."""
    if data[:4] != _MAGIC:
        raise MalformedModule(name, "it does not begin as WebAssembly does")
    if data[4:8] == _MODULE:
        return WasmNames(is_component=False)
    if data[4:8] != _COMPONENT:
        raise MalformedModule(name, f"its version {data[4:8].hex()} is neither a module's nor a component's")
    reader = _Reader(data, 8, len(data), name)
    found: dict[int, list[str]] = {_IMPORTS: [], _EXPORTS: []}
    while not reader.is_done:
        section, size = reader.byte(), reader.count()
        if section > _LAST_SECTION:
            raise MalformedModule(name, f"it has a section {section}, which there is not")
        inner = reader.part(size)
        if section in found:
            found[section] += inner.names(is_export=section == _EXPORTS)
    return WasmNames(True, tuple(found[_IMPORTS]), tuple(found[_EXPORTS]))  # noqa: FBT003 - is_component


class _Reader:
    """A place in the bytes, and the end that it must not pass."""

    def __init__(self, data: bytes, at: int, end: int, name: str) -> None:
        self._data, self._at, self._end, self._name = data, at, end, name

    @property
    def is_done(self) -> bool:
        return self._at >= self._end

    def byte(self) -> int:
        if self._at >= self._end:
            raise MalformedModule(self._name, "it ends in the middle of a section")
        self._at += 1
        return self._data[self._at - 1]

    def count(self) -> int:
        """Return an unsigned LEB128 of at most 32 bits."""
        value = 0
        for shift in range(0, 35, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise MalformedModule(self._name, "a number in it has more than 32 bits")

    def part(self, size: int) -> _Reader:
        """Return a reader of the next `size` bytes, and go on behind them."""
        start = self._at
        if size > self._end - start:
            raise MalformedModule(self._name, "a section of it is longer than the file")
        self._at += size
        return _Reader(self._data, start, start + size, self._name)

    def names(self, *, is_export: bool) -> list[str]:
        return [self._export() if is_export else self._import() for _ in range(self.count())]

    def _import(self) -> str:
        name = self._extern_name()
        self._skip_type()
        return name

    def _export(self) -> str:
        name = self._extern_name()
        if self.byte() == 0:  # a core item, which has a sort of its own
            self.byte()
        self.count()
        if self.byte() != 0:
            self._skip_type()
        return name

    def _extern_name(self) -> str:
        kind = self.byte()
        if kind not in (0, 1):
            raise MalformedModule(self._name, f"a name of kind {kind} in it is of a later format")
        size = self.count()
        raw = self.part(size)
        try:
            return self._data[raw._at : raw._end].decode()
        except UnicodeDecodeError as error:
            raise MalformedModule(self._name, "a name in it is not UTF-8") from error

    def _skip_type(self) -> None:
        """Skip the type behind a name: of a core module, or a bound of a value or a type, or an index."""
        sort = self.byte()
        if sort == 0:
            self.byte()
        if sort in (2, 3):
            bound = self.byte()
            if sort == 3 and bound == 1:  # a fresh resource
                return
        self.count()
