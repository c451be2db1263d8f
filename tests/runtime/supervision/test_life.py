"""How a supervisor and its children begin and end (checks/supervisor.md: Start, Stop, Links, Memory)."""

import pytest

from caixa.runtime.supervision.errors import (
    BadCombination,
    BadFlag,
    BadSpecification,
    DuplicateChild,
    NotOneTemplate,
)
from caixa.runtime.supervision.events import ChildStarted, Exit, Stop, Why
from caixa.runtime.supervision.machine import FailedChild
from caixa.runtime.supervision.requests import Done
from caixa.runtime.supervision.specification import BRUTAL_KILL, AutoShutdown, ChildKind, Flags, check

from .world import (
    ALL,
    CRASH,
    HANG,
    IGNORE,
    KILLED,
    NORMAL,
    PERMANENT,
    SHUTDOWN,
    SIMPLE,
    TEMPORARY,
    TRANSIENT,
    child,
    world,
)

# -- start --------------------------------------------------------------------------------------------


def test_children_start_in_order_and_then_the_supervisor_is_ready():
    there = world(child("a"), child("b"), child("c")).start()
    assert there.told() == ["a starts", "b starts", "c starts", "ready"]


def test_a_supervisor_of_nobody_is_ready_at_once():
    assert world().start().told() == ["ready"]


def test_a_child_that_ignores_its_start_keeps_its_place():
    there = world(child("a"), child("b"), starts={"a": [IGNORE]}).start()
    assert there.told() == ["a ignores", "b starts", "ready"]
    assert [(each.name, each.ref) for each in there.children()] == [("a", None), ("b", 1)]


def test_a_temporary_child_that_ignores_its_start_loses_its_place():
    there = world(child("a", TEMPORARY), child("b"), starts={"a": [IGNORE]}).start()
    assert [each.name for each in there.children()] == ["b"]


def test_a_temporary_child_that_ignores_a_later_start_is_not_kept():
    there = world(starts={"a": [IGNORE]}).start()
    assert there.start_child(child("a", TEMPORARY)) == Done(None)
    assert there.children() == ()


def test_a_permanent_child_that_ignores_a_later_start_is_kept():
    there = world(starts={"a": [IGNORE]}).start()
    assert there.start_child(child("a")) == Done(None)
    assert there.count().specs == 1


def test_one_of_many_that_ignores_its_start_is_not_kept():
    there = world(child("a"), strategy=SIMPLE, starts={"a": [IGNORE]}).start()
    assert there.start_child() == Done(None)
    assert there.children() == ()


def test_a_child_that_does_not_start_ends_the_earlier_ones_in_reverse():
    there = world(child("a"), child("b"), child("c"), child("d"), starts={"c": ["no disk"]}).start()
    assert there.told() == [
        "a starts",
        "b starts",
        "c fails",
        "b asked to stop",
        "a asked to stop",
        "ended: shutdown",
    ]
    assert there.ended == Why(Exit.SHUTDOWN, FailedChild("c", "no disk"))


@pytest.mark.parametrize(
    ("flags", "specs", "error", "words"),
    [
        (Flags(max_restarts=-1), (), BadFlag, "max-restarts is -1"),
        (Flags(window=0), (), BadFlag, "restart-window is 0"),
        (Flags(window=float("nan")), (), BadFlag, "restart-window is nan"),
        (Flags(), (child("a"), child("a")), DuplicateChild, "two children are called a"),
        (Flags(), (child(""),), BadSpecification, "has no name"),
        (Flags(), (child("a", shutdown=-1),), BadSpecification, "-1 seconds"),
        (Flags(), (child("a", shutdown=float("inf")),), BadSpecification, "inf seconds"),
        (Flags(), (child("a", TRANSIENT, significant=True),), BadCombination, "never ends by itself"),
        (
            Flags(auto_shutdown=AutoShutdown.ANY_SIGNIFICANT),
            (child("a", significant=True),),
            BadCombination,
            "it is permanent",
        ),
        (Flags(SIMPLE), (), NotOneTemplate, "not 0"),
        (Flags(SIMPLE), (child("a"), child("b")), NotOneTemplate, "not 2"),
    ],
)
def test_a_faulty_specification_is_refused_with_its_own_error(flags, specs, error, words):
    with pytest.raises(error, match=words) as caught:
        check(flags, specs)
    assert caught.value.diagnostics[0].fix


# -- stop ---------------------------------------------------------------------------------------------


def test_children_end_in_the_reverse_order_of_their_start():
    there = world(child("a"), child("b"), child("c")).start()
    there.told()
    assert there.stop().told() == ["c asked to stop", "b asked to stop", "a asked to stop", "ended: shutdown"]
    assert there.running() == []
    assert there.reports == []


def test_a_child_that_does_not_end_in_time_is_killed():
    there = world(child("a"), child("b", shutdown=2.0), deaf={"b"}).start()
    there.told()
    there.stop()
    there.wait(1.9)
    assert there.told() == ["b asked to stop"]
    there.wait(0.2)
    assert there.told() == ["b killed", "a asked to stop", "ended: shutdown"]
    assert there.reports == [("killed, since its time was up", "b")]


def test_a_child_with_no_limit_is_waited_for():
    there = world(child("a", shutdown=None, kind=ChildKind.SUPERVISOR), deaf={"a"}).start()
    there.stop()
    there.wait(1e9)
    assert there.ended is None
    there.exit("a", SHUTDOWN)
    assert there.ended == SHUTDOWN


def test_a_child_of_brutal_kill_is_not_asked():
    there = world(child("a", shutdown=BRUTAL_KILL)).start()
    there.told()
    assert there.stop().told() == ["a killed", "ended: shutdown"]
    assert there.reports == []


@pytest.mark.parametrize("why", [NORMAL, SHUTDOWN, Why(Exit.SHUTDOWN, "with a word"), Why(Exit.NORMAL, [1])])
def test_a_child_may_say_anything_when_it_ends_in_good_order(why):
    there = world(child("a"), deaf={"a"}).start()
    there.stop()
    there.exit("a", why)
    assert there.ended == SHUTDOWN
    assert there.reports == []


def test_a_child_that_fails_while_it_ends_is_reported():
    there = world(child("a"), deaf={"a"}).start()
    there.stop()
    there.exit("a", CRASH)
    assert there.ended == SHUTDOWN
    assert there.reports == [("shutdown failed", "a")]


def test_the_reason_of_the_end_is_handed_on():
    assert world(child("a")).start().stop(CRASH).ended == CRASH


def test_a_supervisor_that_has_not_begun_can_be_ended():
    assert world(child("a")).stop().told() == ["ended: shutdown"]


def test_a_start_under_way_is_given_up_when_the_supervisor_is_to_end():
    there = world(child("a"), child("b"), starts={"b": [HANG]}).start()
    there.stop()
    assert there.told() == [
        "a starts",
        "b hangs",
        "b's start is given up",
        "a asked to stop",
        "ended: shutdown",
    ]


def test_what_started_nevertheless_is_ended_too():
    there = world(child("a"), child("b"), starts={"b": [HANG]}).start()
    there.paused = True
    there.stop()
    there.turn()
    there.inbox.clear()  # the start was not given up in time
    there.paused = False
    there.hear(ChildStarted(1, there.born("b")))
    assert there.told()[-3:] == ["b asked to stop", "a asked to stop", "ended: shutdown"]


def test_many_end_together():
    there = world(child("w", shutdown=5.0), strategy=SIMPLE, deaf={"w"}).start()
    for _ in range(3):
        there.start_child()
    there.told()
    there.stop()
    assert there.told() == ["w asked to stop"] * 3
    there.exit(2, SHUTDOWN)
    there.told()
    there.wait(5.0)
    assert there.told() == ["w killed", "w killed", "ended: shutdown"]


def test_an_end_twice_is_an_end():
    there = world(child("a"), deaf={"a"}).start()
    there.stop()
    there.hear(Stop(CRASH))
    there.exit("a", SHUTDOWN)
    assert there.ended == SHUTDOWN
    assert there.stop().ended == SHUTDOWN


# -- links --------------------------------------------------------------------------------------------


def test_a_child_that_unlinked_itself_is_no_hindrance_to_the_end():
    there = world(child("a"), child("b")).start()
    there.unlink("a")
    there.told()
    assert there.stop().told() == ["b asked to stop", "ended: shutdown"]


def test_a_child_that_ended_before_it_was_asked_is_not_waited_for():
    there = world(child("a"), child("b"), strategy=ALL).start()
    there.paused = True
    there.exit("b")
    there.exit("a")
    there.run()
    assert there.running() == ["a", "b"]
    assert there.told()[-2:] == ["a starts", "b starts"]


# -- memory -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", [SIMPLE, "OneForOne"])
def test_nothing_is_kept_of_temporary_children_that_have_ended(strategy):
    secret = object()
    there = world(*([child("t", TEMPORARY)] if strategy == SIMPLE else []), strategy=strategy).start()
    if strategy == SIMPLE:
        there.start_child(None, secret)
    else:
        there.start_child(child("t", TEMPORARY, arguments=(secret,)))
    assert there.arguments[1] == (secret,)
    there.exit("t")
    assert list(there.state) == []
    assert there.count().active == 0


def test_ten_thousand_children_start_and_end():
    there = world(child("w"), strategy=SIMPLE).start()
    for _ in range(10_000):
        there.start_child()
    assert there.count().active == 10_000
    there.stop()
    assert there.ended == SHUTDOWN
    assert there.running() == []


def test_two_thousand_children_of_their_own_start_and_end_in_order():
    specs = [child(f"c{number}", PERMANENT) for number in range(2000)]
    there = world(*specs).start()
    assert there.told() == [f"{spec.name} starts" for spec in specs] + ["ready"]
    assert there.stop().told() == [f"{spec.name} asked to stop" for spec in reversed(specs)] + [
        "ended: shutdown"
    ]


def test_killed_is_a_fault_and_shutdown_is_none():
    assert [each.is_fault for each in (NORMAL, SHUTDOWN, KILLED, CRASH)] == [False, False, True, True]
