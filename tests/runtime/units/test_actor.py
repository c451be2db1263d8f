"""A mailbox and a life: order, bounds, ends, with turns that the test runs itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.runtime.errors import MailboxFull, NoCallback, UnitExited, UnitGone
from caixa.runtime.supervision.events import Exit, Why
from caixa.runtime.units.actor import Actor, Call, Cast, Info, Phase, StateChange, Stop

from .doubles import Noting, Turns


class Stage:
    """One actor, its turns, and what it said of itself."""

    def __init__(self, init=True, capacity=100):
        self.turns, self.behaviour = Turns(), Noting(init)
        self.said, self.refused = [], []
        self.actor = Actor(
            7, "a", self.behaviour, self.turns,
            lambda outcome: self.said.append(("started", outcome)),
            lambda why: self.said.append(("ended", why.exit)),
            self.refused.append, capacity,
        )  # fmt: skip

    def begun(self):
        self.actor.begin(("x",))
        self.turns.all()
        return self

    def call(self, request):
        message = Call(request)
        self.actor.post(message)
        return message.answer


def test_init_comes_before_anything_that_was_posted_before_it_ran():
    stage = Stage()
    stage.actor.begin(("x", 1))
    stage.actor.post(Cast("early"))
    stage.turns.all()
    assert stage.behaviour.story == [("init", "x", 1), ("cast", "early")]
    assert stage.said == [("started", True)]


@pytest.mark.parametrize("init", [False, ValueError("no")])
def test_a_start_that_fails_or_declines_ends_everything_that_waits(init):
    stage = Stage(init)
    stage.actor.begin(())
    answer = stage.call("early")
    stage.turns.all()
    assert stage.said == [("started", init)]
    assert stage.behaviour.story == [("init",), "close"]
    with pytest.raises(UnitGone):
        answer.result(0)
    with pytest.raises(UnitGone):
        stage.actor.post(Cast("late"))


@given(st.lists(st.sampled_from([Call, Cast, Info, StateChange]), max_size=30))
def test_messages_are_handled_one_by_one_in_the_order_of_their_coming(kinds):
    stage = Stage().begun()
    for index, kind in enumerate(kinds):
        stage.actor.post(kind(index))
    assert len(stage.turns.waiting) == (1 if kinds else 0)
    stage.turns.all()
    assert [each[1] for each in stage.behaviour.story[1:]] == list(range(len(kinds)))
    assert stage.actor.handled == len(kinds)


def test_a_call_is_answered_and_a_state_change_too():
    stage = Stage().begun()
    answer, change = stage.call("hi"), StateChange("0.1.0")
    stage.actor.post(change)
    stage.turns.all()
    assert answer.result(0) == "heard hi"
    assert change.answer.result(0) is None


def test_a_full_mailbox_refuses_calls_and_casts_and_still_takes_what_the_system_says():
    stage = Stage(capacity=2).begun()
    stage.actor.post(Cast(1))
    stage.actor.post(Cast(2))
    for message in (Cast(3), Call(3)):
        with pytest.raises(MailboxFull):
            stage.actor.post(message)
    stage.actor.post(Info("down"))
    stage.actor.post(Stop())
    stage.turns.all()
    assert stage.said[-1] == ("ended", Exit.SHUTDOWN)
    assert ("info", "down") in stage.behaviour.story


def test_a_callback_that_raises_is_the_end_and_terminate_is_not_called():
    stage = Stage().begun()
    answers = [stage.call("boom"), stage.call("behind")]
    stage.turns.all()
    assert stage.said[-1] == ("ended", Exit.ABNORMAL)
    assert stage.behaviour.story[1:] == [("call", "boom"), "close"]
    for answer in answers:
        with pytest.raises(UnitGone, match="boom"):
            answer.result(0)


def test_one_that_stops_itself_terminates_and_answers_who_waits():
    stage = Stage().begun()
    answer = stage.call("stop")
    stage.turns.all()
    assert answer.result(0) == "bye"
    assert stage.behaviour.story[1:] == [("call", "stop"), ("terminate", "normal"), "close"]
    assert stage.said[-1] == ("ended", Exit.NORMAL)


def test_asked_to_stop_it_handles_what_came_before_then_terminates():
    stage = Stage().begun()
    stage.actor.post(Cast("before"))
    stage.actor.post(Stop())
    behind = stage.call("behind")
    stage.turns.all()
    assert stage.behaviour.story[1:] == [("cast", "before"), ("terminate", "shutdown"), "close"]
    with pytest.raises(UnitGone):
        behind.result(0)


def test_what_cannot_be_handled_costs_nothing_and_is_told_to_who_waits_or_to_the_log():
    stage = Stage().begun()
    answer = stage.call("odd")
    stage.actor.post(Cast("odd"))
    stage.turns.all()
    with pytest.raises(NoCallback):
        answer.result(0)
    assert [str(each) for each in stage.refused] == ["the unit has no `on-cast`"]
    assert stage.actor.phase is Phase.WORKING


def test_killed_while_idle_it_is_closed_at_once_and_told_once():
    stage = Stage().begun()
    stage.actor.kill(Why(Exit.KILLED))
    stage.actor.kill(Why(Exit.KILLED))
    assert stage.behaviour.story[1:] == ["close"]
    assert stage.said[1:] == [("ended", Exit.KILLED)]


def test_killed_in_a_turn_it_is_closed_after_the_turn():
    stage = Stage().begun()
    answer = stage.call("hi")
    stage.actor.kill(Why(Exit.KILLED))
    assert "close" not in stage.behaviour.story
    stage.turns.all()
    assert stage.behaviour.story[1:] == ["close"]
    assert stage.behaviour.let_go.is_set()
    with pytest.raises(UnitGone, match="killed"):
        answer.result(0)


def test_killed_before_init_has_come_back_the_start_fails_and_no_end_is_told():
    stage = Stage()
    stage.actor.begin(())
    stage.actor.kill(Why(Exit.KILLED))
    stage.turns.all()
    assert [type(outcome) for _, outcome in stage.said] == [UnitGone]


def test_an_end_between_the_start_and_its_telling_is_told_after_it():
    stage = Stage()
    started = stage.actor.started

    def start_and_die(outcome):
        started(outcome)
        stage.behaviour.fall(UnitExited(7, 1))

    stage.actor.started = start_and_die
    stage.begun()
    assert stage.said == [("started", True), ("ended", Exit.ABNORMAL)]


@pytest.mark.parametrize(("status", "exit_"), [(0, Exit.NORMAL), (3, Exit.ABNORMAL)])
def test_a_guest_that_falls_while_idle_has_ended_as_its_status_says(status, exit_):
    stage = Stage().begun()
    stage.behaviour.fall(UnitExited(7, status))
    assert stage.said[-1] == ("ended", exit_)
    assert stage.behaviour.story[-1] == "close"
