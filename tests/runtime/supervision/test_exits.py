"""What happens when a child ends by itself (checks/supervisor.md: Exits, Strategies, Intensity, Newer)."""

import pytest

from caixa.runtime.supervision.events import Asked, ChildExited, ChildStarted, Exit, TimeUp, TryAgain, Why
from caixa.runtime.supervision.requests import ListChildren, Problem, Refused

from .world import (
    ALL,
    CRASH,
    HANG,
    IGNORE,
    KILLED,
    NORMAL,
    ONE,
    PERMANENT,
    REST,
    SHUTDOWN,
    SIMPLE,
    TEMPORARY,
    TRANSIENT,
    child,
    world,
)

DETAILED = Why(Exit.SHUTDOWN, "no more work")


@pytest.mark.parametrize(
    ("restart", "why", "restarted", "reported"),
    [
        (PERMANENT, NORMAL, True, True),
        (PERMANENT, SHUTDOWN, True, True),
        (PERMANENT, DETAILED, True, True),
        (PERMANENT, CRASH, True, True),
        (PERMANENT, KILLED, True, True),
        (TRANSIENT, NORMAL, False, False),
        (TRANSIENT, SHUTDOWN, False, False),
        (TRANSIENT, DETAILED, False, False),
        (TRANSIENT, CRASH, True, True),
        (TRANSIENT, KILLED, True, True),
        (TEMPORARY, NORMAL, False, False),
        (TEMPORARY, SHUTDOWN, False, False),
        (TEMPORARY, DETAILED, False, False),
        (TEMPORARY, CRASH, False, True),
        (TEMPORARY, KILLED, False, True),
    ],
)
@pytest.mark.parametrize("strategy", [ONE, SIMPLE])
def test_who_is_restarted_after_what(strategy, restart, why, restarted, reported):
    there = world(child("a", restart), strategy=strategy).start()
    if strategy == SIMPLE:
        there.start_child()
    there.exit("a", why)
    assert there.running() == (["a"] if restarted else [])
    assert there.reports == ([("child terminated", "a")] if reported else [])
    stays = restarted or (restart == TRANSIENT and strategy == ONE)
    assert len(there.children()) == stays


@pytest.mark.parametrize("strategy", [ONE, ALL, REST])
def test_a_temporary_bystander_of_a_crash_is_not_started_again(strategy):
    there = world(child("a"), child("t", TEMPORARY), child("c"), strategy=strategy).start()
    there.exit("a")
    expected = ["t", "c", "a"] if strategy == ONE else ["a", "c"]
    assert there.running() == expected


def test_a_temporary_child_that_crashes_takes_nobody_with_it():
    there = world(child("a"), child("t", TEMPORARY), child("c"), strategy=ALL).start()
    there.told()
    there.exit("t")
    assert there.told() == ["t ends: abnormal"]
    assert there.running() == ["a", "c"]


# -- strategies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strategy", "story"),
    [
        (ONE, ["b starts"]),
        (ALL, ["c asked to stop", "a asked to stop", "a starts", "b starts", "c starts"]),
        (REST, ["c asked to stop", "b starts", "c starts"]),
    ],
)
def test_a_plain_restart(strategy, story):
    there = world(child("a"), child("b"), child("c"), strategy=strategy).start()
    there.told()
    there.exit("b")
    assert there.told() == ["b ends: abnormal", *story]


@pytest.mark.parametrize("strategy", [ONE, ALL, REST, SIMPLE])
def test_escalation(strategy):
    there = world(child("a"), strategy=strategy, max_restarts=1).start()
    if strategy == SIMPLE:
        there.start_child()
    there.exit("a")
    assert there.ended is None
    there.exit("a")
    assert there.ended == SHUTDOWN
    assert there.running() == []
    assert there.reports[-1] == ("too many restarts", "")


@pytest.mark.parametrize("strategy", [ONE, ALL, REST])
def test_escalation_ends_the_others_in_reverse(strategy):
    there = world(child("a"), child("b"), child("c"), strategy=strategy, max_restarts=0).start()
    there.told()
    there.exit("b")
    assert there.told() == ["b ends: abnormal", "c asked to stop", "a asked to stop", "ended: shutdown"]


@pytest.mark.parametrize(
    ("strategy", "again"),
    [
        (ALL, ["a asked to stop", "a starts", "b starts", "c starts"]),
        (REST, ["b starts", "c starts"]),
    ],
)
def test_another_child_fails_during_the_restart(strategy, again):
    there = world(child("a"), child("b"), child("c"), strategy=strategy).start()
    there.told()
    there.starts = {"b": ["not yet"]}
    there.exit("a" if strategy == ALL else "b")
    story = there.told()
    assert story[story.index("b fails") + 1 :] == again
    assert there.running()[-1] == "c"


def test_a_later_child_fails_during_the_restart_of_an_earlier_one():
    there = world(child("a"), child("b"), child("c"), strategy=REST, starts={}).start()
    there.starts = {"c": ["not yet"]}
    there.told()
    there.exit("a")
    assert there.told() == [
        "a ends: abnormal",
        "c asked to stop",
        "b asked to stop",
        "a starts",
        "b starts",
        "c fails",
        "c starts",
    ]


def test_a_sibling_that_crashes_while_all_are_restarted_is_restarted_too():
    there = world(child("a"), child("b"), strategy=ALL, starts={}).start()
    there.starts = {"b": [HANG]}
    there.exit("b")  # a is ended and started; b hangs
    there.exit("a")
    there.told()
    there.come("b")
    assert there.told() == ["b asked to stop", "a starts", "b starts"]


def test_one_of_many_is_restarted_with_its_own_arguments():
    there = world(child("w", arguments=(1,)), strategy=SIMPLE).start()
    there.start_child(None, 2)
    there.start_child(None, 3)
    there.exit(1)
    assert there.arguments[3] == (1, 2)
    assert there.running() == ["w", "w"]


def test_each_restart_has_a_ref_of_its_own():
    there = world(child("a")).start()
    first = there.ref("a")
    there.exit("a")
    assert there.ref("a") != first
    there.hear(ChildExited(first, CRASH))  # heard late, of one that is long gone
    assert there.running() == ["a"]


def test_a_child_that_ignores_its_restart_keeps_its_place_and_is_not_tried_again():
    there = world(child("a")).start()
    there.starts = {"a": [IGNORE]}
    there.exit("a")
    [only] = there.children()
    assert (only.ref, only.is_restarting) == (None, False)


# -- intensity ----------------------------------------------------------------------------------------


def test_exactly_at_the_limit_is_allowed_and_one_over_is_not():
    there = world(child("a"), max_restarts=3, window=10.0).start()
    for _ in range(3):
        there.exit("a")
    assert there.ended is None
    there.exit("a")
    assert there.ended == SHUTDOWN


def test_the_window_slides():
    there = world(child("a"), max_restarts=1, window=10.0).start()
    for _ in range(5):
        there.exit("a")
        there.wait(10.1)
    assert there.ended is None
    there.exit("a")
    there.wait(10.0)  # still within the window, its end included
    there.exit("a")
    assert there.ended == SHUTDOWN


def test_with_an_intensity_of_zero_the_first_restart_is_one_too_many():
    there = world(child("a"), max_restarts=0).start()
    there.exit("a")
    assert there.ended == SHUTDOWN


def test_without_a_window_every_restart_counts_for_ever():
    there = world(child("a"), max_restarts=2, window=None).start()
    for _ in range(2):
        there.exit("a")
        there.wait(1e9)
    assert there.ended is None
    there.exit("a")
    assert there.ended == SHUTDOWN


def test_no_more_moments_are_kept_than_are_counted():
    there = world(child("a"), max_restarts=2, window=1.0).start()
    for _ in range(100):
        there.exit("a")
        there.wait(1.1)
    assert len(there.state.restarts) <= 3


@pytest.mark.parametrize("strategy", [ONE, ALL, REST, SIMPLE])
def test_failed_attempts_count_too(strategy):
    there = world(child("a"), strategy=strategy, max_restarts=3).start()
    if strategy == SIMPLE:
        there.start_child()
    there.starts = {"a": ["no"] * 10}
    there.exit("a")
    assert there.ended == SHUTDOWN
    assert [what for what, _ in there.reports] == [
        "child terminated",
        *["start failed"] * 3,
        "too many restarts",
    ]


# -- a hanging restart --------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", [ONE, ALL, REST, SIMPLE])
def test_between_two_attempts_the_supervisor_answers(strategy):
    there = world(child("a"), strategy=strategy, max_restarts=100).start()
    if strategy == SIMPLE:
        there.start_child()
    there.starts = {"a": ["no"] * 50}
    there.paused = True
    there.exit("a")
    for _ in range(10):
        there.turn()
        count = len(there.answers)
        there.inbox.appendleft(Asked("somebody", ListChildren()))  # just before the next attempt
        there.turn()
        assert len(there.answers) == count + 1
    [only] = there.answers[-1].value
    assert only.is_restarting


@pytest.mark.parametrize("strategy", [ONE, ALL, REST, SIMPLE])
def test_while_a_restart_hangs_questions_are_answered_and_changes_wait(strategy):
    there = world(child("a"), strategy=strategy).start()
    if strategy == SIMPLE:
        there.start_child()
    there.starts = {"a": [HANG]}
    there.exit("a")
    assert [(each.ref, each.is_restarting) for each in there.children()] == [(None, True)]
    assert there.count().active == 0
    answers = len(there.answers)
    there.delete("a")
    assert len(there.answers) == answers
    there.come("a")
    expected = Problem.SIMPLE_ONE_FOR_ONE if strategy == SIMPLE else Problem.RUNNING
    assert there.answers[-1] == Refused(expected)


@pytest.mark.parametrize("strategy", [ONE, ALL, REST])
def test_a_child_that_is_being_restarted_can_be_terminated(strategy):
    there = world(child("a"), strategy=strategy, max_restarts=100).start()
    there.starts = {"a": ["no"] * 90}
    there.paused = True
    there.exit("a")
    there.turn()  # it has ended; a first start fails
    there.turn()
    there.terminate("a")
    there.inbox.rotate(1)
    there.starts = {}
    there.run()
    [only] = there.children()
    assert (only.ref, only.is_restarting) == (None, False)
    assert there.restart("a").value == 2


def test_an_attempt_at_what_is_gone_is_no_attempt():
    there = world(child("a")).start()
    there.hear(TryAgain(0))
    there.hear(TryAgain(99))
    there.hear(TimeUp(1))
    there.hear(ChildStarted(0, 77))
    assert there.told() == ["a starts", "ready"]
    assert there.running() == ["a"]


# -- significant children -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auto", "ends", "ended"),
    [
        ("never", ["a", "b"], False),
        ("any-significant", ["a"], True),
        ("all-significant", ["a"], False),
        ("all-significant", ["a", "b"], True),
        ("any-significant", ["c"], False),
    ],
)
@pytest.mark.parametrize(("restart", "why"), [(TRANSIENT, NORMAL), (TEMPORARY, NORMAL), (TEMPORARY, CRASH)])
def test_a_supervisor_ends_with_its_significant_children(auto, ends, ended, restart, why):
    significant = auto != "never"
    there = world(
        child("a", restart, significant=significant),
        child("b", restart, significant=significant),
        child("c", TEMPORARY),
        auto_shutdown=auto,
    ).start()
    for name in ends:
        there.exit(name, why)
    assert (there.ended == SHUTDOWN) is ended
    assert (there.running() == []) is ended


def test_a_significant_child_that_is_restarted_ends_nobody():
    there = world(child("a", TRANSIENT, significant=True), auto_shutdown="any-significant").start()
    there.exit("a", CRASH)
    assert there.running() == ["a"]
    assert there.ended is None


def test_a_significant_child_that_was_terminated_ends_nobody():
    there = world(child("a", TRANSIENT, significant=True), auto_shutdown="any-significant").start()
    there.terminate("a")
    assert there.ended is None


def test_a_significant_bystander_of_a_restart_ends_nobody():
    there = world(
        child("a"), child("b", TEMPORARY, significant=True), strategy=ALL, auto_shutdown="any-significant"
    ).start()
    there.exit("a")
    assert there.ended is None
    assert there.running() == ["a"]
