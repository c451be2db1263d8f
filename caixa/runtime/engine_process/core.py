"""Core modules: their exports as function types, and their instances."""

from __future__ import annotations

from collections.abc import Sequence

from wasmtime import Func, Linker, Module
from wasmtime import FuncType as CoreType
from wasmtime import Instance as RawInstance

from ..errors import MissingImport
from ..results import FunctionType, ModuleInfo
from ..wit import Scalar, Unsupported, WitType
from .calls import Prepared, Said, parse_arguments, pick
from .sandbox import Sandbox
from .wasi import GRANTED, Voice, grant

__all__ = ["CoreGuest", "inspect_module"]

_NUMBERS = frozenset({"i32", "i64", "f32", "f64"})
# What a reactor wants called before anything else (WASI application ABI).
_INITIALIZE = "_initialize"


def inspect_module(module: Module) -> ModuleInfo:
    """Return the functions that a core module exports and what it imports."""
    exports = tuple(
        _signature(each.name or "", each.type) for each in module.exports if isinstance(each.type, CoreType)
    )
    return ModuleInfo("module", exports, tuple(f"{each.module}.{each.name}" for each in module.imports))


class CoreGuest:
    """A compiled core module. See Guest."""

    def __init__(self, module: Module) -> None:
        """Look at its exports and imports."""
        self.info = inspect_module(module)
        self._module = module
        self._signatures = {each.name: each for each in self.info.exports}

    def check(self) -> None:
        """See Guest."""
        if missing := [name for name in self.info.imports if name not in GRANTED]:
            raise MissingImport(missing)

    def prepare(self, function: str, words: Sequence[str]) -> Prepared:
        """See Guest."""
        name = pick(function, list(self._signatures))
        signature = self._signatures[name]
        return Prepared(name, parse_arguments(words, [_kind(word) for _, word in signature.params], signature))

    def instantiate(self, box: Sandbox, first: str = "") -> CoreInstance:
        """See Guest; a reactor is initialised, unless that is what is called next."""
        voice = Voice(bytearray())
        made = CoreInstance(box, self._linked(box, voice), voice)
        if _INITIALIZE in self._signatures and first != _INITIALIZE:
            made.call(Prepared(_INITIALIZE, ()))
        return made

    def _linked(self, box: Sandbox, voice: Voice) -> RawInstance:
        if not self.info.imports:  # a linker costs as much as the instance
            return RawInstance(box.store, self._module, [])
        linker = Linker(box.machine.engine)
        grant(linker, self.info.imports, voice)
        return linker.instantiate(box.store, self._module)


class CoreInstance:
    """A core module in its sandbox. See Instance."""

    def __init__(self, box: Sandbox, instance: RawInstance, voice: Voice) -> None:
        """Find the exported functions; `voice` has what is printed."""
        exports = instance.exports(box.store)
        self._functions = {name: each for name, each in exports.items() if isinstance(each, Func)}
        self._store, self._voice = box.store, voice

    def call(self, prepared: Prepared) -> Said:
        """See Instance."""
        answer = self._functions[prepared.name](self._store, *prepared.values)
        results = () if answer is None else tuple(answer) if isinstance(answer, list) else (answer,)
        return Said(tuple(_plain(each) for each in results), self._voice.take())


def _signature(name: str, kind: CoreType) -> FunctionType:
    params = tuple((f"p{index}", str(each)) for index, each in enumerate(kind.params))
    return FunctionType(name, params, tuple(str(each) for each in kind.results))


def _kind(word: str) -> WitType:
    return Scalar(word) if word in _NUMBERS else Unsupported(word)


def _plain(value: object) -> object:
    """Return numbers as they are; references and vectors only by what they are called."""
    return value if isinstance(value, int | float) or value is None else f"<{type(value).__name__}>"
