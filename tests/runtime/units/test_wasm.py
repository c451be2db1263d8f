"""Units that are wasm: the six exported callbacks, what does not fit, and every kind of death."""

import os
import signal
from queue import SimpleQueue

import pytest

from caixa.manifest.model import Limits
from caixa.runtime.errors import (
    BadArguments,
    DeadlineExceeded,
    EngineDied,
    FuelExhausted,
    GuestTrap,
    MemoryExceeded,
    NoCallback,
    UnitGone,
)
from caixa.runtime.live import Image
from caixa.runtime.supervision.events import Exit, Why
from caixa.runtime.units.system import UnitSystem
from caixa.runtime.units.wasm import WasmProgram
from tests.runtime import guests

PATIENCE = 20.0  # seconds, before a test that hangs says so
FOREVER = Limits(wall_clock=60 * 10**9)


@pytest.fixture
def system():
    system = UnitSystem()
    yield system
    system.close()


@pytest.fixture(params=["core", "component"])
def image(engine, request):
    return Image(engine.wat({"core": guests.ACTOR, "component": guests.ACTOR_COMPONENT}[request.param]))


@pytest.fixture
def program(engine, image):
    return WasmProgram(engine, image, None)


def test_init_calls_and_casts_share_a_state(system, program):
    unit = system.start("a", program.life(), (5,))
    system.cast(unit, 2)
    system.cast(unit, "3")
    assert system.call(unit, [0], PATIENCE) == 10


def test_each_life_begins_anew(system, program):
    units = [system.start("a", program.life(), (n,)) for n in (1, 2)]
    assert [system.call(unit, 0, PATIENCE) for unit in units] == [1, 2]


@pytest.mark.parametrize(
    ("word", "limits", "kind"),
    [
        ("-1", None, GuestTrap),
        ("-2", Limits(fuel=100_000), FuelExhausted),
        ("-2", Limits(wall_clock=20_000_000), DeadlineExceeded),
        ("-3", Limits(memory=1 << 20), MemoryExceeded),
    ],
)
def test_every_violation_is_the_end_and_is_told_to_who_asked(system, engine, image, word, limits, kind):
    ends = []
    program = WasmProgram(engine, image, limits)
    unit = system.begin("a", program.life(), (0,), ended=lambda _, why: ends.append(why))
    with pytest.raises(kind) as caught:
        system.call(unit, word, PATIENCE)
    assert ends == [Why(Exit.ABNORMAL, caught.value)]
    with pytest.raises(UnitGone):
        system.call(unit, 0)
    with pytest.raises(kind):
        system.start("a", program.life(), (word,))
    assert (system.list(), engine.units()) == ((), ())


def test_what_does_not_fit_costs_nothing(system, program):
    unit = system.start("a", program.life(), (7,))
    with pytest.raises(BadArguments):
        system.call(unit, "seven", PATIENCE)
    assert system.call(unit, 0, PATIENCE) == 7


def test_a_guest_without_callbacks_can_be_started_and_asked_for_nothing(system, engine):
    program = WasmProgram(engine, Image(engine.wat("(module)")), None)
    unit = system.start("a", program.life())
    with pytest.raises(NoCallback, match="on-call"):
        system.call(unit, 1, PATIENCE)
    system.ask_to_stop(unit)


def test_a_down_message_has_the_monitor_and_how_it_ended(system, program):
    unit, other = (system.start(name, program.life(), (0,)) for name in "ab")
    monitor = system.monitor(unit, other)
    system.kill(other)
    assert system.call(unit, 0, PATIENCE) == monitor * 10 + 2  # the third way of ending


def test_a_state_change_is_given_the_version(system, engine):
    program = WasmProgram(engine, Image(engine.wat(guests.ACTOR_COMPONENT)), None)
    unit = system.start("a", program.life(), (0,))
    system.change_state(unit, "0.1.0", PATIENCE)
    assert system.call(unit, 0, PATIENCE) == len("0.1.0")


@pytest.mark.parametrize(
    ("end", "exit_", "is_terminated"),
    [
        (lambda system, unit: system.ask_to_stop(unit), Exit.ABNORMAL, True),  # since its `on-terminate` traps
        (lambda system, unit: system.kill(unit), Exit.KILLED, False),
        (lambda system, unit: system.cast(unit, -1), Exit.ABNORMAL, False),
    ],
)
def test_terminate_is_called_on_a_graceful_end_only(system, engine, end, exit_, is_terminated):
    ends = SimpleQueue()
    program = WasmProgram(engine, Image(engine.wat(guests.FRAGILE)), None)
    unit = system.begin("a", program.life(), (0,), ended=lambda _, why: ends.put(why))
    system.call(unit, 0, PATIENCE)
    end(system, unit)
    why = ends.get(timeout=PATIENCE)
    assert (why.exit, "on-terminate" in getattr(why.detail, "frames", ())) == (exit_, is_terminated)


def test_a_guest_that_exits_has_ended_normally_with_0_only(system, engine):
    text = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $x (param i32)))
      (func (export "on-cast") (param i32) (call $x (local.get 0))))"""
    ends = SimpleQueue()
    program = WasmProgram(engine, Image(engine.wat(text)), None)
    for status in (0, 3):
        unit = system.begin("a", program.life(), ended=lambda _, why: ends.put(why.exit))
        system.cast(unit, status)
    assert {ends.get(timeout=PATIENCE) for _ in range(2)} == {Exit.ABNORMAL, Exit.NORMAL}
    assert engine.units() == ()


def test_a_unit_that_spins_is_killed_at_once_and_the_engine_goes_on(system, engine, image):
    program = WasmProgram(engine, image, FOREVER)
    unit, other = (system.start(name, program.life(), (0,)) for name in "ab")
    pid = engine._connected().process.pid
    with pytest.raises(TimeoutError):
        system.call(unit, -2, 0.05)
    system.kill(unit)
    assert system.call(other, 4, PATIENCE) == 4
    assert engine._connected().process.pid == pid


def test_the_death_of_the_engine_is_the_end_of_units_that_only_wait(system, own, image):
    ends = SimpleQueue()
    program = WasmProgram(own, image, None)
    units = [
        system.begin("a", program.life(), (0,), ended=lambda unit, why: ends.put((unit, type(why.detail))))
        for _ in range(3)
    ]
    for unit in units:
        system.call(unit, 0, PATIENCE)
    os.kill(own._connected().process.pid, signal.SIGKILL)
    assert [ends.get(timeout=PATIENCE) for _ in units] == [(unit, EngineDied) for unit in units]
    unit = system.start("a", program.life(), (6,))
    assert system.call(unit, 0, PATIENCE) == 6
