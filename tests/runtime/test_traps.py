"""Every trap of wasmtime has a row in our table, with wasmtime's own words beside it."""

from __future__ import annotations

import pytest
from wasmtime import Trap, TrapCode, WasmtimeError
from wasmtime import _ffi as ffi

from caixa.runtime.engine_process.traps import MEANINGS, Cause, read_stumble

LIMITS = {
    TrapCode.OUT_OF_FUEL: Cause.FUEL,
    TrapCode.STACK_OVERFLOW: Cause.STACK,
    TrapCode.INTERRUPT: Cause.INTERRUPT,
}


def trap(code: TrapCode) -> Trap:
    return Trap._from_ptr(ffi.wasmtime_trap_new_code(code.value))


def test_no_trap_code_is_without_a_row_and_no_row_without_a_code() -> None:
    assert set(MEANINGS) == set(TrapCode)


@pytest.mark.parametrize("code", list(TrapCode), ids=lambda code: code.name)
def test_a_trap_and_its_text_are_read_alike(code: TrapCode) -> None:
    assert str(trap(code)) == f"wasm trap: {MEANINGS[code].text}"
    by_code = read_stumble(trap(code))
    by_text = read_stumble(
        WasmtimeError(f"error while executing\n\nCaused by:\n    wasm trap: {MEANINGS[code].text}")
    )
    assert (by_code.cause, by_code.reason) == (by_text.cause, by_text.reason)
    assert by_code.reason


@pytest.mark.parametrize("code", list(TrapCode), ids=lambda code: code.name)
def test_only_the_three_limits_are_not_the_guests_doing(code: TrapCode) -> None:
    assert MEANINGS[code].cause in {LIMITS.get(code, Cause.FAULT), Cause.STARVED}
    assert (code in LIMITS) == (not MEANINGS[code].reason)


def test_a_trap_without_a_code_keeps_its_message() -> None:
    stumble = read_stumble(Trap("the host said no\nand more"))
    assert (stumble.cause, stumble.reason) == (Cause.STARVED, "the host said no")


def test_frames_are_read_from_a_components_message_and_the_outermost_gets_the_name_that_was_called() -> None:
    message = """error while executing at wasm backtrace:
    0:     0x40 - m!inner
    1:     0x50 - <unknown>!<wasm function 7>

Caused by:
    wasm trap: integer divide by zero"""
    stumble = read_stumble(WasmtimeError(message))
    assert stumble.frames == ("inner", "function 7")
    assert stumble.within("handle").frames == ("inner", "handle")


def test_what_is_no_trap_is_a_matter_of_linking() -> None:
    stumble = read_stumble(WasmtimeError("incompatible import type for `a::b`\n\nCaused by:\n    types differ"))
    assert (stumble.cause, stumble.reason) == (Cause.LINK, "types differ")
