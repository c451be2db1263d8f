"""Every byte of guest memory is ours to give: an account per guest, over all its linear memories and GC heaps.

`Store.set_limits` caps each memory by itself, tells nobody that it refused, and says nothing about a memory
that is not exported. wasmtime also lets the host provide the memories, by a call that wasmtime-py binds and
does not wrap (`wasmtime_config_host_memory_creator_set`): address space is reserved once, pages become usable
as the guest grows into them, and a request over the cap is refused *and remembered*. So a guest's peak is exact
and MemoryExceeded is a fact, for core modules and components alike.

Copy-on-write images need wasmtime's own memories, so `memory_init_cow` has to be off in the same Config.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from wasmtime import Config
from wasmtime import _ffi as ffi

__all__ = ["Account", "MemoryBank"]

_MAP_NORESERVE = 0x4000
_CALLBACKS: dict[str, Any] = {name: kind for name, kind, *_ in ffi.wasmtime_linear_memory._fields_}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *(ctypes.c_int,) * 3, ctypes.c_long]
_libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_MAP_FAILED = ctypes.c_void_p(-1).value


@dataclass(slots=True)
class Account:
    """What one guest holds, in bytes: now, at most, and the largest total it asked for in vain."""

    cap: int
    held: int = 0
    peak: int = 0
    refused: int | None = None

    def take(self, size: int) -> bool:
        """Add `size` bytes if the cap allows it."""
        if self.held + size > self.cap:
            self.refused = max(self.refused or 0, self.held + size)
            return False
        self.held += size
        self.peak = max(self.peak, self.held)
        return True


@dataclass(slots=True)
class _Memory:
    """One reserved range: `size` of `capacity` bytes are usable, `length` are mapped, guard included."""

    account: Account
    address: int
    size: int
    capacity: int
    length: int


class MemoryBank:
    """Gives memory to the guests of one wasmtime engine, at the expense of the account that is open."""

    def __init__(self) -> None:
        """Start with no account open: nothing is given outside `charging`."""
        self._account = Account(0)
        self._live: dict[int, _Memory] = {}
        self._numbers = count(1)
        # ctypes callbacks live as long as the engine that calls them.
        self._size = _CALLBACKS["get_memory"](self._tell)
        self._grow = _CALLBACKS["grow_memory"](self._grow_memory)
        self._free = _CALLBACKS["finalizer"](self._free_memory)
        self._creator = creator = cast("Any", ffi.wasmtime_memory_creator_t())
        creator.new_memory = ffi.wasmtime_new_memory_callback_t(self._new_memory)

    def attach(self, config: Config) -> None:
        """Make every memory of engines with this configuration come from here."""
        config.memory_init_cow = False
        ffi.wasmtime_config_host_memory_creator_set(config.ptr(), ctypes.byref(self._creator))

    @contextmanager
    def charging(self, account: Account) -> Iterator[None]:
        """Charge memories made in the block to `account`, on which they stay for as long as they live."""
        outer, self._account = self._account, account
        try:
            yield
        finally:
            self._account = outer

    # The four callbacks. None may raise: ctypes would print it and go on as if it had worked.

    def _new_memory(
        self, _env: object, _type: object, minimum: int, _maximum: int, reserved: int, guard: int, answer: Any
    ) -> int:
        account = self._account
        if not account.take(minimum):
            return _error(b"memory limit of the caixa")
        capacity = max(reserved, minimum)
        address = _reserve(capacity + guard)
        if address is None or not _open(address, minimum):
            account.held -= minimum
            return _error(b"the machine has no address space left")
        number = next(self._numbers)
        self._live[number] = _Memory(account, address, minimum, capacity, capacity + guard)
        memory = answer.contents
        memory.env, memory.get_memory, memory.grow_memory = number, self._size, self._grow
        memory.finalizer = self._free
        return 0

    def _tell(self, number: int, size: Any, capacity: Any) -> int:
        memory = self._live[number]
        size[0], capacity[0] = memory.size, memory.capacity
        return memory.address

    def _grow_memory(self, number: int, size: int) -> int:
        memory = self._live[number]
        if size > memory.capacity or not memory.account.take(size - memory.size):
            return _error(b"memory limit of the caixa")
        if not _open(memory.address, size):
            memory.account.held -= size - memory.size
            return _error(b"the machine has no memory left")
        memory.size = size
        return 0

    def _free_memory(self, number: int) -> None:
        memory = self._live.pop(number)
        memory.account.held -= memory.size
        _libc.munmap(memory.address, memory.length)


def _reserve(length: int) -> int | None:
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_NORESERVE
    address: int = _libc.mmap(None, length, 0, flags, -1, 0)
    return None if address == _MAP_FAILED else address


def _open(address: int, size: int) -> bool:
    protection = mmap.PROT_READ | mmap.PROT_WRITE
    return size == 0 or _libc.mprotect(address, size, protection) == 0


def _error(message: bytes) -> int:
    """Return an error that wasmtime then owns."""
    return ctypes.cast(ffi.wasmtime_error_new(message), ctypes.c_void_p).value or 0
