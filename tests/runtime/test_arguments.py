"""Words become arguments, and results plain values: whatever goes in comes out, for every type."""

from __future__ import annotations

import json
import math
import struct
from ctypes import byref, pointer
from typing import Any

import pytest
import wasmtime.component as wc
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from wasmtime import Engine as WasmEngine
from wasmtime import _ffi as ffi

from caixa.runtime.engine import Engine
from caixa.runtime.engine_process.values import describe, lift, lower
from caixa.runtime.errors import BadArguments, UnknownFunction
from caixa.runtime.wit import (
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
    check,
    parse_word,
)

INTEGERS = {f"{sign}{bits}": (sign, bits) for sign in "su" for bits in (8, 16, 32, 64)}
NAMES = ("alpha", "beta-two", "gamma", "delta")
characters = st.characters(exclude_categories=["Cs"])


def integers(name: str) -> st.SearchStrategy[int]:
    sign, bits = INTEGERS[name]
    return st.integers(0, 2**bits - 1) if sign == "u" else st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    **{name: integers(name) for name in INTEGERS},
    "bool": st.booleans(),
    "f32": st.floats(width=32, allow_nan=False),
    "f64": st.floats(allow_nan=False),
    "char": characters,
    "string": st.text(characters),
}

scalars = st.sampled_from(sorted(SCALARS)).map(Scalar)
named = st.integers(1, 4).map(lambda count: NAMES[:count])


def compound(inner: st.SearchStrategy[WitType]) -> st.SearchStrategy[WitType]:
    maybe = st.none() | inner
    return st.one_of(
        inner.map(ListOf),
        inner.map(OptionOf),
        st.builds(ResultOf, maybe, maybe),
        st.lists(inner, min_size=1, max_size=3).map(lambda kinds: TupleOf(tuple(kinds))),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda kinds: Record(tuple(zip(NAMES, kinds, strict=False)))
        ),
        st.lists(maybe, min_size=1, max_size=4).map(
            lambda kinds: Variant(tuple(zip(NAMES, kinds, strict=False)))
        ),
        named.map(Enumeration),
        named.map(Flags),
    )


kinds = st.recursive(scalars, compound, max_leaves=5)


def values(kind: WitType) -> st.SearchStrategy[Any]:
    """Plain values of a type."""
    match kind:
        case Scalar(name):
            return SCALARS[name]
        case ListOf(element):
            return st.lists(values(element), max_size=3)
        case OptionOf(OptionOf() as payload):
            return st.none() | values(payload).map(lambda value: {"some": value})
        case OptionOf(payload):
            return st.none() | values(payload)
        case TupleOf(elements):
            return st.tuples(*map(values, elements)).map(list)
        case Record(fields):
            return st.fixed_dictionaries({name: values(each) for name, each in fields})
        case Enumeration(names):
            return st.sampled_from(names)
        case Flags(names):
            return st.sets(st.sampled_from(names)).map(
                lambda chosen: [name for name in names if name in chosen]
            )
        case Variant(cases) | ResultOf(cases=cases):
            return st.one_of(*(case(name, payload) for name, payload in cases))
    raise AssertionError(kind)


def case(name: str, payload: WitType | None) -> st.SearchStrategy[Any]:
    return st.just(name) if payload is None else values(payload).map(lambda value: {name: value})


typed = kinds.flatmap(lambda kind: st.tuples(st.just(kind), values(kind)))


def word(value: object, kind: WitType) -> str:
    """A plain value as a person would type it."""
    bare = isinstance(kind, Enumeration) or (isinstance(kind, Scalar) and kind.name in {"char", "string"})
    if bare:
        return str(value)
    if isinstance(kind, OptionOf) and not isinstance(kind.payload, OptionOf):
        return "none" if value is None else word(value, kind.payload)
    return json.dumps(value)


def shadowed(value: object, kind: WitType) -> bool:
    """An option of text whose text is `none`: the word means nothing."""
    return isinstance(kind, OptionOf) and value in {"none", "null"} if isinstance(value, str) else False


@given(typed)
def test_a_value_typed_as_a_word_is_read_back(pair: tuple[WitType, Any]) -> None:
    kind, value = pair
    assume(not shadowed(value, kind))
    assert parse_word(word(value, kind), kind) == value


@given(typed)
def test_checking_a_value_of_the_type_changes_nothing(pair: tuple[WitType, Any]) -> None:
    kind, value = pair
    assert check(value, kind) == value


ENGINE = WasmEngine()


def wasm_type(kind: WitType) -> wc.ValType:
    """The type as wasmtime has it: of a parameter in a component that imports a function with it."""
    definitions: list[str] = []
    shown = _text(kind, definitions)
    text = f'(component {" ".join(definitions)} (import "f" (func (param "x" {shown}))))'
    component = wc.Component(ENGINE, text)
    function = component.type.imports(ENGINE)["f"].ty
    assert isinstance(function, wc.FuncType)
    return function.params[0][1]


def quoted(names: tuple[str, ...]) -> str:
    return " ".join(map(json.dumps, names))


def _text(kind: WitType, definitions: list[str]) -> str:  # noqa: C901 - one arm per type constructor
    """Component text of a type; what must have a name is imported under one."""

    def of(each: WitType) -> str:
        return _text(each, definitions)

    def name(body: str) -> str:
        number = len(definitions)
        definitions.append(f'(type $d{number} {body}) (import "t{number}" (type $t{number} (eq $d{number})))')
        return f"$t{number}"

    match kind:
        case Scalar(scalar):
            return scalar
        case ListOf(element):
            return f"(list {of(element)})"
        case OptionOf(payload):
            return f"(option {of(payload)})"
        case ResultOf(ok, err):
            return f"(result {of(ok) if ok else ''} {f'(error {of(err)})' if err else ''})"
        case TupleOf(elements):
            return f"(tuple {' '.join(map(of, elements))})"
        case Record(fields):
            return name("(record " + " ".join(f'(field "{n}" {of(each)})' for n, each in fields) + ")")
        case Variant(cases):
            return name("(variant " + " ".join(f'(case "{n}" {of(p) if p else ""})' for n, p in cases) + ")")
        case Enumeration(names):
            return name(f"(enum {quoted(names)})")
        case Flags(names):
            return name(f"(flags {quoted(names)})")
    raise AssertionError(kind)


@settings(max_examples=150, deadline=None)
@given(typed)
def test_wasmtime_hands_every_value_through_or_it_is_refused_by_name(pair: tuple[WitType, Any]) -> None:
    kind, value = pair
    theirs = wasm_type(kind)
    assert describe(theirs) == kind
    try:
        lowered = lower(value, kind)
    except Misfit as misfit:
        if "cannot be told from" not in str(misfit):
            raise
        return
    raw = ffi.wasmtime_component_val_t()
    theirs.convert_to_c(None, lowered, pointer(raw))  # type: ignore[arg-type]  # only resources need the store
    assert lift(theirs.convert_from_c(raw), kind) == value
    assert byref(raw)


def test_a_bool_beside_an_integer_is_the_one_thing_that_is_refused() -> None:
    either = Variant((("count", Scalar("u32")), ("flag", Scalar("bool"))))
    assert lower({"count": 1}, either) == 1
    with pytest.raises(Misfit, match="`flag` cannot be told from `count`"):
        lower({"flag": True}, either)


@given(st.sampled_from(sorted(INTEGERS)), st.integers(-(2**70), 2**70))
def test_an_integer_fits_exactly_its_range(name: str, number: int) -> None:
    sign, bits = INTEGERS[name]
    low, high = (0, 2**bits) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    if low <= number < high:
        assert parse_word(str(number), Scalar(name)) == number
    else:
        with pytest.raises(Misfit, match=f"does not fit {name}"):
            parse_word(str(number), Scalar(name))


@pytest.mark.parametrize("bits", [32, 64])
@given(data=st.data())
def test_a_core_integer_takes_either_sign_for_the_same_bits(bits: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(-(2 ** (bits - 1)), 2**bits - 1))
    read = parse_word(hex(number), Scalar(f"i{bits}"))
    assert isinstance(read, int)
    assert read % 2**bits == number % 2**bits
    assert -(2 ** (bits - 1)) <= read < 2 ** (bits - 1)


@given(kinds, st.text(max_size=20))
def test_any_word_is_a_value_of_the_type_or_a_misfit_that_says_so(kind: WitType, text: str) -> None:
    try:
        value = parse_word(text, kind)
    except Misfit:
        return
    assert check(value, kind) == value or value != value


MISFITS = [
    ("x", Scalar("s32"), "not an integer"),
    ("1.5", Scalar("u8"), "not an integer"),
    ("yes", Scalar("bool"), "true or false"),
    ("ab", Scalar("char"), "one character"),
    ("1e999999", Scalar("f32"), ""),
    ("1e39", Scalar("f32"), "does not fit f32"),
    ("red", Enumeration(("green", "blue")), "none of green, blue"),
    ("[1, 2", ListOf(Scalar("u8")), "not JSON"),
    ("[" * 100_000, ListOf(Scalar("u8")), "JSON"),
    ("[1, 256]", ListOf(Scalar("u8")), "does not fit u8"),
    ('{"a": 1}', ListOf(Scalar("u8")), "not an array"),
    ("{}", Record((("x", Scalar("s32")),)), "field x is missing"),
    ('{"x": 1, "z": 2}', Record((("x", Scalar("s32")),)), "no field `z`"),
    ("[1]", TupleOf((Scalar("s32"), Scalar("s32"))), "tuple of 2"),
    ('{"maybe": 1}', ResultOf(Scalar("s32"), None), '{"ok": s32}, "err"'),
    ("1", Unsupported("own"), ""),
    ("9" * 5000, Scalar("s64"), ""),
]


@pytest.mark.parametrize(("text", "kind", "words"), MISFITS)
def test_a_word_that_does_not_fit_is_told_what_would(text: str, kind: WitType, words: str) -> None:
    if text == "1e999999":
        assert parse_word(text, kind) == math.inf
        return
    with pytest.raises(Misfit) as caught:
        parse_word(text, kind)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


def test_types_are_shown_as_wit_writes_them() -> None:
    kind = Record(
        (("a", ListOf(Scalar("u8"))), ("b", ResultOf(None, Scalar("string"))), ("c", OptionOf(Scalar("char"))))
    )
    assert str(kind) == "record {a: list<u8>, b: result<_, string>, c: option<char>}"
    assert str(Variant((("x", Scalar("f32")), ("y", None)))) == "variant {x(f32), y}"
    assert [str(ResultOf(None, None)), str(ResultOf(Scalar("u8"), None))] == ["result", "result<u8>"]


@pytest.mark.parametrize(
    ("function", "argument", "answer"),
    [
        ("u32", "4294967295", 4294967295), ("s64", "-9223372036854775808", -(2**63)), ("s8", "-128", -128),
        ("char", "ç", "ç"), ("bool", "#t", True), ("f64", "-0.1", -0.1), ("f64", "inf", math.inf),
        ("f32", "0.1", struct.unpack("f", struct.pack("f", 0.1))[0]),
    ],
)  # fmt: skip
def test_a_component_gets_the_word_and_its_answer_comes_back(
    engine: Engine, echo: bytes, function: str, argument: str, answer: object
) -> None:
    assert engine.run(echo, function, [argument], None).values == (answer,)


def test_not_a_number_comes_back_as_it_went(engine: Engine, echo: bytes) -> None:
    (value,) = engine.run(echo, "f64", ["nan"], None).values
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("args", "words"),
    [([], "takes 1 argument and was given 0"), (["1", "2"], "given 2"), (["x"], "argument 1 (`x`) of `u32`")],
)
def test_arguments_that_do_not_fit_are_told_the_signature(
    engine: Engine, echo: bytes, args: list[str], words: str
) -> None:
    with pytest.raises(BadArguments) as caught:
        engine.run(echo, "u32", args, None)
    assert words in str(caught.value)
    assert "u32(x: u32) -> u32" in caught.value.render()


def test_an_unknown_function_is_told_which_was_meant(engine: Engine, echo: bytes) -> None:
    with pytest.raises(UnknownFunction) as caught:
        engine.run(echo, "u23", [], None)
    assert "Did you mean `u32`?" in caught.value.render()
    assert "bool, char, f32" in caught.value.render() or "u32, s64" in caught.value.render()


INTERFACE = """(component
  (core module $m (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
  (core instance $i (instantiate $m))
  (func $twice (param "n" u32) (result u32) (canon lift (core func $i "twice")))
  (instance $math (export "twice" (func $twice)))
  (export "tatara:demo/math@1.0.0" (instance $math)))"""


@pytest.mark.parametrize("name", ["tatara:demo/math@1.0.0#twice", "twice"])
def test_a_function_of_an_interface_is_called_by_its_full_name_or_its_last_part(
    engine: Engine, name: str
) -> None:
    wasm = engine.wat(INTERFACE)
    assert engine.run(wasm, name, ["21"], None).values == (42,)
    info = engine.inspect(wasm)
    assert info.form == "component"
    assert [str(each) for each in info.exports] == ["tatara:demo/math@1.0.0#twice(n: u32) -> u32"]


def test_a_core_module_tells_its_functions_and_imports(engine: Engine) -> None:
    info = engine.inspect(
        engine.wat(
            """(module (import "env" "x" (func))
              (func (export "f") (param i32 f64) (result i64 f32) unreachable))"""
        )
    )
    assert (info.form, info.imports) == ("module", ("env.x",))
    assert str(info.exports[0]) == "f(p0: i32, p1: f64) -> (i64, f32)"


def test_several_results_are_several_values(engine: Engine) -> None:
    wasm = engine.wat('(module (func (export "f") (result i64 f64) (i64.const -1) (f64.const 0.5)))')
    assert engine.run(wasm, "f", [], None).values == (-1, 0.5)
