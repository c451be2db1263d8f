"""Values as they lie in the machine's memory, and the values of the language that they are."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from ..errors import LispError
from ..lists import EMPTY, List, Vector
from ..maps import Map, Set
from ..names import Char, Keyword, Symbol
from ..objects import ErrorValue, Promise
from .tables import natives

__all__ = ["Closure", "Memory", "NativeFunction", "Raised", "decode", "read_raised"]

_INT, _OBJECT, _CONSTANT, _CHAR, _SYMBOL, _KEYWORD, _NATIVE = range(0xFFF9, 0x10000)
_PAIR, _CELL, _INTEGER, _STRING, _VECTOR, _MAP, _SET, _CLOSURE, _ERROR, _RAISED, _PROMISE = range(1, 12)
_CONSTANTS: tuple[object, ...] = (None, False, True, EMPTY)
_NATIVE_NAMES = tuple(natives())
_SHOWN = 7  # the word of a code's header with the constant that it prints as
_HIDDEN, _STANDS_FOR_NATIVE = 5, 2  # the word that says whether it is of the library, and stands for a native


class Memory(Protocol):
    """The memory of a machine."""

    def read(self, address: int, count: int) -> bytes:
        """Return `count` bytes from `address`."""

    def name(self, index: int) -> int:
        """Return the address of the text of a symbol or keyword."""

    def constant(self, index: int) -> int:
        """Return the address of a global."""


class Closure:
    """A procedure that lives in a machine, of which nothing is known here but how it prints."""

    __slots__ = ("shown",)
    __lisp_kind__ = "closure"

    def __init__(self, shown: str) -> None:
        """Know how it prints."""
        self.shown = shown

    def __lisp_text__(self) -> str:
        return self.shown


class NativeFunction(Closure):
    """A native, or a function of the library, which the language calls one too."""

    __slots__ = ()
    __lisp_kind__ = "native-fn"


class Raised(NamedTuple):
    """An error that left the machine: what was thrown, the kind of an error of the language, its place."""

    value: object
    kind: str | None
    code: int
    word: int


def read_raised(memory: Memory, bits: int) -> Raised:
    """Return the error that a run ended with."""
    _, _, value, kind, where, _ = struct.unpack("<IIQQQQ", memory.read(bits & 0xFFFFFFFF, 40))
    tag = decode(memory, kind)
    place = where & 0xFFFFFFFFFFFF
    return Raised(
        decode(memory, value), tag.name if isinstance(tag, Keyword) else None, place >> 24, place & 0xFFFFFF
    )


def decode(memory: Memory, bits: int) -> object:
    """Return the value that `bits` stand for; what has parts waits on a list and not on the stack."""
    return _Decoder(memory).decode(bits)


class _Decoder:
    """Decodes one value; objects that are met again are the same object again."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: dict[int, object] = {}

    def decode(self, bits: int) -> object:
        waiting = [bits]
        while waiting:
            each = waiting[-1]
            if not self._is_object(each) or each in self._known:
                waiting.pop()
                continue
            parts = list(self._parts(each))
            missing = [part for part in parts if self._is_object(part) and part not in self._known]
            if missing:
                waiting += missing
                continue
            self._known[each] = self._made(each, [self._simple(part) for part in parts])
            waiting.pop()
        return self._simple(bits)

    @staticmethod
    def _is_object(bits: int) -> bool:
        return bits >> 48 == _OBJECT

    def _header(self, bits: int) -> tuple[int, int]:
        kind, count = struct.unpack("<II", self._memory.read(bits & 0xFFFFFFFF, 8))
        return kind, count

    def _values(self, bits: int, offset: int, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}Q", self._memory.read((bits & 0xFFFFFFFF) + offset, 8 * count))

    def _parts(self, bits: int) -> Iterator[int]:
        """Yield the values that an object is made of, as far as they show here."""
        kind, count = self._header(bits)
        if kind == _PAIR:
            for _ in range(count):
                head, bits = self._values(bits, 8, 2)
                yield head
        elif kind == _VECTOR:
            yield from self._values(bits, 8, count)
        elif kind in {_MAP, _SET}:
            yield from self._values(bits, 8, 2 * count)
        elif kind == _ERROR:
            yield from self._values(bits, 8, 3)
        elif kind == _PROMISE:
            yield from self._values(bits, 8, 2)

    def _simple(self, bits: int) -> object:
        """Return a value that is no object, or one that is known."""
        tag, low = bits >> 48, bits & 0xFFFFFFFF
        if tag < _INT:
            return struct.unpack("<d", struct.pack("<Q", bits))[0]
        if tag == _OBJECT:
            return self._known[bits]
        if tag == _INT:
            number = bits & 0xFFFFFFFFFFFF
            return number - (1 << 48) if number >> 47 else number
        if tag == _CONSTANT:
            return _CONSTANTS[low]
        return _ATOMS[tag](self, low)

    def _text(self, address: int) -> str:
        _, count = struct.unpack("<II", self._memory.read(address, 8))
        return self._memory.read(address + 16, count).decode("utf-8", "surrogatepass")

    def _made(self, bits: int, parts: list[object]) -> object:
        kind, _ = self._header(bits)
        address = bits & 0xFFFFFFFF
        if kind == _STRING:
            return self._text(address)
        if kind == _INTEGER:
            return struct.unpack("<q", self._memory.read(address + 8, 8))[0]
        if kind == _CLOSURE:
            return self._closure(bits)
        return _COMPOUNDS[kind](parts)

    def _closure(self, bits: int) -> Closure:
        (code,) = self._values(bits, 8, 1)
        header = struct.unpack("<9I", self._memory.read(code & 0xFFFFFFFF, 36))
        (shown,) = struct.unpack("<Q", self._memory.read(self._memory.constant(header[_SHOWN]), 8))
        text = self._text(shown & 0xFFFFFFFF)
        return NativeFunction(text) if header[_HIDDEN] == _STANDS_FOR_NATIVE else Closure(text)

    def symbol(self, low: int) -> Symbol:
        return Symbol(self._text(self._memory.name(low)))

    def keyword(self, low: int) -> Keyword:
        return Keyword(self._text(self._memory.name(low)))


def _error(parts: list[object]) -> ErrorValue:
    tag, message, data = parts
    if not (isinstance(tag, Keyword) and isinstance(message, str) and isinstance(data, Vector)):
        raise LispError("the machine's memory is not as it should be")
    items = list(data)
    return ErrorValue(tag, message, zip(items[::2], items[1::2], strict=True))


def _promise(parts: list[object]) -> Promise:
    thunk, value = parts
    promise = Promise(lambda: value)
    if thunk is None:
        promise.force()
    return promise


_ATOMS: dict[int, Callable[[_Decoder, int], object]] = {
    _CHAR: lambda _, low: Char(chr(low)),
    _SYMBOL: _Decoder.symbol,
    _KEYWORD: _Decoder.keyword,
    _NATIVE: lambda _, low: NativeFunction(f"#<native {_NATIVE_NAMES[low]}>"),
}
_COMPOUNDS: dict[int, Callable[[list[object]], object]] = {
    _PAIR: List,
    _VECTOR: Vector,
    _MAP: lambda parts: Map(zip(parts[::2], parts[1::2], strict=True)),
    _SET: lambda parts: Set(parts[::2]),
    _ERROR: _error,
    _PROMISE: _promise,
}
