"""wasmtime as this process uses it: one configuration, one engine, compiled code kept in memory and on disk."""

from __future__ import annotations

import hashlib
import platform
import re
from collections import OrderedDict
from functools import cache
from pathlib import Path

import wasmtime
from wasmtime import Config, Engine, Module, WasmtimeError, wat2wasm
from wasmtime.component import Component

from ..errors import InvalidModule
from .cache import CodeCache
from .memory import MemoryBank
from .watchdog import Watchdog

__all__ = ["STACK_BYTES", "Machine", "assemble", "form_of"]

# The guest's stack. Above 2 MiB the process would abort unless `async_stack_size` is raised as well.
STACK_BYTES = 512 << 10
# Whatever changes the compiled code or what it expects of the engine; part of every cache name.
_CONFIGURATION = "fuel epoch no-threads no-cow host-memory stack=512KiB"
_KEPT = 16
_FORMS = {b"\0asm\x01\0\0\0": "module", b"\0asm\x0d\0\x01\0": "component"}
_OFFSET = re.compile(r"Invalid input WebAssembly code at offset (\d+): (.*)")
_PLACE = re.compile(r"--> <anon>:(\d+):(\d+)")


class Machine:
    """The engine, the memory bank, the watchdog, and compiled code by content."""

    def __init__(self, cache: CodeCache) -> None:
        """Start the engine and the watchdog's thread."""
        self.bank = MemoryBank()
        config = Config()
        config.consume_fuel = True
        config.epoch_interruption = True
        config.max_wasm_stack = STACK_BYTES
        # A shared memory would be outside the bank's account.
        config.wasm_threads = False
        self.bank.attach(config)
        self.engine = Engine(config)
        self.watchdog = Watchdog(self.engine.increment_epoch)
        self._cache = cache
        self._compiled: OrderedDict[str, Module | Component] = OrderedDict()

    def compile(self, wasm: bytes) -> Module | Component:
        """Return the compiled module or component. Raises InvalidModule."""
        kind = Module if form_of(wasm) == "module" else Component
        name = self._cache_name(wasm)
        compiled = self._compiled.pop(name, None) or self._load(kind, name) or self._translate(kind, name, wasm)
        self._compiled[name] = compiled
        if len(self._compiled) > _KEPT:
            self._compiled.popitem(last=False)
        return compiled

    def _load(self, kind: type[Module | Component], name: str) -> Module | Component | None:
        code = self._cache.load(name)
        try:
            return kind.deserialize(self.engine, code) if code is not None else None
        except WasmtimeError:  # made by this wasmtime for another processor
            return None

    def _translate(self, kind: type[Module | Component], name: str, wasm: bytes) -> Module | Component:
        try:
            compiled = kind(self.engine, wasm)
        except WasmtimeError as error:
            raise InvalidModule(_reason(str(error))) from None
        self._cache.store(name, bytes(compiled.serialize()))
        return compiled

    def _cache_name(self, wasm: bytes) -> str:
        about = f"{_library()} {_CONFIGURATION} {platform.machine()}\0".encode()
        return hashlib.blake2b(about + hashlib.sha256(wasm).digest(), digest_size=32).hexdigest()


@cache
def _library() -> str:
    """Return what tells this build of wasmtime from any other (importlib.metadata would cost 40 ms)."""
    folders = sorted(Path(wasmtime.__file__).parent.parent.glob("wasmtime-*.dist-info"))
    libraries = sorted(Path(wasmtime.__file__).parent.glob("*/*wasmtime*"))
    sizes = [f"{each.stat().st_size}.{each.stat().st_mtime_ns}" for each in libraries]
    return " ".join([each.name for each in folders] + sizes)


def form_of(wasm: bytes) -> str:
    """Return `module` or `component`. Raises InvalidModule for anything else."""
    form = _FORMS.get(wasm[:8])
    if form is not None:
        return form
    if wasm[:4] == b"\0asm":
        raise InvalidModule("it is cut short, or of a version that does not exist")
    if wasm.lstrip()[:1] == b"(":
        raise InvalidModule("it is text; assemble it first (`%%wasm`)")
    raise InvalidModule("it does not begin with `\\0asm`" if wasm else "it is empty")


def assemble(text: str) -> bytes:
    """Return the bytes of a module or component given as text. Raises InvalidModule with line and column."""
    try:
        return bytes(wat2wasm(text))
    except UnicodeEncodeError as error:
        raise InvalidModule(f"character {error.start + 1} is half of a surrogate pair") from None
    except WasmtimeError as error:
        message = str(error)
        place = _PLACE.search(message)
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        raise InvalidModule(_reason(message), line, column) from None


def _reason(message: str) -> str:
    """Return what is wrong, without the source line that wasmtime echoes and without its bookkeeping."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    causes = (
        [re.sub(r"^\d+: ", "", line) for line in lines[lines.index("Caused by:") + 1 :]]
        if "Caused by:" in lines
        else []
    )
    shown = (causes or lines[:1] or ["no reason was given"])[-1]
    return _OFFSET.sub(r"\2 (at byte \1)", shown)[:300]
