"""Live units: what they keep, what they may use, how they end, and who is told."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from caixa.manifest.model import Limits
from caixa.runtime.engine import Engine
from caixa.runtime.errors import (
    BadArguments,
    DeadlineExceeded,
    EngineDied,
    FuelExhausted,
    GuestTrap,
    Interrupted,
    InvalidModule,
    MemoryExceeded,
    MissingImport,
    RuntimeFailure,
    UnitExited,
    UnitGone,
    UnknownFunction,
)
from caixa.runtime.live import Image, Unit

from . import guests

PAGE = 65536


@pytest.fixture(scope="module")
def images(engine: Engine) -> dict[str, Image]:
    texts = {"core": guests.KEEPER, "component": guests.KEEPER_COMPONENT, "printer": guests.PRINTER}
    return {name: Image(engine.wat(text)) for name, text in texts.items()}


@pytest.fixture(params=["core", "component"])
def image(images: dict[str, Image], request: pytest.FixtureRequest) -> Image:
    return images[request.param]


def numbers(engine: Engine) -> list[int]:
    return [each.unit for each in engine.units()]


def until(happened: object, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not happened():  # type: ignore[operator]  # any callable without arguments
        time.sleep(0.005)
    return bool(happened())  # type: ignore[operator]  # as above


def test_a_unit_keeps_its_state_between_calls_and_shares_it_with_none(engine: Engine, image: Image) -> None:
    one, other = engine.open(image, None), engine.open(image, None)
    assert [one.call("add", [str(n)]).values for n in (1, 2, 3)] == [(1,), (3,), (6,)]
    assert other.call("add", ["40"]).values == (40,)
    assert numbers(engine) == [one.number, other.number]
    one.close()
    other.close()
    assert numbers(engine) == []


def test_usage_is_told_of_each_call_and_in_all(engine: Engine, image: Image) -> None:
    unit = engine.open(image, None)
    fuel = [unit.call("add", ["1"]).fuel_used or 0 for _ in range(3)]
    assert 0 < fuel[0] == fuel[1] == fuel[2] < 100
    unit.call("grow", ["2"])
    status = unit.status()
    assert (status.unit, status.calls) == (unit.number, 4)
    assert (status.memory_bytes, status.memory_peak) == (3 * PAGE, 3 * PAGE)
    assert status.fuel_used > sum(fuel)
    assert status.elapsed > 0
    unit.close()


def test_fuel_is_for_each_call_anew_and_memory_for_the_whole_life(engine: Engine, image: Image) -> None:
    unit = engine.open(image, Limits(fuel=100, memory=3 * PAGE))
    for _ in range(50):
        unit.call("add", ["1"])
    assert [unit.call("grow", ["1"]).values for _ in range(3)] == [(1,), (2,), (-1,)]
    assert unit.ended is None
    unit.close()


@pytest.mark.parametrize(
    ("function", "limits", "kind"),
    [
        ("spin", Limits(fuel=100_000), FuelExhausted),
        ("spin", Limits(wall_clock=20_000_000), DeadlineExceeded),
        ("unreachable", Limits(), GuestTrap),
    ],
)
def test_a_violation_ends_the_unit_says_which_and_leaves_the_others(
    engine: Engine, image: Image, function: str, limits: Limits, kind: type[RuntimeFailure]
) -> None:
    told: list[tuple[Unit, RuntimeFailure]] = []
    unit = engine.open(image, limits, lambda unit, why: told.append((unit, why)))
    bystander = engine.open(image, None)
    with pytest.raises(kind) as caught:
        unit.call(function)
    assert type(unit.ended) is kind
    assert told == [(unit, caught.value)]
    with pytest.raises(UnitGone, match=caught.value.message[:20]):
        unit.call("add", ["1"])
    assert numbers(engine) == [bystander.number]
    assert bystander.call("add", ["1"]).values == (1,)
    bystander.close()


def test_memory_refused_and_given_up_is_a_violation_with_the_cap(engine: Engine) -> None:
    unit = engine.open(Image(engine.wat(guests.CORE)), Limits(memory=2 * PAGE))
    with pytest.raises(MemoryExceeded) as caught:
        unit.call("grow")
    assert (caught.value.limit, caught.value.used) == (2 * PAGE, 2 * PAGE)
    assert unit.ended is caught.value


def test_a_call_that_does_not_fit_costs_nothing(engine: Engine, image: Image) -> None:
    unit = engine.open(image, None)
    unit.call("add", ["5"])
    with pytest.raises(UnknownFunction, match="ad"):
        unit.call("ad", ["1"])
    with pytest.raises(BadArguments):
        unit.call("add", ["one"])
    assert unit.call("add", ["1"]).values == (6,)
    unit.close()


def test_what_a_unit_prints_is_told_with_the_call_that_printed_it(
    engine: Engine, images: dict[str, Image]
) -> None:
    unit = engine.open(images["printer"], None)
    assert [unit.call("say").output for _ in range(2)] == ["olá\n", "olá\n"]
    unit.close()


def test_a_unit_that_exits_has_ended_with_its_status(engine: Engine, images: dict[str, Image]) -> None:
    told: list[RuntimeFailure] = []
    unit = engine.open(images["printer"], None, lambda _, why: told.append(why))
    assert unit.call("_start").exit_code == 3
    assert isinstance(unit.ended, UnitExited)
    assert (unit.ended.status, told) == (3, [unit.ended])
    assert numbers(engine) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('(module (import "env" "abort" (func)))', MissingImport),
        ('(component (import "log" (func)))', MissingImport),
        ("(module (func $s unreachable) (start $s))", GuestTrap),
        ('(module (memory 10) (func (export "_initialize") (loop (br 0))))', FuelExhausted),
        ("(module (table 10 funcref) (elem (i32.const 20) func $f) (func $f))", GuestTrap),
        (
            """(module (import "wasi_snapshot_preview1" "proc_exit" (func $x (param i32)))
            (func $s (call $x (i32.const 7))) (start $s))""",
            UnitExited,
        ),
    ],
)
def test_a_unit_that_cannot_begin_is_an_error_and_leaves_nothing(
    engine: Engine, text: str, kind: type[RuntimeFailure]
) -> None:
    with pytest.raises(kind):
        engine.open(Image(engine.wat(text)), Limits(fuel=10_000))
    assert numbers(engine) == []


def test_bytes_that_are_no_module_are_refused(engine: Engine) -> None:
    with pytest.raises(InvalidModule):
        engine.open(Image(b"no module"), None)


def test_stop_ends_the_call_and_its_unit_and_no_other(engine: Engine, image: Image) -> None:
    unit, bystander = engine.open(image, None), engine.open(image, None)
    bystander.call("add", ["1"])
    pid = engine._connected().process.pid
    timer = threading.Timer(0.05, engine.interrupt)
    timer.start()
    with pytest.raises(Interrupted):
        unit.call("spin")
    timer.join()
    if engine._connected().process.pid != pid:  # too busy a machine to be stopped in time: all went with it
        pytest.skip("the engine process was not given a core in its grace")
    assert isinstance(unit.ended, UnitGone)
    assert bystander.call("add", ["1"]).values == (2,)
    bystander.close()
    assert numbers(engine) == []


def test_one_unit_can_be_closed_in_the_middle_of_a_call(engine: Engine, image: Image) -> None:
    unit = engine.open(image, None)
    timer = threading.Timer(0.05, unit.close)
    timer.start()
    with pytest.raises(Interrupted):
        unit.call("spin")
    timer.join()
    assert unit.ended is not None
    assert numbers(engine) == []


def test_the_death_of_the_process_is_the_end_of_each_unit_and_each_is_told(own: Engine, image: Image) -> None:
    told: list[tuple[int, str]] = []
    units = [own.open(image, None, lambda unit, why: told.append((unit.number, why.code))) for _ in range(5)]
    os.kill(own._connected().process.pid, signal.SIGKILL)
    assert until(lambda: len(told) == 5)
    assert told == [(unit.number, "engine-died") for unit in units]
    assert all("signal 9" in str(unit.ended) for unit in units)
    with pytest.raises(UnitGone, match="signal 9"):
        units[0].call("add", ["1"])
    assert own.open(image, None).number not in {unit.number for unit in units}


def test_a_call_under_way_when_the_process_dies_fails_and_the_unit_is_told_once(
    own: Engine, image: Image
) -> None:
    told: list[RuntimeFailure] = []
    unit = own.open(image, None, lambda _, why: told.append(why))
    pid = own._connected().process.pid
    timer = threading.Timer(0.05, lambda: os.kill(pid, signal.SIGKILL))
    timer.start()
    with pytest.raises(EngineDied):
        unit.call("spin")
    timer.join()
    own.close()
    assert [type(why) for why in told] == [EngineDied]


def test_threads_that_ask_one_unit_are_answered_one_after_another(engine: Engine, image: Image) -> None:
    unit = engine.open(image, None)
    sums: list[object] = []
    threads = [threading.Thread(target=lambda: sums.extend(unit.call("add", ["1"]).values)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, map(str, sums))) == list(range(1, 17))
    unit.close()


def resident(engine: Engine) -> int:
    """Return the bytes that the engine process holds."""
    engine.units()  # what was sent before has been done
    pid = engine._connected().process.pid
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_thousand_units_opened_and_closed_leave_nothing_behind(own: Engine, image: Image) -> None:
    def generation(count: int) -> None:
        for _ in range(count):
            unit = own.open(image, None)
            unit.call("grow", ["15"])
            unit.close()

    generation(100)
    before = resident(own)
    generation(1000)
    assert own.units() == ()
    assert resident(own) - before < 4 << 20  # a thousand times 1 MiB were held


def test_many_units_live_at_once_and_each_has_its_own_state(own: Engine, images: dict[str, Image]) -> None:
    units = [own.open(images["core"], None) for _ in range(200)]
    for index, unit in enumerate(units):
        unit.call("add", [str(index)])
    assert [unit.call("add", ["0"]).values for unit in units] == [(index,) for index in range(200)]


@pytest.mark.soak
def test_violations_of_every_kind_in_a_row_cost_no_memory_and_lose_no_answer(own: Engine) -> None:
    image = Image(own.wat(guests.ACTOR))
    ways = [("-1", Limits()), ("-2", Limits(fuel=20_000)), ("-3", Limits(memory=4 * PAGE))]
    kinds = [GuestTrap, FuelExhausted, MemoryExceeded]

    def round_of(count: int) -> None:
        for _ in range(count):
            for (word, limits), kind in zip(ways, kinds, strict=True):
                with pytest.raises(kind):
                    own.open(image, limits).call("on-call", [word])

    round_of(100)
    before = resident(own)
    round_of(1000)
    assert resident(own) - before < 4 << 20
    assert own.units() == ()
