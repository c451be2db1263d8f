"""Between plain values (caixa.runtime.wit) and the objects that wasmtime-py passes to and from components.

wasmtime-py hands a variant over without its case where the payloads' Python classes differ, and as
`Variant(tag, payload)` where they do not; for `bool` beside an integer its own choice of the case is wrong.
Here the case is chosen by the type, and what cannot be passed faithfully is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import wasmtime.component as wc

from ..wit import (
    Enumeration,
    Flags,
    ListOf,
    Misfit,
    OptionOf,
    Record,
    ResultOf,
    Scalar,
    TupleOf,
    Unsupported,
    Variant,
    WitType,
)

__all__ = ["describe", "lift", "lower"]

Cases = Sequence[tuple[str, WitType | None]]

_SCALARS: dict[type, str] = {
    wc.Bool: "bool", wc.S8: "s8", wc.S16: "s16", wc.S32: "s32", wc.S64: "s64", wc.U8: "u8", wc.U16: "u16",
    wc.U32: "u32", wc.U64: "u64", wc.F32: "f32", wc.F64: "f64", wc.Char: "char", wc.String: "string",
}  # fmt: skip

_COMPOUND: dict[type, Callable[[Any], WitType]] = {
    wc.ListType: lambda kind: ListOf(describe(kind.element)),
    wc.OptionType: lambda kind: OptionOf(describe(kind.payload)),
    wc.ResultType: lambda kind: ResultOf(_maybe(kind.ok), _maybe(kind.err)),
    wc.TupleType: lambda kind: TupleOf(tuple(describe(each) for each in kind.elements)),
    wc.RecordType: lambda kind: Record(tuple((name, describe(each)) for name, each in kind.fields)),
    wc.VariantType: lambda kind: Variant(tuple((name, _maybe(each)) for name, each in kind.cases)),
    wc.EnumType: lambda kind: Enumeration(tuple(kind.names)),
    wc.FlagsType: lambda kind: Flags(tuple(kind.names)),
}

_SCALAR_CLASSES: dict[str, type] = {"bool": bool, "f32": float, "f64": float, "char": str, "string": str}
_FIXED_CLASSES: dict[type, set[type]] = {
    type(None): {object},
    Enumeration: {str},
    ListOf: {list},
    TupleOf: {tuple},
    Flags: {set},
    Record: {wc.Record},
    Unsupported: {wc.ResourceAny, wc.ResourceHost},
}


def describe(kind: wc.ValType) -> WitType:
    """Return wasmtime's type as one of ours."""
    if type(kind) in _SCALARS:
        return Scalar(_SCALARS[type(kind)])
    compound = _COMPOUND.get(type(kind))
    return compound(kind) if compound else Unsupported(type(kind).__name__.removesuffix("Type").lower())


def lower(value: object, kind: WitType) -> object:  # noqa: PLR0911 - one per type constructor
    """Return a plain value (already checked) as wasmtime-py wants it. Raises Misfit where it has no way."""
    match kind:
        case ListOf(Scalar("u8")):
            return bytes(cast("list[int]", value))
        case ListOf(element):
            return [lower(each, element) for each in cast("list[object]", value)]
        case TupleOf(elements):
            return tuple(lower(each, k) for each, k in zip(cast("list[object]", value), elements, strict=True))
        case Flags():
            return set(cast("list[str]", value))
        case Record(fields):
            return _lower_record(cast("dict[str, object]", value), fields)
        case OptionOf() | ResultOf() | Variant():
            return _lower_case(*_case_of(value, kind), _cases(kind))
        case _:
            return value


def lift(value: object, kind: WitType) -> object:  # noqa: PLR0911 - one per type constructor
    """Return what wasmtime-py handed over as a plain value."""
    match kind:
        case ListOf(Scalar("u8")):
            return list(cast("bytes", value))
        case ListOf(element):
            return [lift(each, element) for each in cast("list[object]", value)]
        case TupleOf(elements):
            pairs = zip(cast("tuple[object, ...]", value), elements, strict=True)
            return [lift(each, element) for each, element in pairs]
        case Flags(names):
            return [name for name in names if name in cast("set[str]", value)]
        case Record(fields):
            return {name: lift(getattr(value, name), each) for name, each in fields}
        case OptionOf() | ResultOf() | Variant():
            return _lift_case(value, kind)
        case Unsupported(name):
            return f"<{name}>"
        case _:
            return value


def _maybe(kind: wc.ValType | None) -> WitType | None:
    return None if kind is None else describe(kind)


def _cases(kind: OptionOf | ResultOf | Variant) -> Cases:
    return (("none", None), ("some", kind.payload)) if isinstance(kind, OptionOf) else kind.cases


def _case_of(value: object, kind: OptionOf | ResultOf | Variant) -> tuple[str, object]:
    """Return case and payload of a plain value."""
    if isinstance(kind, OptionOf):
        if value is None:
            return "none", None
        return "some", cast("dict[str, object]", value)["some"] if isinstance(kind.payload, OptionOf) else value
    if isinstance(value, str):
        return value, None
    ((name, payload),) = cast("dict[str, object]", value).items()
    return name, payload


def _lower_record(value: dict[str, object], fields: Sequence[tuple[str, WitType]]) -> wc.Record:
    record = wc.Record()
    for name, kind in fields:
        setattr(record, name, lower(value[name], kind))
    return record


def _lower_case(name: str, payload: object, cases: Cases) -> object:
    kind = dict(cases)[name]
    lowered = None if kind is None else lower(payload, kind)
    if _is_tagged(cases):
        return wc.Variant(name, lowered)
    first = next(each for each, k in cases if _takes(lowered, k))
    if first != name:
        raise Misfit(f"the case `{name}` cannot be told from `{first}` by wasmtime-py")
    return lowered


def _lift_case(value: object, kind: OptionOf | ResultOf | Variant) -> object:
    cases = _cases(kind)
    if isinstance(value, wc.Variant) and _is_tagged(cases):
        name, payload = value.tag, value.payload
    else:
        # `object` among the classes stands for no payload, which comes as None.
        found = object if value is None else type(value)
        name, payload = next(each for each, k in cases if found in _classes(k)), value
    inner = dict(cases)[name]
    plain = None if inner is None else lift(payload, inner)
    if isinstance(kind, OptionOf):
        return {"some": plain} if inner is not None and isinstance(inner, OptionOf) else plain
    return name if inner is None else {name: plain}


def _is_tagged(cases: Cases) -> bool:
    """Whether wasmtime-py keeps the case: where two payloads share a class."""
    seen: set[type] = set()
    for _, kind in cases:
        classes = _classes(kind)
        if seen & classes:
            return True
        seen |= classes
    return False


def _takes(value: object, kind: WitType | None) -> bool:
    """Whether wasmtime-py would take `value` for this case: its rule is `isinstance`, so a bool is an int."""
    return value is None if kind is None else isinstance(value, tuple(_classes(kind)))


def _classes(kind: WitType | None) -> set[type]:
    """Return the classes of Python objects that wasmtime-py uses for a type; `object` for no payload."""
    match kind:
        case Scalar(name):
            return {_SCALAR_CLASSES.get(name, int)}
        case ListOf(Scalar("u8")):
            return {bytes}
        case OptionOf() | ResultOf() | Variant():
            return _variant_classes(_cases(kind))
        case _:
            return _FIXED_CLASSES[type(kind)]


def _variant_classes(cases: Cases) -> set[type]:
    if _is_tagged(cases):
        return {wc.Variant}
    return set().union(*(_classes(kind) for _, kind in cases))
