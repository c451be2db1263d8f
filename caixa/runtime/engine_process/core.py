"""Core modules: their exports as function types, and one call of one function."""

from __future__ import annotations

from collections.abc import Sequence

from wasmtime import Func, Instance, Linker, Module
from wasmtime import FuncType as CoreType

from ..errors import MissingImport
from ..results import FunctionType, ModuleInfo, RunResult
from ..wit import Scalar, Unsupported, WitType
from .calls import parse_arguments, pick
from .sandbox import Sandbox, Turn, sandbox
from .wasi import GRANTED, GuestExit, Voice, grant

__all__ = ["inspect_module", "run_module"]

_NUMBERS = frozenset({"i32", "i64", "f32", "f64"})
# What a reactor wants called before anything else (WASI application ABI).
_INITIALIZE = "_initialize"


def inspect_module(module: Module) -> ModuleInfo:
    """Return the functions that a core module exports and what it imports."""
    exports = tuple(
        _signature(each.name or "", each.type) for each in module.exports if isinstance(each.type, CoreType)
    )
    return ModuleInfo("module", exports, tuple(f"{each.module}.{each.name}" for each in module.imports))


def run_module(turn: Turn, module: Module, function: str, args: Sequence[str]) -> RunResult:
    """Call one exported function of a fresh instance.

    Raises MissingImport, UnknownFunction, BadArguments, InvalidModule or a Violation; CallStopped on Stop.
    """
    info = inspect_module(module)
    if missing := [name for name in info.imports if name not in GRANTED]:
        raise MissingImport(missing)
    name = pick(function, [each.name for each in info.exports])
    signature = next(each for each in info.exports if each.name == name)
    values = parse_arguments(args, [_kind(word) for _, word in signature.params], signature)
    voice = Voice(bytearray())
    with sandbox(turn, name) as box:
        answer, status = _call(box, module, name, values, voice)
    results = () if answer is None else tuple(answer) if isinstance(answer, list) else (answer,)
    return RunResult(
        tuple(_plain(each) for each in results),
        box.fuel_used, box.account.peak, box.elapsed, voice.text, status, box.account.refused,
    )  # fmt: skip


def _call(
    box: Sandbox, module: Module, name: str, values: Sequence[object], voice: Voice
) -> tuple[object, int | None]:
    """Return the function's results, or the status with which the guest exited."""
    linker = Linker(box.turn.machine.engine)
    grant(linker, (f"{each.module}.{each.name}" for each in module.imports), voice)
    try:
        instance = linker.instantiate(box.store, module)
        initialize = _function(instance, box, _INITIALIZE)
        if initialize is not None and name != _INITIALIZE:
            initialize(box.store)
        function = _function(instance, box, name)
        assert function is not None  # `pick` found it among the exports
        return function(box.store, *values), None
    except GuestExit as leave:
        return None, leave.status


def _function(instance: Instance, box: Sandbox, name: str) -> Func | None:
    found = instance.exports(box.store).get(name)
    return found if isinstance(found, Func) else None


def _signature(name: str, kind: CoreType) -> FunctionType:
    params = tuple((f"p{index}", str(each)) for index, each in enumerate(kind.params))
    return FunctionType(name, params, tuple(str(each) for each in kind.results))


def _kind(word: str) -> WitType:
    return Scalar(word) if word in _NUMBERS else Unsupported(word)


def _plain(value: object) -> object:
    """Return numbers as they are; references and vectors only by what they are called."""
    return value if isinstance(value, int | float) or value is None else f"<{type(value).__name__}>"
