"""Nothing is ambient: what was not granted is refused by name; printing and exiting is all there is."""

from __future__ import annotations

import pytest

from caixa.manifest.model import Limits
from caixa.runtime.budget import OUTPUT_LIMIT
from caixa.runtime.engine import Engine
from caixa.runtime.errors import FuelExhausted, InvalidModule, MissingImport


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('(module (import "env" "abort" (func)) (func (export "f")))', ["env.abort"]),
        (
            '(module (import "wasi_snapshot_preview1" "path_open" (func)) (import "env" "m" (memory 1)))',
            ["wasi_snapshot_preview1.path_open", "env.m"],
        ),
        (
            '(module (import "wasi_snapshot_preview1" "clock_time_get" (func)))',
            ["wasi_snapshot_preview1.clock_time_get"],
        ),
        (
            '(component (import "wasi:cli/stdout@0.2.0" (instance)) (import "log" (func)))',
            ["wasi:cli/stdout@0.2.0", "log"],
        ),
    ],
)
def test_an_import_that_nobody_grants_is_refused_by_name(engine: Engine, text: str, names: list[str]) -> None:
    with pytest.raises(MissingImport) as caught:
        engine.run(engine.wat(text), "f", [], None)
    assert caught.value.facts["names"] == names
    assert all(name in str(caught.value) for name in names)


def test_a_granted_name_with_another_type_cannot_be_linked(engine: Engine) -> None:
    wasm = engine.wat(
        '(module (import "wasi_snapshot_preview1" "fd_write" (func (param i64))) (func (export "f")))'
    )
    with pytest.raises(InvalidModule, match="cannot be linked"):
        engine.run(wasm, "f", [], None)


def test_what_a_guest_prints_is_told_and_goes_nowhere_else(engine: Engine, printer: bytes) -> None:
    assert engine.run(printer, "say", [], None).output == "olá\n"
    result = engine.run(printer, "_start", [], None)
    assert (result.values, result.output, result.exit_code) == ((), "olá\n", 3)


def test_output_without_end_is_cut_and_the_limits_still_hold(engine: Engine, printer: bytes) -> None:
    with pytest.raises(FuelExhausted):
        engine.run(printer, "chatter", [], Limits(fuel=100_000))
    assert OUTPUT_LIMIT < 2 << 20


def test_a_wild_pointer_given_to_the_host_is_an_error_code_and_no_crash(engine: Engine, printer: bytes) -> None:
    assert engine.run(printer, "wild", [], None).values == (21,)


def test_arguments_and_environment_are_empty(engine: Engine) -> None:
    wasm = engine.wat(
        """(module (import "wasi_snapshot_preview1" "environ_sizes_get" (func $e (param i32 i32) (result i32)))
          (memory (export "memory") 1) (data (i32.const 0) "\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff")
          (func (export "f") (result i64)
            (drop (call $e (i32.const 0) (i32.const 4))) (i64.load (i32.const 0))))"""
    )
    assert engine.run(wasm, "f", [], None).values == (0,)


def test_a_reactor_is_initialised_before_its_function_is_called(engine: Engine) -> None:
    wasm = engine.wat(
        """(module (global $g (mut i32) (i32.const 0))
          (func (export "_initialize") (global.set $g (i32.const 7)))
          (func (export "f") (result i32) (global.get $g)))"""
    )
    assert engine.run(wasm, "f", [], None).values == (7,)


def test_no_run_sees_what_an_earlier_one_left(engine: Engine) -> None:
    wasm = engine.wat(
        """(module (memory 1) (func (export "count") (result i32)
          (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
          (i32.load (i32.const 0))))"""
    )
    assert [engine.run(wasm, "count", [], None).values for _ in range(3)] == [(1,)] * 3
