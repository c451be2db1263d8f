"""The types of component functions, and the words and plain values that stand for them.

A plain value is what JSON can hold: record → object, tuple, list and flags → array, option → value or null (an
option of an option: `{"some": …}` or null), result → `{"ok": …}` or `{"err": …}`, variant → `"case"` or
`{"case": …}`, char, string and enum → string. A word is one argument as it is typed on a command line: scalars,
strings and enums stand bare, everything else is JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

__all__ = [
    "Enumeration",
    "Flags",
    "ListOf",
    "Misfit",
    "OptionOf",
    "Record",
    "ResultOf",
    "Scalar",
    "TupleOf",
    "Unsupported",
    "Variant",
    "WitType",
    "check",
    "parse_word",
    "parts",
]


class Misfit(ValueError):
    """A word or value that is not of the type; its text says what was expected."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """`bool`, `s8` to `u64`, `f32`, `f64`, `char`, `string`; in core wasm `i32`, `i64`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list<T>`."""

    element: WitType

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True, slots=True)
class OptionOf:
    """`option<T>`."""

    payload: WitType

    def __str__(self) -> str:
        return f"option<{self.payload}>"


@dataclass(frozen=True, slots=True)
class ResultOf:
    """`result<T, E>`; None where a side carries nothing."""

    ok: WitType | None
    err: WitType | None

    def __str__(self) -> str:
        if self.ok is None and self.err is None:
            return "result"
        return f"result<{self.ok or '_'}>" if self.err is None else f"result<{self.ok or '_'}, {self.err}>"

    @property
    def cases(self) -> tuple[tuple[str, WitType | None], ...]:
        """The two sides as the cases of a variant."""
        return ("ok", self.ok), ("err", self.err)


@dataclass(frozen=True, slots=True)
class TupleOf:
    """`tuple<T, U>`."""

    elements: tuple[WitType, ...]

    def __str__(self) -> str:
        return f"tuple<{', '.join(map(str, self.elements))}>"


@dataclass(frozen=True, slots=True)
class Record:
    """`record { name: T }`."""

    fields: tuple[tuple[str, WitType], ...]

    def __str__(self) -> str:
        return f"record {{{', '.join(f'{name}: {kind}' for name, kind in self.fields)}}}"


@dataclass(frozen=True, slots=True)
class Variant:
    """`variant { case(T), other }`."""

    cases: tuple[tuple[str, WitType | None], ...]

    def __str__(self) -> str:
        shown = (name if kind is None else f"{name}({kind})" for name, kind in self.cases)
        return f"variant {{{', '.join(shown)}}}"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """`enum { a, b }`."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"enum {{{', '.join(self.names)}}}"


@dataclass(frozen=True, slots=True)
class Flags:
    """`flags { a, b }`."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"flags {{{', '.join(self.names)}}}"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A resource, stream, future or reference: nothing that a word can stand for."""

    name: str

    def __str__(self) -> str:
        return self.name


WitType = Scalar | ListOf | OptionOf | ResultOf | TupleOf | Record | Variant | Enumeration | Flags | Unsupported

# The core types take either sign: a person writes 4294967295 or -1 for the same 32 bits.
_RANGES = {
    **{f"s{n}": (-(1 << (n - 1)), (1 << (n - 1)) - 1) for n in (8, 16, 32, 64)},
    **{f"u{n}": (0, (1 << n) - 1) for n in (8, 16, 32, 64)},
    **{f"i{n}": (-(1 << (n - 1)), (1 << n) - 1) for n in (32, 64)},
}
_TRUTH = {"true": True, "#t": True, "false": False, "#f": False}
_F32_MAX = (2 - 2**-23) * 2.0**127


def parts(kind: WitType) -> Iterator[WitType]:
    """Yield the type and every type inside it."""
    yield kind
    for inner in _inside(kind):
        if inner is not None:
            yield from parts(inner)


def _inside(kind: WitType) -> Iterable[WitType | None]:
    match kind:
        case ListOf(inner) | OptionOf(inner):
            return (inner,)
        case TupleOf(elements):
            return elements
        case Record(named) | Variant(named) | ResultOf(cases=named):
            return [each for _, each in named]
        case _:
            return ()


def parse_word(word: str, kind: WitType) -> object:
    """Return the plain value of one argument. Raises Misfit."""
    match kind:
        case Scalar("string" | "char") | Enumeration():
            return check(word, kind)
        case Scalar("bool"):
            return _truth(word)
        case Scalar(name):
            return check(_number(word, name), kind)
        case OptionOf(payload):
            return None if word in {"none", "null"} else _option_word(word, payload)
        case _:
            return check(_json(word, kind), kind)


def check(value: object, kind: WitType) -> object:
    """Return `value` as the plain value of `kind`, integers made floats where needed. Raises Misfit."""
    match kind:
        case Scalar(name):
            return _scalar(value, name)
        case Enumeration(names):
            return _one_of(value, names)
        case Record(fields):
            return _record(value, fields)
        case OptionOf(payload):
            return _option(value, payload)
        case Variant(cases) | ResultOf(cases=cases):
            return _case(value, cases)
        case Unsupported(name):
            raise Misfit(f"a {name} cannot be written as an argument")
        case _:
            return _sequence(_array(value, kind), kind)


def _sequence(values: list[object], kind: ListOf | TupleOf | Flags) -> list[object]:
    match kind:
        case ListOf(element):
            return [check(each, element) for each in values]
        case TupleOf(elements):
            return _tuple(values, elements)
        case Flags(names):
            chosen = {_one_of(each, names) for each in values}
            return [name for name in names if name in chosen]


def _truth(word: str) -> bool:
    if word not in _TRUTH:
        raise Misfit(f"{_shown(word)} is not a bool; write true or false")
    return _TRUTH[word]


def _number(word: str, name: str) -> int | float:
    try:
        return float(word) if name in {"f32", "f64"} else int(word, 0)
    except ValueError:
        what = "a number" if name in {"f32", "f64"} else "an integer"
        raise Misfit(f"{_shown(word)} is not {what}; {name} is expected") from None


def _json(word: str, kind: WitType) -> object:
    if isinstance(kind, Variant | ResultOf) and word in {name for name, _ in kind.cases}:
        return word
    try:
        return json.loads(word)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
        raise Misfit(f"{_shown(word)} is not JSON ({reason}); {kind} is written as JSON") from None


def _option_word(word: str, payload: WitType) -> object:
    return (
        _option(_json(word, payload), payload) if isinstance(payload, OptionOf) else parse_word(word, payload)
    )


def _scalar(value: object, name: str) -> object:
    match name:
        case "bool":
            return value if isinstance(value, bool) else _refuse(value, name)
        case "string":
            return value if isinstance(value, str) and _encodable(value) else _refuse(value, name)
        case "char":
            fits = isinstance(value, str) and len(value) == 1 and _encodable(value)
            return value if fits else _refuse(value, "one character")
        case "f32" | "f64":
            return _float(value, name)
    low, high = _RANGES[name]
    if not isinstance(value, int) or isinstance(value, bool):
        return _refuse(value, name)
    if not low <= value <= high:
        raise Misfit(f"{_shown(value)} does not fit {name}, which holds {low} to {high}")
    # An `i32` of 2^31 and more is the same bits as a negative one.
    return value - (1 << int(name[1:])) if name[0] == "i" and value > high >> 1 else value


def _float(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit(f"{_shown(value)} is not {name}")
    try:
        number = float(value)
    except OverflowError:
        raise Misfit(f"an integer above 10^308 does not fit {name}") from None
    if name == "f32" and math.isfinite(number) and abs(number) > _F32_MAX:
        raise Misfit(f"{number} does not fit f32")
    return number


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _one_of(value: object, names: tuple[str, ...]) -> str:
    if value not in names:
        raise Misfit(f"{_shown(value)} is none of {', '.join(names)}")
    return str(value)


def _array(value: object, kind: WitType) -> list[object]:
    if not isinstance(value, list):
        raise Misfit(f"{_shown(value)} is not an array; {kind} is written as [ … ]")
    return value


def _tuple(values: list[object], elements: tuple[WitType, ...]) -> list[object]:
    if len(values) != len(elements):
        raise Misfit(f"{len(values)} values were given for a tuple of {len(elements)}")
    return [check(value, kind) for value, kind in zip(values, elements, strict=True)]


def _record(value: object, fields: tuple[tuple[str, WitType], ...]) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise Misfit(f"{_shown(value)} is not an object; a record is written as {{ … }}")
    names = [name for name, _ in fields]
    if unknown := [name for name in value if name not in names]:
        raise Misfit(f"the record has no field {_shown(unknown[0])}; it has {', '.join(names)}")
    # A field that may be absent may be left out.
    missing = [name for name, kind in fields if name not in value and not isinstance(kind, OptionOf)]
    if missing:
        raise Misfit(f"the record's field {missing[0]} is missing")
    return {name: check(value.get(name), kind) for name, kind in fields}


def _option(value: object, payload: WitType) -> object:
    if value is None:
        return None
    if not isinstance(payload, OptionOf):
        return check(value, payload)
    if isinstance(value, Mapping) and list(value) == ["some"]:
        return {"some": check(value["some"], payload)}
    raise Misfit(f'{_shown(value)} is not null or {{"some": …}}')


def _case(value: object, cases: tuple[tuple[str, WitType | None], ...]) -> object:
    kinds = dict(cases)
    if isinstance(value, str) and value in kinds and kinds[value] is None:
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, payload),) = value.items()
        kind = kinds.get(name)
        if kind is not None:
            return {name: check(payload, kind)}
        if name in kinds and payload is None:
            return name
    shown = (f'"{name}"' if kind is None else f'{{"{name}": {kind}}}' for name, kind in cases)
    raise Misfit(f"{_shown(value)} is none of {', '.join(shown)}")


def _refuse(value: object, expected: str) -> object:
    raise Misfit(f"{_shown(value)} is not {expected}")


def _shown(value: object) -> str:
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):
        text = type(value).__name__
    cut = text if len(text) <= 60 else text[:57] + "…"
    return f"`{cut}`"
