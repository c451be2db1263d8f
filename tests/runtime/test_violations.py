"""The table of violations: what a guest does, in which form, and what it is called."""

from __future__ import annotations

import pytest

from caixa.manifest.model import Limits
from caixa.runtime.engine import Engine
from caixa.runtime.errors import (
    DeadlineExceeded,
    FuelExhausted,
    GuestTrap,
    InvalidModule,
    MemoryExceeded,
    StackExhausted,
    Violation,
)

LIMITS = Limits(memory=1 << 20, fuel=50_000_000, wall_clock=5 * 10**9)

# function, limits, class, words that the report must contain
TABLE = [
    ("spin", Limits(fuel=10_000), FuelExhausted, ["10,000", ":fuel", "raise"]),
    ("spin", Limits(wall_clock=30_000_000), DeadlineExceeded, ["30ms", ":wall-clock", "raise"]),
    ("grow", LIMITS, MemoryExceeded, ["held 1 MiB", "1.062 MiB", "may have 1 MiB", ":memory", "2MiB"]),
    ("gulp", LIMITS, MemoryExceeded, ["held 64 KiB", "3.662 GiB", "may have 1 MiB"]),
    ("deep", LIMITS, StackExhausted, ["512 KiB", "deep"]),
    ("unreachable", LIMITS, GuestTrap, ["`unreachable`", "In: "]),
    ("divide", LIMITS, GuestTrap, ["divided an integer by zero"]),
    ("outside", LIMITS, GuestTrap, ["outside its memory"]),
    ("refused-then-divides", LIMITS, GuestTrap, ["zero", "had been refused"]),
]


@pytest.mark.parametrize("form", ["core", "component"])
@pytest.mark.parametrize(("function", "limits", "kind", "words"), TABLE)
def test_each_violation_has_its_name_in_both_forms(
    engine: Engine,
    modules: dict[str, bytes],
    form: str,
    function: str,
    limits: Limits,
    kind: type,
    words: list[str],
) -> None:
    with pytest.raises(Violation) as caught:
        engine.run(modules[form], function, [], limits)
    assert type(caught.value) is kind
    for word in words:
        assert word in caught.value.render()


@pytest.mark.parametrize("form", ["core", "component"])
def test_the_engine_goes_on_after_a_violation_in_the_same_process(
    engine: Engine, modules: dict[str, bytes], form: str
) -> None:
    before = engine._connected().process.pid
    with pytest.raises(FuelExhausted):
        engine.run(modules[form], "spin", [], Limits(fuel=1000))
    assert engine.run(modules[form], "ok", [], LIMITS).values == (42,)
    assert engine._connected().process.pid == before


@pytest.mark.parametrize("form", ["core", "component"])
def test_a_guest_that_copes_with_a_refusal_gives_its_result_and_the_refusal_is_told(
    engine: Engine, modules: dict[str, bytes], form: str
) -> None:
    result = engine.run(modules[form], "modest", [], LIMITS)
    assert result.values == (-1,)
    assert result.refused_bytes == 60_001 << 16
    assert result.memory_bytes == 1 << 16


@pytest.mark.parametrize("form", ["core", "component"])
def test_a_memory_whose_minimum_is_above_the_cap_is_refused_at_instantiation(engine: Engine, form: str) -> None:
    core = '(memory 40) (func (export "f"))'
    text = {
        "core": f"(module {core})",
        "component": f"""(component (core module $m {core}) (core instance $i (instantiate $m))
            (func (export "f") (canon lift (core func $i "f"))))""",
    }
    with pytest.raises(MemoryExceeded) as caught:
        engine.run(engine.wat(text[form]), "f", [], LIMITS)
    assert (caught.value.limit, caught.value.asked) == (1 << 20, 40 << 16)


def test_the_cap_is_on_all_memories_together(engine: Engine) -> None:
    three = engine.wat('(module (memory 6) (memory 6) (memory 6) (func (export "f")))')
    with pytest.raises(MemoryExceeded):
        engine.run(three, "f", [], LIMITS)
    assert engine.run(three, "f", [], Limits(memory=18 << 16)).memory_bytes == 18 << 16


def test_garbage_collected_objects_count_as_memory(engine: Engine) -> None:
    wasm = engine.wat(
        '(module (type $a (array i8)) (func (export "f") (drop (array.new_default $a (i32.const 9000000)))))'
    )
    with pytest.raises(MemoryExceeded):
        engine.run(wasm, "f", [], LIMITS)


def test_a_start_function_is_under_limits_too(engine: Engine) -> None:
    wasm = engine.wat('(module (func $s (loop (br 0))) (start $s) (func (export "f")))')
    with pytest.raises(FuelExhausted):
        engine.run(wasm, "f", [], Limits(fuel=1000))


def test_memory_that_other_threads_could_see_is_outside_the_account_and_refused(engine: Engine) -> None:
    with pytest.raises(InvalidModule, match="thread"):
        engine.wat('(module (memory 1 2 shared) (func (export "f")))')


def test_what_was_used_is_told(engine: Engine, modules: dict[str, bytes]) -> None:
    with pytest.raises(FuelExhausted) as fuel:
        engine.run(modules["core"], "spin", [], Limits(fuel=12_345))
    assert fuel.value.used == fuel.value.limit == 12_345
    with pytest.raises(DeadlineExceeded) as late:
        engine.run(modules["core"], "spin", [], Limits(wall_clock=40_000_000))
    assert 0.04 <= late.value.elapsed < 1
    result = engine.run(modules["core"], "ok", [], LIMITS)
    assert result.fuel_used is not None
    assert 0 < result.fuel_used < 100
    assert result.elapsed > 0


def resident(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def violate(engine: Engine, modules: dict[str, bytes], times: int) -> None:
    for turn in range(times):
        form = ("core", "component")[turn % 2]
        function = ("spin", "grow", "deep", "unreachable", "divide")[turn // 2 % 5]
        with pytest.raises(Violation):
            engine.run(
                modules[form], function, [], Limits(memory=1 << 20, fuel=20_000_000 if turn // 2 % 5 else 5000)
            )


@pytest.mark.parametrize(
    "times", [200, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
def test_violations_in_a_row_leave_nothing_behind(
    engine: Engine, modules: dict[str, bytes], times: int
) -> None:
    violate(engine, modules, 40)
    pid = engine._connected().process.pid
    before = resident(pid)
    violate(engine, modules, times)
    assert engine._connected().process.pid == pid
    assert resident(pid) - before < 4096, "kB of growth in the engine process"
