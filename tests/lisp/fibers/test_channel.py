"""A channel as a state machine: what each operation answers, whom it wakes, and what state it leaves."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.fibers.channel import CLOSED, NOTHING, Channel, Overflow, Wait


class Somebody:
    """Who waits, and remembers with what they were woken."""

    def __init__(self) -> None:
        self.turn = 0
        self.woken: list[object] = []

    def wake(self, outcome: object) -> None:
        self.turn += 1
        self.woken.append(outcome)


SLIDE, DROP = Overflow.DROP_OLDEST, Overflow.DROP_NEWEST


# state: (capacity, overflow), what it holds, who waits (R: to receive, S: to send `s`), whether it is closed
OPEN = {
    "unbounded": ((None, Overflow.WAIT), "", "", False),
    "unbounded with a": ((None, Overflow.WAIT), "a", "", False),
    "unbounded, received from": ((None, Overflow.WAIT), "", "R", False),
    "empty": ((1, Overflow.WAIT), "", "", False),
    "full": ((1, Overflow.WAIT), "a", "", False),
    "full, sent to": ((1, Overflow.WAIT), "a", "S", False),
    "received from": ((1, Overflow.WAIT), "", "R", False),
    "meeting": ((0, Overflow.WAIT), "", "", False),
    "meeting, received from": ((0, Overflow.WAIT), "", "R", False),
    "meeting, sent to": ((0, Overflow.WAIT), "", "S", False),
    "sliding, full": ((1, SLIDE), "a", "", False),
    "dropping, full": ((1, DROP), "a", "", False),
    "closed": ((1, Overflow.WAIT), "", "", True),
    "closed with a": ((1, Overflow.WAIT), "a", "", True),
}

# state, operation → answer, what it holds then, with what who waited is woken (None: not at all)
TABLE = [
    ("unbounded", "send", True, "x", None),
    ("unbounded", "receive", NOTHING, "", None),
    ("unbounded", "close", None, "", None),
    ("unbounded with a", "send", True, "ax", None),
    ("unbounded with a", "receive", "a", "", None),
    ("unbounded with a", "drain", ["a"], "", None),
    ("unbounded, received from", "send", True, "", "x"),
    ("unbounded, received from", "close", None, "", CLOSED),
    ("empty", "send", True, "x", None),
    ("empty", "receive", NOTHING, "", None),
    ("full", "send", False, "a", None),
    ("full", "receive", "a", "", None),
    ("full, sent to", "send", False, "a", None),
    ("full, sent to", "receive", "a", "s", True),
    ("full, sent to", "close", None, "a", False),
    ("full, sent to", "drain", ["a"], "", False),
    ("received from", "send", True, "", "x"),
    ("received from", "receive", NOTHING, "", None),
    ("received from", "close", None, "", CLOSED),
    ("received from", "drain", [], "", CLOSED),
    ("meeting", "send", False, "", None),
    ("meeting", "receive", NOTHING, "", None),
    ("meeting, received from", "send", True, "", "x"),
    ("meeting, sent to", "send", False, "", None),
    ("meeting, sent to", "receive", "s", "", True),
    ("meeting, sent to", "close", None, "", False),
    ("sliding, full", "send", True, "x", None),
    ("dropping, full", "send", True, "a", None),
    ("closed", "send", False, "", None),
    ("closed", "receive", NOTHING, "", None),
    ("closed with a", "send", False, "a", None),
    ("closed with a", "receive", "a", "", None),
    ("closed with a", "close", None, "a", None),
]


def channel_in(state: str) -> tuple[Channel, Somebody]:
    buffer, held, waits, is_closed = OPEN[state]
    channel, somebody = Channel(*buffer), Somebody()
    for value in held:
        assert channel.send(value)
    if waits:
        channel.line_up(Wait(somebody, "s"), sends=waits == "S")
    if is_closed:
        channel.close()
    return channel, somebody


@pytest.mark.parametrize(("state", "operation", "answer", "held", "woken"), TABLE)
def test_each_operation_in_each_state_has_one_effect(state, operation, answer, held, woken):
    channel, somebody = channel_in(state)
    arguments = ("x",) if operation == "send" else ()
    assert getattr(channel, operation)(*arguments) == answer
    assert somebody.woken == ([] if woken is None else [woken])
    assert channel.is_closed == (operation in ("close", "drain") or OPEN[state][3])
    assert list(channel.drain()) == list(held)


def test_whoever_waits_longest_is_served_first():
    channel, (first, second) = Channel(0), (Somebody(), Somebody())
    for each in (first, second):
        channel.line_up(Wait(each), sends=False)
    channel.send(1)
    channel.send(2)
    assert (first.woken, second.woken) == ([1], [2])


def test_who_was_woken_elsewhere_is_passed_over():
    channel, (gone, there) = Channel(0), (Somebody(), Somebody())
    for each in (gone, there):
        channel.line_up(Wait(each, index=0), sends=False)
    gone.wake("elsewhere")
    assert channel.send(1)
    assert (gone.woken, there.woken) == (["elsewhere"], [(0, 1)])


def test_places_that_were_left_take_no_room_for_long():
    channel = Channel(0)
    for _ in range(10_000):
        somebody = Somebody()
        channel.line_up(Wait(somebody, index=0), sends=False)
        somebody.wake(None)
        channel.forget_one()
    assert len(channel._receivers.waits) < 100


OPERATIONS = st.lists(
    st.one_of(st.tuples(st.just("send"), st.integers()), st.just(("receive", 0))), max_size=60
)


@given(capacity=st.one_of(st.none(), st.integers(0, 4)), operations=OPERATIONS)
def test_without_anybody_waiting_a_channel_is_a_bounded_queue(capacity, operations):
    channel, model = Channel(capacity), deque()
    for operation, value in operations:
        if operation == "send":
            fits = capacity is None or len(model) < capacity
            assert channel.send(value) is fits
            model.extend([value] * fits)
        else:
            assert channel.receive() == (model.popleft() if model else NOTHING)
    assert channel.drain() == list(model)


@given(overflow=st.sampled_from([SLIDE, DROP]), capacity=st.integers(1, 4), values=st.lists(st.integers()))
def test_a_buffer_that_drops_keeps_the_newest_or_the_oldest(overflow, capacity, values):
    channel = Channel(capacity, overflow)
    assert all(channel.send(value) for value in values)
    kept = values[-capacity:] if overflow is SLIDE else values[:capacity]
    assert channel.drain() == kept
