"""Components: their exports as WIT function types, and their instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import wasmtime.component as wc
from wasmtime import Engine, WasmtimeError

from ..errors import BadArguments, MissingImport
from ..results import FunctionType, ModuleInfo
from ..wit import Misfit, Unsupported, WitType, parts
from .calls import Prepared, Said, parse_arguments, pick
from .sandbox import Sandbox
from .values import describe, lift, lower

__all__ = ["ComponentGuest", "inspect_component"]

_UNREADABLE = frozenset({"future", "stream", "errorcontext"})


def inspect_component(component: wc.Component, engine: Engine) -> ModuleInfo:
    """Return the functions that a component exports and imports, those of interfaces too."""
    imports = component.type.imports(engine)
    exports = tuple(_signature(name, kind) for name, kind in _functions(component.type.exports(engine), engine))
    asks = tuple(_signature(name, kind) for name, kind in _functions(imports, engine))
    return ModuleInfo("component", exports, tuple(imports), asks)


class ComponentGuest:
    """A compiled component. See Guest."""

    def __init__(self, component: wc.Component, engine: Engine) -> None:
        """Look at its exports and imports."""
        self.info = inspect_component(component, engine)
        self._component = component
        self._functions = dict(_functions(component.type.exports(engine), engine))

    def check(self) -> None:
        """See Guest."""
        if self.info.imports:
            raise MissingImport(list(self.info.imports))

    def prepare(self, function: str, words: Sequence[str]) -> Prepared:
        """See Guest."""
        name = pick(function, list(self._functions))
        kind, signature = self._functions[name], _signature(name, self._functions[name])
        values = _arguments(words, [describe(each) for _, each in kind.params], signature)
        _check_result(kind, signature)
        return Prepared(name, values)

    def instantiate(self, box: Sandbox, first: str = "") -> ComponentInstance:  # noqa: ARG002  # of the protocol
        """See Guest."""
        instance = wc.Linker(box.machine.engine).instantiate(box.store, self._component)
        return ComponentInstance(box, instance, self._functions)


class ComponentInstance:
    """A component in its sandbox. See Instance."""

    def __init__(self, box: Sandbox, instance: wc.Instance, kinds: Mapping[str, wc.FuncType]) -> None:
        """`kinds` are the types of the exported functions, by full name."""
        self._box, self._instance, self._kinds = box, instance, kinds
        self._found: dict[str, tuple[wc.Func, WitType | None]] = {}

    def call(self, prepared: Prepared) -> Said:
        """See Instance."""
        function, result = self._find(prepared.name)
        answer = function(self._box.store, *prepared.values)
        function.post_return(self._box.store)
        return Said(() if result is None else (lift(answer, result),))

    def _find(self, name: str) -> tuple[wc.Func, WitType | None]:
        found = self._found.get(name)
        if found is None:
            kind = self._kinds[name].result
            result = None if kind is None else describe(kind)
            found = self._found[name] = (_find(self._instance, self._box, name), result)
        return found


def _check_result(kind: wc.FuncType, signature: FunctionType) -> None:
    """Raise BadArguments for a type of result that wasmtime-py cannot hand over."""
    for part in () if kind.result is None else parts(describe(kind.result)):
        if isinstance(part, Unsupported) and part.name in _UNREADABLE:
            raise BadArguments(
                f"`{signature.name}` returns a {part.name}, which cannot be shown", str(signature)
            )


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
