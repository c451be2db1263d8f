"""The engine as a process: Stop, death, orphans, threads, noise on its standard output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.manifest.model import Limits
from caixa.runtime.engine import Engine
from caixa.runtime.errors import (
    BadArguments,
    EngineDied,
    Interrupted,
    InvalidModule,
    ResultTooLarge,
    RuntimeFailure,
)

FOREVER = Limits(wall_clock=60 * 10**9)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, within: float = 5.0) -> bool:
    until = time.monotonic() + within
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not alive(pid)


def later(seconds: float, action: object) -> threading.Timer:
    timer = threading.Timer(seconds, action)  # type: ignore[arg-type]  # any callable without arguments
    timer.start()
    return timer


@pytest.mark.parametrize("form", ["core", "component"])
def test_stop_ends_a_wasm_loop_at_once_twenty_times_of_twenty_and_keeps_the_process(
    engine: Engine, modules: dict[str, bytes], form: str
) -> None:
    delays, pids = [], set()
    for _ in range(20):
        pressed = []
        timer = later(0.03, lambda pressed=pressed: (pressed.append(time.perf_counter()), engine.interrupt()))
        with pytest.raises(Interrupted):
            engine.run(modules[form], "spin", [], FOREVER)
        delays.append(time.perf_counter() - pressed[0])
        timer.join()
        pids.add(engine._connected().process.pid)
    assert sorted(delays)[10] < 0.025
    # A process that is not given a core within its grace is killed: rare, on a machine that is busy.
    assert len(pids) <= 3
    assert engine.run(modules[form], "ok", [], None).values == (42,)


def test_stop_without_a_call_does_nothing(engine: Engine, modules: dict[str, bytes]) -> None:
    engine.interrupt()
    assert engine.run(modules["core"], "ok", [], None).values == (42,)
    Engine().interrupt()


def test_stop_ends_a_compilation_which_cannot_be_asked_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    body = "(i32.add " * 400 + "(local.get 0)" + "(i32.const 1))" * 400
    text = f"(module {f'(func (param i32) (result i32) {body})' * 900})"
    engine = Engine()
    try:
        engine.wat("(module)")
        timer = later(0.25, engine.interrupt)
        with pytest.raises(Interrupted):
            engine.wat(text)
        timer.join()
        assert engine.wat("(module)")[:4] == b"\0asm"
    finally:
        engine.close()


def test_stop_while_the_process_starts_lets_it_start() -> None:
    engine = Engine()
    try:
        engine.start()
        pid = engine._connected().process.pid
        timer = later(0.01, engine.interrupt)
        with pytest.raises(Interrupted):
            engine.wat("(module)")
        timer.join()
        assert engine.wat("(module)")[:4] == b"\0asm"
        assert engine._connected().process.pid == pid
    finally:
        engine.close()


def test_a_keyboard_interrupt_in_the_waiting_thread_ends_the_call_too(
    engine: Engine, modules: dict[str, bytes]
) -> None:
    timer = later(0.1, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        engine.run(modules["core"], "spin", [], FOREVER)
    timer.join()
    assert engine.run(modules["core"], "ok", [], None).values == (42,)


def test_interrupted_is_no_exception_that_a_handler_for_errors_would_swallow() -> None:
    assert issubclass(Interrupted, KeyboardInterrupt)
    assert not issubclass(Interrupted, Exception)


def test_a_process_that_dies_fails_the_call_in_flight_and_the_next_call_gets_another(
    modules: dict[str, bytes],
) -> None:
    engine = Engine()
    try:
        engine.wat("(module)")
        pid = engine._connected().process.pid
        timer = later(0.1, lambda: os.kill(pid, signal.SIGKILL))
        with pytest.raises(EngineDied, match="signal 9"):
            engine.run(modules["core"], "spin", [], FOREVER)
        timer.join()
        assert engine.run(modules["core"], "ok", [], None).values == (42,)
        assert engine._connected().process.pid != pid
    finally:
        engine.close()


def test_a_process_that_died_while_nobody_used_it_is_nobodys_failure(modules: dict[str, bytes]) -> None:
    engine = Engine()
    try:
        for _ in range(3):
            engine.wat("(module)")
            process = engine._connected().process
            process.kill()
            process.wait()
            assert engine.run(modules["core"], "ok", [], None).values == (42,)
    finally:
        engine.close()


def test_a_process_that_cannot_speak_is_reported_with_what_it_said() -> None:
    engine = Engine((sys.executable, "-c", "import sys; sys.exit('no wasmtime here')"))
    with pytest.raises(EngineDied) as caught:
        engine.wat("(module)")
    assert "no wasmtime here" in caught.value.render()
    engine.close()


def test_nonsense_on_the_channel_is_a_death_and_not_a_hang() -> None:
    script = "import os, sys, time; os.write(int(sys.argv[1]), b'x' * 99); time.sleep(9)"
    engine = Engine((sys.executable, "-c", script))
    with pytest.raises(EngineDied):
        engine.wat("(module)")
    engine.close()


def test_what_a_guest_or_library_writes_to_standard_output_does_not_reach_the_channel() -> None:
    noise = "import os; os.write(1, b'noise' * 999); os.write(2, b'noise' * 999)"
    run = "import runpy; runpy.run_module('caixa.runtime.engine_process', run_name='__main__')"
    engine = Engine((sys.executable, "-c", f"{noise}; {run}"))
    assert engine.wat("(module)")[:4] == b"\0asm"
    engine.close()


def test_processes_that_die_leave_no_open_files_behind() -> None:
    engine = Engine((sys.executable, "-S", "-c", "pass"))

    def die() -> None:
        with pytest.raises(EngineDied):
            engine.wat("(module)")

    die()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        die()
    until = time.monotonic() + 20  # others who share this process may be about to close theirs
    while len(os.listdir("/proc/self/fd")) > before + 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(os.listdir("/proc/self/fd")) <= before + 2
    engine.close()


def test_close_ends_the_process_and_a_later_call_starts_another() -> None:
    engine = Engine()
    engine.wat("(module)")
    pid = engine._connected().process.pid
    engine.close()
    assert not alive(pid)
    assert engine.wat("(module)")
    engine.close()


def test_an_engine_that_nobody_holds_ends_its_process() -> None:
    engine = Engine()
    engine.wat("(module)")
    pid = engine._connected().process.pid
    del engine
    assert gone(pid)


PARENT = """
import sys, threading, time
from caixa.runtime.engine import Engine
engine = Engine()
wasm = engine.wat('(module (func (export "spin") (loop (br 0))))')
print(engine._connected().process.pid, flush=True)
if sys.argv[1] == "busy":
    threading.Thread(target=lambda: engine.run(wasm, "spin", [], None), daemon=True).start()
time.sleep(60)
"""


@pytest.mark.parametrize("work", ["idle", "busy"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_its_parent_however_that_ends(work: str, how: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, work], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        time.sleep(0.1)
        parent.send_signal(how)
        parent.wait(10)
    assert gone(pid)


def test_the_process_is_in_a_session_of_its_own_so_that_a_signal_to_the_group_misses_it(engine: Engine) -> None:
    engine.wat("(module)")
    pid = engine._connected().process.pid
    assert os.getsid(pid) == pid != os.getsid(0)
    os.kill(pid, signal.SIGINT)
    engine.wat("(module)")
    assert engine._connected().process.pid == pid


def test_threads_share_an_engine_and_each_gets_its_own_answer(engine: Engine, echo: bytes) -> None:
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        answers[number] = engine.run(echo, "u32", [str(number)], None).values

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: (number,) for number in range(24)}


def test_importing_the_client_does_not_import_wasmtime() -> None:
    script = (
        "import sys, caixa.runtime.engine; print([n for n in sys.modules if n.startswith(('wasm', 'wasi'))])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    assert said.strip() == "[]"


@pytest.mark.parametrize(
    ("wasm", "words"),
    [
        (b"", "empty"),
        (b"\x7fELF" + bytes(100), "does not begin"),
        (b"x" * 50_000_000, "does not begin"),
        (b"\0asm", "cut short"),
        (b"\0asm\x01\0\0\0\x01\xff\xff\xff", "byte 0x"),
        (b"\0asm\x0d\0\x01\0\x01", "end-of-file"),
        (b"\0asm\x0d\0\x01\0" + b"\xff" * 50, ""),
        (b"(module)", "text"),
    ],
)
def test_bytes_that_are_no_module_are_one_clear_error(engine: Engine, wasm: bytes, words: str) -> None:
    for ask in (engine.inspect, lambda bad: engine.run(bad, "f", [], None)):
        with pytest.raises(InvalidModule) as caught:
            ask(wasm)
        assert words.replace("byte 0x", "") in str(caught.value)
        assert len(caught.value.render()) < 600


def test_text_that_does_not_assemble_is_placed(engine: Engine) -> None:
    with pytest.raises(InvalidModule) as caught:
        engine.wat("(module\n  (func (i32.cons 1)))")
    assert (caught.value.line, caught.value.column) == (2, 10)
    with pytest.raises(InvalidModule) as long:
        engine.wat("(module (func (i32.cons 1)) " + ";; and so on " * 100_000)
    assert len(long.value.render()) < 600


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8), st.sampled_from(["core", "component"]))
@settings(max_examples=120, deadline=None)
def test_a_module_with_any_bytes_changed_is_refused_or_runs_and_the_engine_lives(
    engine: Engine, modules: dict[str, bytes], place: int, change: bytes, form: str
) -> None:
    pid = engine._connected().process.pid
    data = bytearray(modules[form])
    start = place % len(data)
    data[start : start + len(change)] = change
    with suppress(RuntimeFailure):
        engine.inspect(bytes(data))
        engine.run(bytes(data), "ok", [], Limits(fuel=100_000, memory=1 << 20))
    assert engine._connected().process.pid == pid


def test_text_that_is_no_unicode_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidModule, match="surrogate"):
        engine.wat('(module (func (export "\ud800")))')


def test_a_result_that_cannot_be_shown_is_refused_before_the_call(engine: Engine) -> None:
    text = """(component (core module $m (func (export "f") (result i32) unreachable))
      (core instance $i (instantiate $m))
      (type $s (stream u8)) (func (export "f") (result $s) (canon lift (core func $i "f"))))"""
    with pytest.raises(BadArguments, match="returns a stream"):
        engine.run(engine.wat(text), "f", [], None)


def test_text_that_assembles_and_does_not_validate_is_refused_at_once(engine: Engine) -> None:
    with pytest.raises(InvalidModule, match="type mismatch"):
        engine.wat("(module (func (result i32)))")


def test_a_result_too_large_to_show_is_refused_and_the_engine_goes_on(engine: Engine) -> None:
    wasm = engine.wat(
        """(component (core module $m (memory (export "memory") 512)
          (func (export "f") (result i32) (i32.store (i32.const 0) (i32.const 64))
            (i32.store (i32.const 4) (i32.const 33000000)) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func (export "f") (result string)
          (canon lift (core func $i "f") (memory (core memory $i "memory")))))"""
    )
    with pytest.raises(ResultTooLarge):
        engine.run(wasm, "f", [], None)
    assert engine.wat("(module)")
