"""What can be asked of a supervisor at work (checks/supervisor.md: Administration, Code change)."""

import pytest

from caixa.runtime.supervision.errors import BadCombination, BadSpecification, FaultySupervisor
from caixa.runtime.supervision.requests import Count, Done, GetChildSpec, Problem, Refused
from caixa.runtime.supervision.specification import AutoShutdown, ChildKind, Flags

from .world import ALL, HANG, ONE, REST, SHUTDOWN, SIMPLE, TEMPORARY, TRANSIENT, child, world

STATIC = [ONE, ALL, REST]


@pytest.mark.parametrize("strategy", STATIC)
def test_a_child_is_added_terminated_restarted_and_deleted(strategy):
    there = world(child("a"), strategy=strategy).start()
    assert there.start_child(child("b")) == Done(2)
    assert there.running() == ["a", "b"]
    assert there.terminate("b") == Done()
    assert there.running() == ["a"]
    assert there.restart("b") == Done(3)
    assert there.terminate("b") == Done()
    assert there.delete("b") == Done()
    assert [each.name for each in there.children()] == ["a"]


@pytest.mark.parametrize("strategy", STATIC)
def test_what_cannot_be_done_is_refused_in_one_word(strategy):
    there = world(child("a"), strategy=strategy).start()
    assert there.start_child(child("a")) == Refused(Problem.ALREADY_STARTED, 1)
    assert there.restart("a") == Refused(Problem.RUNNING)
    assert there.delete("a") == Refused(Problem.RUNNING)
    there.terminate("a")
    assert there.start_child(child("a")) == Refused(Problem.ALREADY_PRESENT)
    assert there.terminate("a") == Done()  # once more is no error
    for ask in (there.terminate, there.restart, there.delete):
        assert ask("nobody") == Refused(Problem.NOT_FOUND)


def test_many_of_one_kind_are_told_apart_by_what_runs():
    there = world(child("w", arguments=(1,)), strategy=SIMPLE).start()
    assert there.start_child(None, 2) == Done(1)
    assert there.start_child(None, 3) == Done(2)
    assert there.arguments == {1: (1, 2), 2: (1, 3)}
    assert there.terminate(1) == Done()
    assert there.terminate(1) == Refused(Problem.NOT_FOUND)
    assert there.terminate("w") == Refused(Problem.SIMPLE_ONE_FOR_ONE)
    assert there.restart("w") == Refused(Problem.SIMPLE_ONE_FOR_ONE)
    assert there.delete("w") == Refused(Problem.SIMPLE_ONE_FOR_ONE)
    assert [each.ref for each in there.children()] == [2]


@pytest.mark.parametrize("strategy", STATIC)
def test_a_child_that_does_not_start_is_not_kept(strategy):
    there = world(child("a"), strategy=strategy, starts={"b": ["no disk"]}).start()
    assert there.start_child(child("b")) == Refused(Problem.NOT_STARTED, "no disk")
    assert [each.name for each in there.children()] == ["a"]
    assert there.running() == ["a"]


def test_a_child_that_does_not_start_again_keeps_its_place():
    there = world(child("a")).start()
    there.terminate("a")
    there.starts = {"a": ["no disk"]}
    assert there.restart("a") == Refused(Problem.NOT_STARTED, "no disk")
    assert there.restart("a") == Done(2)


def test_a_temporary_child_that_is_terminated_loses_its_place():
    there = world(child("t", TEMPORARY)).start()
    assert there.terminate("t") == Done()
    assert there.restart("t") == Refused(Problem.NOT_FOUND)


def test_a_faulty_specification_is_refused_and_nothing_starts():
    there = world().start()
    for spec, error in (
        (child(""), BadSpecification),
        (child("a", TRANSIENT, significant=True), BadCombination),
    ):
        answer = there.start_child(spec)
        assert answer.problem is Problem.FAULTY
        assert isinstance(answer.detail, error)
    assert there.start_child(None).problem is Problem.FAULTY
    assert there.told() == ["ready"]


def test_the_specification_of_a_child_can_be_had():
    spec = child("a", shutdown=None)
    there = world(spec).start()
    assert there.ask(GetChildSpec("a")) == Done(spec)
    assert there.ask(GetChildSpec("b")) == Refused(Problem.NOT_FOUND)
    many = world(child("w"), strategy=SIMPLE).start()
    many.start_child()
    assert many.ask(GetChildSpec(1)) == Done(child("w"))
    assert many.ask(GetChildSpec("w")) == Refused(Problem.NOT_FOUND)


def test_children_are_counted_by_kind():
    there = world(child("a"), child("s", kind=ChildKind.SUPERVISOR), child("t", TRANSIENT)).start()
    there.terminate("t")
    assert there.count() == Count(specs=3, active=2, supervisors=1, workers=2)


def test_many_are_counted_as_one_specification():
    there = world(child("w"), strategy=SIMPLE).start()
    assert there.count() == Count(specs=1, active=0, supervisors=0, workers=0)
    there.start_child()
    there.start_child()
    assert there.count() == Count(specs=1, active=2, supervisors=0, workers=2)


def test_children_are_counted_while_one_restarts():
    there = world(child("a"), child("b")).start()
    there.starts = {"a": [HANG]}
    there.exit("a")
    assert there.count() == Count(specs=2, active=1, supervisors=0, workers=2)


def test_an_ending_supervisor_refuses_changes_and_answers_questions():
    there = world(child("a"), deaf={"a"}).start()
    there.stop()
    assert there.start_child(child("b")) == Refused(Problem.GONE)
    assert there.count().active == 1
    there.exit("a", SHUTDOWN)
    assert there.terminate("a") == Refused(Problem.GONE)


def test_who_waited_when_the_end_came_is_answered():
    there = world(starts={"a": [HANG]}).start()
    there.start_child(child("a"))
    there.start_child(child("b"))
    assert there.answers == []
    there.stop()
    assert there.answers == [Refused(Problem.GONE), Refused(Problem.GONE)]
    assert there.ended == SHUTDOWN


# -- code change --------------------------------------------------------------------------------------


def test_flags_are_replaced_while_running():
    there = world(child("a"), child("b"), max_restarts=0).start()
    assert there.replace(Flags(ALL, max_restarts=3), child("a"), child("b")) == Done()
    there.told()
    there.exit("a")
    assert there.told() == ["a ends: abnormal", "b asked to stop", "a starts", "b starts"]


def test_who_runs_runs_on_by_its_new_specification():
    there = world(child("a"), child("b")).start()
    there.told()
    there.replace(Flags(), child("b", TEMPORARY), child("a"))
    assert there.told() == []
    assert [(each.name, each.ref) for each in there.children()] == [("b", 2), ("a", 1)]
    there.exit("b")
    assert [each.name for each in there.children()] == ["a"]


def test_who_is_new_is_not_started_and_who_is_not_named_stays_last():
    there = world(child("a"), child("b")).start()
    there.replace(Flags(), child("c"), child("b"))
    assert [(each.name, each.ref) for each in there.children()] == [("c", None), ("b", 2), ("a", 1)]
    assert there.restart("c") == Done(3)
    there.told()
    assert there.stop().told() == ["a asked to stop", "b asked to stop", "c asked to stop", "ended: shutdown"]


def test_the_order_of_a_new_list_is_that_of_the_next_restart():
    there = world(child("a"), child("b"), strategy=ALL).start()
    there.replace(Flags(ALL), child("b"), child("a"))
    there.told()
    there.exit("a")
    assert there.told() == ["a ends: abnormal", "b asked to stop", "b starts", "a starts"]


def test_the_template_of_many_is_replaced():
    there = world(child("w", arguments=(1,)), strategy=SIMPLE).start()
    there.start_child()
    assert there.replace(Flags(SIMPLE), child("w", TEMPORARY, arguments=(2,))) == Done()
    there.start_child()
    assert there.arguments == {1: (1,), 2: (2,)}
    there.exit(1)
    assert there.running() == ["w"]


@pytest.mark.parametrize(
    ("flags", "specs"),
    [
        (Flags(max_restarts=-1), ()),
        (Flags(), (child("a"), child("a"))),
        (Flags(auto_shutdown=AutoShutdown.ALL_SIGNIFICANT), (child("a", significant=True),)),
    ],
)
def test_a_faulty_replacement_is_refused_and_nothing_changes(flags, specs):
    there = world(child("a")).start()
    before = there.state
    answer = there.replace(flags, *specs)
    assert answer.problem is Problem.FAULTY
    assert isinstance(answer.detail, FaultySupervisor)
    assert (there.state.flags, list(there.state)) == (before.flags, list(before))


def test_many_of_one_kind_do_not_become_children_of_their_own():
    there = world(child("a")).start()
    assert there.replace(Flags(SIMPLE), child("a")) == Refused(Problem.SIMPLE_ONE_FOR_ONE)
