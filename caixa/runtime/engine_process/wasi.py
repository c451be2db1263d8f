"""The little of WASI preview 1 that gives a core module nothing but a voice: it may print and exit.

Compilers for `wasm32-wasi` link these in whether or not the program uses them. Arguments and environment are
empty, output is kept for the caller, there is one descriptor for output and one for errors, and no other
import of WASI exists: no file, no clock, no random number (an ungranted import is refused by its name).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wasmtime import Caller, FuncType, Linker, Memory, ValType

from ..budget import OUTPUT_LIMIT

__all__ = ["GRANTED", "GuestExit", "Voice", "grant"]

MODULE = "wasi_snapshot_preview1"
_SUCCESS, _BAD_DESCRIPTOR, _FAULT, _INVALID, _SEEK = 0, 8, 21, 28, 70
# IOV_MAX of Linux: what one call may hand over.
_VECTORS_LIMIT = 1024
_PARAMETERS = {
    "args_get": "ii",
    "args_sizes_get": "ii",
    "environ_get": "ii",
    "environ_sizes_get": "ii",
    "fd_close": "i",
    "fd_fdstat_get": "ii",
    "fd_seek": "iIii",
    "fd_write": "iiii",
    "proc_exit": "i",
}
GRANTED = frozenset(f"{MODULE}.{name}" for name in _PARAMETERS)


class GuestExit(Exception):
    """The guest called `proc_exit`."""

    def __init__(self, status: int, voice: Voice) -> None:
        """Carry the status, and what was printed before."""
        super().__init__(status)
        self.status, self.voice = status, voice


@dataclass(slots=True)
class Voice:
    """What the guest printed, up to OUTPUT_LIMIT bytes, and how much more was dropped."""

    written: bytearray
    dropped: int = 0

    def add(self, data: bytes) -> None:
        """Keep what fits."""
        fits = data[: self.room]
        self.written += fits
        self.dropped += len(data) - len(fits)

    @property
    def room(self) -> int:
        """How many bytes more are kept."""
        return OUTPUT_LIMIT - len(self.written)

    def take(self) -> str:
        """Return the output since the last time, and be ready for more."""
        text = self.text
        self.written.clear()
        self.dropped = 0
        return text

    @property
    def text(self) -> str:
        """The output, with a last line that says how much is missing."""
        text = self.written.decode("utf-8", "replace")
        return f"{text}\n… {self.dropped:,} more bytes" if self.dropped else text


def grant(linker: Linker, imports: Iterable[str], voice: Voice) -> None:
    """Define those of `imports` (all granted) in `linker`; output goes to `voice`."""
    answers = _answers(voice)
    for name in {each.removeprefix(f"{MODULE}.") for each in imports}:
        params = [ValType.i64() if letter == "I" else ValType.i32() for letter in _PARAMETERS[name]]
        kind = FuncType(params, [] if name == "proc_exit" else [ValType.i32()])
        linker.define_func(MODULE, name, kind, answers[name], access_caller=True)


def _answers(voice: Voice) -> dict[str, Callable[..., int | None]]:
    def sizes(caller: Caller, first: int, second: int) -> int:
        return _poke(caller, (first, b"\0\0\0\0"), (second, b"\0\0\0\0"))

    def write(caller: Caller, descriptor: int, vectors: int, count: int, answer: int) -> int:
        if descriptor not in {1, 2}:
            return _BAD_DESCRIPTOR
        if not 0 <= count <= _VECTORS_LIMIT:
            return _INVALID
        total = _gather(caller, vectors, count, voice)
        return _FAULT if total is None else _poke(caller, (answer, struct.pack("<I", total & 0xFFFFFFFF)))

    def status(caller: Caller, descriptor: int, answer: int) -> int:
        # A character device that can be written and not sought: what a terminal says of itself.
        shown = struct.pack("<BxHxxxxQQ", 2, 0, 1 << 6, 0)
        return _poke(caller, (answer, shown)) if descriptor in {0, 1, 2} else _BAD_DESCRIPTOR

    def leave(_caller: Caller, code: int) -> None:
        raise GuestExit(code & 0xFF, voice)

    return {
        "args_get": lambda _caller, _vector, _buffer: _SUCCESS,
        "environ_get": lambda _caller, _vector, _buffer: _SUCCESS,
        "args_sizes_get": sizes,
        "environ_sizes_get": sizes,
        "fd_close": lambda _caller, descriptor: _SUCCESS if descriptor in {0, 1, 2} else _BAD_DESCRIPTOR,
        "fd_seek": lambda _caller, descriptor, *_: _SEEK if descriptor in {0, 1, 2} else _BAD_DESCRIPTOR,
        "fd_fdstat_get": status,
        "fd_write": write,
        "proc_exit": leave,
    }


def _poke(caller: Caller, *places: tuple[int, bytes]) -> int:
    memory = _memory(caller)
    for address, data in places:
        start = address & 0xFFFFFFFF
        if memory is None or start + len(data) > memory.data_len(caller):
            return _FAULT
        memory.write(caller, data, start)
    return _SUCCESS


def _gather(caller: Caller, vectors: int, count: int, voice: Voice) -> int | None:
    """Add what the vectors point at to `voice`; return its length, or None when a pointer is wrong."""
    memory, start, total = _memory(caller), vectors & 0xFFFFFFFF, 0
    if memory is None or start + count * 8 > memory.data_len(caller):
        return None
    for address, length in struct.iter_unpack("<II", bytes(memory.read(caller, start, start + count * 8))):
        if address + length > memory.data_len(caller):
            return None
        kept = min(length, voice.room)
        voice.add(bytes(memory.read(caller, address, address + kept)))
        voice.dropped += length - kept
        total += length
    return total


def _memory(caller: Caller) -> Memory | None:
    memory = caller.get("memory")
    return memory if isinstance(memory, Memory) else None
