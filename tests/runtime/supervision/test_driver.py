"""A supervisor on its thread: what it is asked, what it lets happen, and trees of them."""

import threading
from itertools import count

import pytest

from caixa.runtime.supervision.driver import Supervisor
from caixa.runtime.supervision.errors import (
    ChildNotStarted,
    DuplicateChild,
    RequestRefused,
    SupervisorNotStarted,
    SupervisorTookTooLong,
)
from caixa.runtime.supervision.events import Exit, Report, Why
from caixa.runtime.supervision.problem import Problem
from caixa.runtime.supervision.requests import CountChildren, ListChildren, StartChild, TerminateChild
from caixa.runtime.supervision.specification import ChildKind, ChildSpec, Flags
from caixa.runtime.supervision.tree import TreeHost

from .hosts import TableHost
from .world import ALL, SIMPLE, TEMPORARY, child

PATIENCE = 20.0  # seconds, before a test that hangs says so


@pytest.fixture
def host():
    return TableHost()


@pytest.fixture
def supervise(host):
    made = []

    def supervise(*specs, flags=None, **options):
        made.append(Supervisor(flags or Flags(), specs, host, **options))
        return made[-1]

    yield supervise
    for each in made:
        if each._thread.is_alive():
            each.stop(timeout=PATIENCE)


def running(supervisor):
    """Return who runs, once the supervisor has done what it is in the middle of."""
    with pytest.raises(RequestRefused, match="not found"):
        supervisor.ask(TerminateChild("nobody"), PATIENCE)
    return [each.name for each in supervisor.ask(ListChildren(), PATIENCE) if each.ref is not None]


def test_it_starts_restarts_and_ends_its_children(host, supervise):
    there = supervise(child("a"), child("b"), flags=Flags(ALL))
    there.start(PATIENCE)
    host.crash("a")
    assert running(there) == ["a", "b"]
    there.stop(timeout=PATIENCE)
    assert host.story == [
        *["a starts", "b starts", "a crashes", "b stops", "a starts", "b starts"],
        *["b stops", "a stops"],
    ]
    assert there.wait(PATIENCE) == Why(Exit.SHUTDOWN)


def test_a_child_that_does_not_start_is_an_error_of_the_start(host, supervise):
    host.broken.add("b")
    with pytest.raises(ChildNotStarted, match="b did not start: it is broken"):
        supervise(child("a"), child("b")).start(PATIENCE)
    assert host.names() == []


def test_a_host_that_cannot_even_try_is_a_child_that_does_not_start(host, supervise, monkeypatch):
    monkeypatch.setattr(host, "launch", lambda *_: 1 / 0)
    with pytest.raises(ChildNotStarted, match="division by zero"):
        supervise(child("a")).start(PATIENCE)


def test_a_faulty_supervisor_is_refused_before_anything_starts(host):
    with pytest.raises(DuplicateChild):
        Supervisor(Flags(), (child("a"), child("a")), host)
    assert host.story == []


def test_what_it_refuses_is_an_error_with_the_problem(supervise):
    there = supervise(child("a"))
    there.start(PATIENCE)
    with pytest.raises(RequestRefused, match="already started") as caught:
        there.ask(StartChild(child("a")), PATIENCE)
    assert caught.value.problem is Problem.ALREADY_STARTED


def test_a_child_that_is_deaf_is_killed_when_its_time_is_up(host, supervise):
    host.deaf.add("a")
    reports = []
    there = supervise(child("a", shutdown=0.02), notify=reports.append)
    there.start(PATIENCE)
    there.stop(timeout=PATIENCE)
    assert host.story == ["a starts", "a is killed"]
    assert [each.what for each in reports if isinstance(each, Report)] == ["killed, since its time was up"]


def test_while_a_start_hangs_it_answers_questions_and_can_be_ended(host, supervise):
    host.slow.add("b")
    there = supervise(child("a"), child("b"))
    with pytest.raises(SupervisorTookTooLong, match="to start"):
        there.start(0.02)
    assert there.ask(CountChildren(), PATIENCE).active == 1
    with pytest.raises(SupervisorTookTooLong, match="to answer"):
        there.ask(TerminateChild("a"), 0.02)
    there.stop(timeout=PATIENCE)
    assert host.names() == []


def test_a_supervisor_that_has_ended_refuses_and_does_not_hang(supervise):
    there = supervise(child("a"))
    there.start(PATIENCE)
    there.stop(timeout=PATIENCE)
    with pytest.raises(RequestRefused, match="ending"):
        there.ask(StartChild(child("b")), PATIENCE)
    there.stop(timeout=PATIENCE)


def test_a_supervisor_that_never_began_cannot_be_ended(supervise):
    with pytest.raises(SupervisorNotStarted):
        supervise().stop()


def test_it_escalates_when_there_are_too_many_restarts(host, supervise):
    there = supervise(child("a"), child("b"), flags=Flags(max_restarts=1))
    there.start(PATIENCE)
    host.crash("a")
    assert running(there) == ["a", "b"]
    host.crash("a")
    assert there.wait(PATIENCE).exit is Exit.SHUTDOWN
    assert host.names() == []


def test_many_ask_at_once_and_each_gets_its_own_answer(host, supervise):
    there = supervise(child("w", TEMPORARY), flags=Flags(SIMPLE))
    there.start(PATIENCE)
    refs = []

    def start_some():
        refs.extend(there.ask(StartChild(), PATIENCE) for _ in range(50))

    threads = [threading.Thread(target=start_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(refs) == len(set(refs)) == 400
    assert there.ask(CountChildren(), PATIENCE).active == 400


# -- trees ----------------------------------------------------------------------------------------------

ROOT = (child("first"), ChildSpec("below", shutdown=None, kind=ChildKind.SUPERVISOR), child("last"))
BELOW = (child("x"), child("y"))


@pytest.fixture
def tree(host):
    numbers = count(1)
    host.numbers = numbers

    def make(spec, arguments, notify):
        return Supervisor(Flags(max_restarts=0), BELOW, host, notify=notify)

    there = Supervisor(Flags(max_restarts=2), ROOT, TreeHost(host, make))
    yield there
    there.stop(timeout=PATIENCE)


def test_a_tree_ends_in_the_reverse_order_of_its_start(host, tree):
    tree.start(PATIENCE)
    tree.stop(timeout=PATIENCE)
    assert host.story == [
        *["first starts", "x starts", "y starts", "last starts"],
        *["last stops", "y stops", "x stops", "first stops"],
    ]


def test_a_supervisor_below_that_gives_up_is_restarted_by_the_one_above(host, tree):
    tree.start(PATIENCE)
    host.story.clear()
    host.crash("x")  # no restart is allowed there
    while "y starts" not in host.story:
        assert tree.ask(CountChildren(), PATIENCE).supervisors == 1
    assert host.story == ["x crashes", "y stops", "x starts", "y starts"]
    assert sorted(host.names()) == ["first", "last", "x", "y"]


def test_a_supervisor_below_that_does_not_start_keeps_the_tree_from_starting(host, tree):
    host.broken.add("y")
    with pytest.raises(ChildNotStarted, match="below did not start: y: it is broken"):
        tree.start(PATIENCE)
    assert host.story == ["first starts", "x starts", "y fails", "x stops", "first stops"]


def test_a_supervisor_below_can_be_given_up_while_it_starts(host, tree):
    host.slow.add("y")
    with pytest.raises(SupervisorTookTooLong):
        tree.start(0.02)
    tree.stop(timeout=PATIENCE)
    assert host.names() == []


def test_what_runs_below_can_be_found(host, tree):
    tree.start(PATIENCE)
    [ref] = [each.ref for each in tree.ask(ListChildren(), PATIENCE) if each.name == "below"]
    below = tree._host.supervisor(ref)
    assert running(below) == ["x", "y"]
    tree.ask(TerminateChild("below"), PATIENCE)
    assert tree._host.supervisor(ref) is None
