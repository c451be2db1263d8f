"""Instance per request: no past, no end by a violation, and new code for the next message."""

import pytest

from caixa.manifest.model import Limits
from caixa.runtime.errors import BadArguments, FuelExhausted, GuestTrap, UnitGone
from caixa.runtime.live import Image
from caixa.runtime.units.fresh import FreshBehaviour
from caixa.runtime.units.system import UnitSystem
from caixa.runtime.units.wasm import WasmProgram
from tests.runtime import guests

PATIENCE = 20.0  # seconds, before a test that hangs says so


@pytest.fixture
def system():
    system = UnitSystem()
    yield system
    system.close()


@pytest.fixture(scope="module")
def image(engine):
    return Image(engine.wat(guests.ACTOR))


def test_every_message_meets_a_state_that_only_init_made(system, engine, image):
    unit = system.start("a", FreshBehaviour(WasmProgram(engine, image, None)), (5,))
    system.cast(unit, 100)
    assert [system.call(unit, 2, PATIENCE) for _ in range(3)] == [7, 7, 7]
    assert engine.units() == ()


@pytest.mark.parametrize(("word", "kind"), [("-1", GuestTrap), ("-2", FuelExhausted), ("seven", BadArguments)])
def test_a_violation_is_the_error_of_who_asked_and_nobodys_end(system, engine, image, word, kind):
    program = WasmProgram(engine, image, Limits(fuel=100_000))
    unit = system.start("a", FreshBehaviour(program), (0,))
    with pytest.raises(kind):
        system.call(unit, word, PATIENCE)
    assert system.call(unit, 3, PATIENCE) == 3
    assert engine.units() == ()


def test_what_keeps_an_instance_from_starting_is_found_at_the_start(system, engine, image):
    with pytest.raises(GuestTrap):
        system.start("a", FreshBehaviour(WasmProgram(engine, image, None)), ("-1",))
    assert system.list() == ()


def test_a_guest_that_exits_has_answered_and_the_unit_goes_on(system, engine):
    text = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $x (param i32)))
      (func (export "on-call") (param i32) (result i32) (call $x (i32.const 0)) unreachable))"""
    unit = system.start("a", FreshBehaviour(WasmProgram(engine, Image(engine.wat(text)), None)))
    assert [system.call(unit, 1, PATIENCE) for _ in range(2)] == [None, None]


def test_the_next_request_runs_what_was_deployed_and_none_is_lost(system, engine, image):
    doubled = guests.ACTOR.replace("(call $obey (local.get 0)) (global.get $state)", "(i32.const 2)")
    behaviour = FreshBehaviour(WasmProgram(engine, image, None))
    unit = system.start("a", behaviour, (0,))
    answers = [system.call(unit, 1, PATIENCE) for _ in range(3)]
    behaviour.deploy(WasmProgram(engine, Image(engine.wat(doubled)), None))
    answers += [system.call(unit, 1, PATIENCE) for _ in range(3)]
    assert answers == [1, 1, 1, 2, 2, 2]


def test_a_request_that_never_ends_is_killed_with_its_unit(system, engine, image):
    unit = system.start("a", FreshBehaviour(WasmProgram(engine, image, None)), (0,))
    with pytest.raises(TimeoutError):
        system.call(unit, -2, 0.05)
    system.kill(unit)
    with pytest.raises(UnitGone):
        system.call(unit, 1, PATIENCE)
    assert engine.units() == ()
