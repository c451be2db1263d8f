"""Many units: calls with a timeout, timers, links, monitors, and an end for all."""

import threading
from itertools import pairwise

import pytest

from caixa.runtime.errors import CallTimeout, UnitGone
from caixa.runtime.supervision.events import Exit, Why
from caixa.runtime.units.behaviour import Down, LinkedExit
from caixa.runtime.units.system import UnitSystem

from .doubles import Noting

PATIENCE = 20.0  # seconds, before a test that hangs says so


@pytest.fixture
def system():
    system = UnitSystem(threads=3)
    yield system
    system.close()


def settle(system, *units):
    """Return when each unit has handled what it was told before."""
    for unit in units:
        system.call(unit, "settled?", PATIENCE)


def gone(system, *units):
    """Return when none of these units is there any more."""
    over = threading.Event()
    while {each.number for each in system.list()} & set(units):
        over.wait(0.001)


def test_a_call_is_answered_and_a_start_waits_for_init(system):
    behaviour = Noting()
    unit = system.start("a", behaviour, ("x",))
    assert behaviour.story == [("init", "x")]
    assert system.call(unit, "hi", PATIENCE) == "heard hi"


def test_a_start_raises_what_init_raised_and_leaves_nothing(system):
    with pytest.raises(ValueError, match="no"):
        system.start("a", Noting(ValueError("no")))
    with pytest.raises(UnitGone, match="declined"):
        system.start("a", Noting(init=False))
    assert system.list() == ()


def test_who_waits_in_vain_hears_so_and_the_unit_goes_on(system):
    behaviour = Noting()
    unit = system.start("a", behaviour)
    with pytest.raises(CallTimeout):
        system.call(unit, "hang", 0.01)
    behaviour.let_go.set()
    assert system.call(unit, "hi", PATIENCE) == "heard hi"


def test_a_unit_that_hangs_can_be_killed_and_holds_up_no_other(system):
    stuck, free = Noting(), Noting()
    one, other = system.start("stuck", stuck), system.start("free", free)
    system.cast(one, "hang")
    assert stuck.hangs.wait(PATIENCE)
    settle(system, other)
    system.kill(one)
    with pytest.raises(UnitGone):
        system.call(one, "hi")
    assert stuck.let_go.is_set()


def test_a_unit_is_seen_with_what_waits_and_what_it_has_handled(system):
    unit = system.start("a", Noting())
    settle(system, unit)
    settle(system, unit)
    [seen] = system.list()
    assert (seen.number, seen.name, seen.is_starting, seen.waiting, seen.handled) == (unit, "a", False, 0, 2)


def test_a_monitor_tells_of_the_end_once_and_of_one_that_was_before(system):
    watcher = Noting()
    one, other = system.start("watcher", watcher), system.start("watched", Noting())
    monitor = system.monitor(one, other)
    dropped = system.monitor(one, other)
    system.demonitor(dropped)
    system.kill(other, "enough")
    late = system.monitor(one, other)
    settle(system, one)
    told = [message for kind, message, *_ in watcher.story[1:] if kind == "info"]
    assert told == [
        Down(monitor, other, "watched", Why(Exit.KILLED, "enough")),
        Down(late, other, "", Why(Exit.NORMAL, "it had ended before")),
    ]


def test_linked_units_end_together_but_not_for_a_normal_end(system):
    units = [system.start(name, Noting()) for name in "abc"]
    a, b, c = units
    system.link(a, b)
    system.link(b, c)
    system.cast(a, "stop")
    gone(system, a)
    settle(system, b, c)
    system.cast(c, "boom")
    gone(system, b, c)


def test_unlinked_units_do_not_end_together(system):
    a, b = system.start("a", Noting()), system.start("b", Noting())
    system.link(a, b)
    system.unlink(a, b)
    system.kill(a)
    settle(system, b)
    with pytest.raises(UnitGone):
        system.link(a, b)


def test_one_that_traps_exits_is_told_instead(system):
    behaviour = Noting()
    a, b = system.start("a", behaviour, traps_exits=True), system.start("b", Noting())
    system.link(a, b)
    system.kill(b)
    settle(system, a)
    assert ("info", LinkedExit(b, "b", Why(Exit.KILLED))) in behaviour.story


def test_the_end_of_a_long_chain_of_links_is_no_recursion(system):
    units = [system.start(str(index), Noting()) for index in range(2000)]
    for one, other in pairwise(units):
        system.link(one, other)
    system.kill(units[0])
    gone(system, *units)


def test_a_timer_informs_later_unless_it_is_cancelled(system):
    behaviour = Noting()
    unit = system.start("a", behaviour)
    cancelled = system.inform_after(60, unit, "never")
    system.inform_after(0.0, unit, "tick")
    assert system.cancel_timer(cancelled)
    assert not system.cancel_timer(cancelled)
    while ("info", "tick") not in behaviour.story:
        settle(system, unit)
    assert ("info", "never") not in behaviour.story


def test_a_state_change_is_waited_for(system):
    behaviour = Noting()
    unit = system.start("a", behaviour)
    system.change_state(unit, "0.1.0", PATIENCE)
    assert behaviour.story[-1] == ("state-change", "0.1.0")


def test_refusals_without_a_caller_are_told_to_the_log():
    refused = []
    system = UnitSystem(on_refused=lambda unit, why: refused.append((unit, why.code)))
    unit = system.start("a", Noting())
    system.cast(unit, "odd")
    settle(system, unit)
    system.close()
    assert refused == [(unit, "no-callback")]


def test_closing_ends_every_unit():
    system = UnitSystem()
    behaviours = [Noting() for _ in range(10)]
    for behaviour in behaviours:
        system.start("a", behaviour)
    system.close()
    assert system.list() == ()
    assert all(behaviour.story[-1] == "close" for behaviour in behaviours)
