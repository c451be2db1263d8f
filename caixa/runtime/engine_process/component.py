"""Components: their exports as WIT function types, and one call of one function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import wasmtime.component as wc
from wasmtime import Engine, WasmtimeError

from ..errors import BadArguments, MissingImport
from ..results import FunctionType, ModuleInfo, RunResult
from ..wit import Misfit, Unsupported, WitType, parts
from .calls import parse_arguments, pick
from .sandbox import Sandbox, Turn, sandbox
from .values import describe, lift, lower

__all__ = ["inspect_component", "run_component"]

_UNREADABLE = frozenset({"future", "stream", "errorcontext"})


def inspect_component(component: wc.Component, engine: Engine) -> ModuleInfo:
    """Return the functions that a component exports and imports, those of interfaces too."""
    imports = component.type.imports(engine)
    exports = tuple(_signature(name, kind) for name, kind in _functions(component.type.exports(engine), engine))
    asks = tuple(_signature(name, kind) for name, kind in _functions(imports, engine))
    return ModuleInfo("component", exports, tuple(imports), asks)


def run_component(turn: Turn, component: wc.Component, function: str, args: Sequence[str]) -> RunResult:
    """Call one exported function of a fresh instance.

    Raises MissingImport, UnknownFunction, BadArguments, InvalidModule or a Violation; CallStopped on Stop.
    """
    engine = turn.machine.engine
    if missing := list(component.type.imports(engine)):
        raise MissingImport(missing)
    functions = dict(_functions(component.type.exports(engine), engine))
    name = pick(function, list(functions))
    kind, signature = functions[name], _signature(name, functions[name])
    values = _arguments(args, [describe(each) for _, each in kind.params], signature)
    result = _result(kind, signature)
    with sandbox(turn, name) as box:
        answer = _call(box, component, name, values)
    plain = () if result is None else (lift(answer, result),)
    return RunResult(plain, box.fuel_used, box.account.peak, box.elapsed, refused_bytes=box.account.refused)


def _result(kind: wc.FuncType, signature: FunctionType) -> WitType | None:
    """Return the type of the result. Raises BadArguments for one that wasmtime-py cannot hand over."""
    result = None if kind.result is None else describe(kind.result)
    for part in () if result is None else parts(result):
        if isinstance(part, Unsupported) and part.name in _UNREADABLE:
            raise BadArguments(
                f"`{signature.name}` returns a {part.name}, which cannot be shown", str(signature)
            )
    return result


def _call(box: Sandbox, component: wc.Component, name: str, values: Sequence[object]) -> object:
    instance = wc.Linker(box.turn.machine.engine).instantiate(box.store, component)
    function = _find(instance, box, name)
    answer = function(box.store, *values)
    function.post_return(box.store)
    return answer


def _find(instance: wc.Instance, box: Sandbox, name: str) -> wc.Func:
    interface, separator, short = name.rpartition("#")
    outer = instance.get_export_index(box.store, interface) if separator else None
    index = instance.get_export_index(box.store, short, outer)
    found = None if index is None else instance.get_func(box.store, index)
    if found is None:
        raise WasmtimeError(f"the component's type names `{name}` and its instance does not")
    return found


def _functions(externs: Mapping[str, Any], engine: Engine) -> Iterator[tuple[str, wc.FuncType]]:
    for name, extern in externs.items():
        kind = extern.ty
        if isinstance(kind, wc.FuncType):
            yield name, kind
        elif isinstance(kind, wc.ComponentInstanceType):
            inner = ((each, item.ty) for each, item in kind.exports(engine).items())
            yield from ((f"{name}#{each}", ty) for each, ty in inner if isinstance(ty, wc.FuncType))


def _signature(name: str, kind: wc.FuncType) -> FunctionType:
    described = [(each, describe(ty)) for each, ty in kind.params]
    result = None if kind.result is None else describe(kind.result)
    kinds = [ty for _, ty in described] + ([] if result is None else [result])
    is_plain = not any(isinstance(part, Unsupported) for each in kinds for part in parts(each))
    params = tuple((each, str(ty)) for each, ty in described)
    return FunctionType(name, params, () if result is None else (str(result),), is_plain)


def _arguments(words: Sequence[str], kinds: Sequence[WitType], signature: FunctionType) -> list[object]:
    values = parse_arguments(words, kinds, signature)
    try:
        return [lower(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except Misfit as misfit:
        raise BadArguments(str(misfit), str(signature)) from None
