"""Supervisors of real wasm: every kind of death under every strategy, shutdown, escalation, trees."""

import os
import random
import signal
from contextlib import suppress

import pytest

from caixa.lisp.source import Source
from caixa.manifest.model import Estrategia, Limits, RestartKind
from caixa.runtime.errors import DeadlineExceeded, FuelExhausted, GuestTrap, RuntimeFailure
from caixa.runtime.live import Image
from caixa.runtime.supervision.driver import Supervisor
from caixa.runtime.supervision.errors import ChildNotStarted, RequestRefused, SupervisorTookTooLong
from caixa.runtime.supervision.events import Exit, Report, Why
from caixa.runtime.supervision.requests import CountChildren, ListChildren, StartChild, TerminateChild
from caixa.runtime.supervision.specification import ChildKind, ChildSpec, Flags
from caixa.runtime.supervision.tree import TreeHost
from caixa.runtime.units.host import UnitHost
from caixa.runtime.units.lisp import LispProgram
from caixa.runtime.units.system import UnitSystem
from caixa.runtime.units.wasm import WasmProgram
from tests.runtime import guests

PATIENCE = 30.0  # seconds, before a test that hangs says so
FOREVER = Limits(wall_clock=60 * 10**9)
# What to say to a child, its limits, and how it dies of it.
DEATHS = {
    "trap": ("-1", Limits(), GuestTrap),
    "fuel": ("-2", Limits(fuel=200_000), FuelExhausted),
    # Long enough for a busy machine to start a child in it.
    "clock": ("-2", Limits(wall_clock=300_000_000), DeadlineExceeded),
}


class Told:
    """A life of a unit that notes its start and its graceful end."""

    def __init__(self, life, name, story):
        self._life, self._name, self._story = life, name, story

    def __getattr__(self, name):
        return getattr(self._life, name)

    def init(self, arguments, fall):
        outcome = self._life.init(arguments, fall)
        self._story.append(f"{self._name} starts")
        return outcome

    def terminate(self, why):
        self._life.terminate(why)
        self._story.append(f"{self._name} terminates")


class Yard:
    """A system of units of one guest, the supervisors over them, and what happened."""

    def __init__(self, engine, image):
        self.engine, self.image = engine, image
        self.system = UnitSystem()
        self.story, self.reports, self.supervisors = [], [], []

    def host(self, names, limits=None):
        program = WasmProgram(self.engine, self.image, limits)

        def programs(name):
            return lambda: Told(program.life(), name, self.story)

        return UnitHost(self.system, {name: programs(name) for name in names})

    def supervise(self, flags, *specs, limits=None, host=None):
        made = Supervisor(
            flags, specs, host or self.host([each.name for each in specs], limits), notify=self.reports.append
        )
        self.supervisors.append(made)
        return made

    def crash(self, unit, word="-1"):
        """Say `word` to a unit that dies of it, and return how."""
        with pytest.raises(RuntimeFailure) as caught:
            self.system.call(unit, word, PATIENCE)
        return type(caught.value)

    def close(self):
        for each in self.supervisors:
            if each._thread.is_alive():
                each.stop(timeout=PATIENCE)
        self.system.close()


@pytest.fixture
def yard(engine):
    yard = Yard(engine, Image(engine.wat(guests.ACTOR)))
    yield yard
    yard.close()
    assert engine.units() == ()


def child(name, **options):
    return ChildSpec(name, arguments=("0",), **options)


def refs(supervisor):
    """Return what runs as which unit, once the supervisor has done what it is in the middle of."""
    with pytest.raises(RequestRefused, match="not found"):
        supervisor.ask(TerminateChild(10**9), PATIENCE)
    return [each.ref for each in supervisor.ask(ListChildren(), PATIENCE) if each.ref is not None]


RENEWED = {
    Estrategia.ONE_FOR_ONE: [False, True, False],
    Estrategia.ONE_FOR_ALL: [True, True, True],
    Estrategia.REST_FOR_ONE: [False, True, True],
}


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("estrategia", RENEWED)
def test_the_second_of_three_dies_and_who_is_renewed_is_what_the_strategy_says(yard, estrategia, death):
    word, limits, kind = DEATHS[death]
    there = yard.supervise(Flags(estrategia), *map(child, "abc"), limits=limits)
    there.start(PATIENCE)
    before = refs(there)
    for unit in before:
        yard.system.call(unit, 7, PATIENCE)
    assert yard.crash(before[1], word) is kind
    after = refs(there)
    assert [one != other for one, other in zip(before, after, strict=True)] == RENEWED[estrategia]
    states = [yard.system.call(unit, 0, PATIENCE) for unit in after]
    assert states == [0 if is_new else 7 for is_new in RENEWED[estrategia]]


@pytest.mark.parametrize("death", DEATHS)
def test_of_children_started_on_demand_the_one_that_dies_is_renewed_with_its_arguments(yard, death):
    word, limits, kind = DEATHS[death]
    there = yard.supervise(Flags(Estrategia.SIMPLE_ONE_FOR_ONE), ChildSpec("w"), limits=limits)
    there.start(PATIENCE)
    before = [there.ask(StartChild(arguments=(str(n),)), PATIENCE) for n in (10, 20, 30)]
    assert yard.crash(before[1], word) is kind
    after = refs(there)
    assert len(set(after) - set(before)) == 1
    assert sorted(yard.system.call(unit, 0, PATIENCE) for unit in after) == [10, 20, 30]


def test_too_many_deaths_are_the_end_of_the_supervisor_and_of_all_its_units(yard):
    there = yard.supervise(Flags(max_restarts=2), child("a"), child("b"))
    there.start(PATIENCE)
    for _ in range(3):
        yard.crash(refs(there)[0])
    assert there.wait(PATIENCE).exit is Exit.SHUTDOWN
    assert (yard.system.list(), yard.engine.units()) == ((), ())


@pytest.mark.parametrize(
    ("restart", "end", "comes_back"),
    [
        (RestartKind.PERMANENT, "exit", True),
        (RestartKind.TRANSIENT, "exit", False),
        (RestartKind.TRANSIENT, "trap", True),
        (RestartKind.TEMPORARY, "trap", False),
    ],
)
def test_an_exit_with_0_is_normal_and_a_trap_is_not(yard, restart, end, comes_back):
    text = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $x (param i32)))
      (func (export "on-init") (param i32))
      (func (export "on-call") (param i32)
        (if (local.get 0) (then unreachable)) (call $x (i32.const 0))))"""
    yard.image = Image(yard.engine.wat(text))
    there = yard.supervise(Flags(), child("a", restart=restart))
    there.start(PATIENCE)
    [before] = refs(there)
    with suppress(GuestTrap):
        yard.system.call(before, 0 if end == "exit" else 1, PATIENCE)
    after = refs(there)
    assert (len(after) == 1 and after != [before]) == comes_back


def test_children_end_in_the_reverse_order_of_their_start_each_terminated(yard):
    there = yard.supervise(Flags(), *map(child, "abc"))
    there.start(PATIENCE)
    there.stop(timeout=PATIENCE)
    assert yard.story == [
        *["a starts", "b starts", "c starts"],
        *["c terminates", "b terminates", "a terminates"],
    ]


def test_a_child_that_spins_is_killed_when_its_time_to_end_is_up(yard):
    there = yard.supervise(Flags(), child("a"), child("b", shutdown=0.05), limits=FOREVER)
    there.start(PATIENCE)
    yard.system.cast(refs(there)[1], "-2")
    there.stop(timeout=PATIENCE)
    assert yard.story[2:] == ["a terminates"]
    assert [each.child for each in yard.reports if isinstance(each, Report)] == ["b"]


def test_a_child_that_cannot_begin_keeps_the_supervisor_from_starting(yard):
    there = yard.supervise(Flags(), child("a"), ChildSpec("b", arguments=("-1",)))
    with pytest.raises(ChildNotStarted, match="b did not start: the guest trapped") as caught:
        there.start(PATIENCE)
    assert isinstance(caught.value.reason, GuestTrap)
    assert yard.story == ["a starts", "a terminates"]


def test_a_start_that_never_ends_can_be_given_up(yard):
    there = yard.supervise(Flags(), child("a"), ChildSpec("b", arguments=("-2",)), limits=FOREVER)
    with pytest.raises(SupervisorTookTooLong):
        there.start(0.3)
    there.stop(timeout=PATIENCE)
    assert yard.story == ["a starts", "a terminates"]


def test_a_child_that_cannot_begin_again_is_tried_as_often_as_is_allowed(yard):
    broken = '(module (func (export "on-init") (param i32) unreachable))'
    programs = [WasmProgram(yard.engine, Image(yard.engine.wat(text)), None) for text in (guests.ACTOR, broken)]
    lives = iter([programs[0].life(), *(programs[1].life() for _ in range(10))])
    there = yard.supervise(
        Flags(max_restarts=3), child("a"), host=UnitHost(yard.system, {"a": lambda: next(lives)})
    )
    there.start(PATIENCE)
    yard.crash(refs(there)[0])
    assert there.wait(PATIENCE).exit is Exit.SHUTDOWN
    assert len(list(lives)) == 10 - 3


# -- trees ----------------------------------------------------------------------------------------------


@pytest.fixture
def tree(yard):
    """Over `first` and `last`, and in between a supervisor of `x` and `y` that allows no restart."""
    below = []

    def make(spec, arguments, notify):
        specs = (child("x"), child("y"))
        below.append(Supervisor(Flags(max_restarts=0), specs, yard.host("xy"), notify=notify))
        return below[-1]

    specs = (child("first"), ChildSpec("below", shutdown=None, kind=ChildKind.SUPERVISOR), child("last"))
    root = yard.supervise(Flags(max_restarts=2), *specs, host=TreeHost(yard.host(["first", "last"]), make))
    root.start(PATIENCE)
    return root, below


def test_a_tree_ends_from_the_last_to_the_first(yard, tree):
    root, _ = tree
    root.stop(timeout=PATIENCE)
    names = ["first", "x", "y", "last"]
    assert yard.story == [f"{each} starts" for each in names] + [
        f"{each} terminates" for each in reversed(names)
    ]


def test_a_supervisor_below_that_gives_up_is_renewed_by_the_one_above(yard, tree):
    root, below = tree
    yard.story.clear()
    yard.crash(refs(below[0])[0])
    assert below[0].wait(PATIENCE).exit is Exit.SHUTDOWN
    while len(below) < 2 or not below[1]._begun.wait(0.01):
        assert root.ask(CountChildren(), PATIENCE).workers == 2
    assert yard.story == ["y terminates", "x starts", "y starts"]
    assert [yard.system.call(unit, 1, PATIENCE) for unit in refs(below[1])] == [1, 1]


# -- the engine, and everything at once -----------------------------------------------------------------


def test_when_the_engine_dies_every_unit_is_renewed_in_the_next(own):
    yard = Yard(own, Image(own.wat(guests.ACTOR)))
    there = yard.supervise(Flags(), *map(child, "abc"))
    there.start(PATIENCE)
    before, process = refs(there), own._connected().process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while len(after := set(refs(there)) - set(before)) < 3:
        pass
    assert sorted(yard.system.call(unit, 4, PATIENCE) for unit in after) == [4, 4, 4]
    yard.close()


def test_wasm_and_lisp_stand_under_one_supervisor(yard):
    text = "(define (init n) (list :ok n)) (define (handle-call n state) (list :reply (/ 10 n) state))"
    lisp = LispProgram(dict.fromkeys(["on-init", "on-call"], Source("lib/handlers.lisp", text)), None)
    wasm = WasmProgram(yard.engine, yard.image, None)
    host = UnitHost(yard.system, {"wasm": wasm.life, "lisp": lisp.life})
    there = yard.supervise(Flags(Estrategia.ONE_FOR_ALL), child("wasm"), child("lisp"), host=host)
    there.start(PATIENCE)
    before = refs(there)
    with pytest.raises(ZeroDivisionError):
        yard.system.call(before[1], 0, PATIENCE)
    after = refs(there)
    assert set(before).isdisjoint(after)
    assert [yard.system.call(unit, 5, PATIENCE) for unit in after] == [5, 2]


@pytest.mark.parametrize("estrategia", RENEWED)
def test_whatever_is_killed_at_random_all_run_in_the_end(yard, estrategia):
    dice = random.Random(f"{estrategia}")
    there = yard.supervise(Flags(estrategia, max_restarts=10**6), *map(child, "abcde"))
    there.start(PATIENCE)
    for _ in range(40):
        for seen in dice.sample(yard.system.list(), min(2, len(yard.system.list()))):
            with suppress(RuntimeFailure):
                if dice.random() < 0.5:
                    yard.system.kill(seen.number, Why(Exit.KILLED))
                else:
                    yard.system.cast(seen.number, "-1")
    survivors: list[int] = []
    while len(survivors) < 5 or survivors != refs(there):  # a death that was on its way may come yet
        survivors = refs(there)
        with suppress(RuntimeFailure):
            assert [yard.system.call(unit, 0, PATIENCE) for unit in survivors] == [0] * len(survivors)
