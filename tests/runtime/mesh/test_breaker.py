"""Circuit breaking, as a table of moments and as laws."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from caixa.runtime.mesh.breaker import Breaker, Phase

CLOSED, OPEN, HALF_OPEN = Phase


def play(breaker, *story):
    """Let calls happen; each is (moment, outcome), with None for one of which nothing is heard."""
    admitted = []
    for now, outcome in story:
        breaker, goes = breaker.admit(now)
        admitted.append(goes)
        if goes and outcome is not None:
            breaker = breaker.note(now, is_success=outcome)
    return breaker, admitted


@pytest.mark.parametrize(
    ("story", "admitted", "now", "phase"),
    [
        ([], [], 0, CLOSED),
        ([(0, False), (1, False)], [True, True], 1, CLOSED),
        ([(0, False), (1, False), (2, False)], [True] * 3, 2, OPEN),
        ([(0, False), (1, False), (2, False), (3, True)], [True] * 3 + [False], 11, OPEN),
        ([(0, False), (1, False), (2, False)], [True] * 3, 12, HALF_OPEN),
        ([(0, False), (1, False), (2, False), (12, True)], [True] * 4, 12, CLOSED),
        ([(0, False), (1, False), (2, False), (12, False)], [True] * 4, 21, OPEN),
        ([(0, False), (1, False), (2, False), (12, None), (13, True)], [True] * 4 + [False], 13, HALF_OPEN),
        ([(0, False), (1, False), (2, False), (12, None), (22, True)], [True] * 5, 22, CLOSED),
        ([(0, False), (5, False), (10, False)], [True] * 3, 10, CLOSED),  # the first is a window ago
        ([(0, False), (1, True), (2, False), (3, False)], [True] * 4, 3, OPEN),
    ],
)
def test_when_calls_go_through(story, admitted, now, phase):
    breaker, seen = play(Breaker(3, 10.0), *story)
    assert seen == admitted
    assert breaker.phase(now) is phase


def test_a_call_from_before_it_opened_says_nothing():
    breaker, _ = play(Breaker(1, 10.0), (0, False))
    assert breaker.note(1, is_success=True) == breaker


moments = st.lists(st.tuples(st.floats(0, 1000), st.sampled_from([True, False, None])), max_size=60).map(
    lambda calls: sorted(calls, key=lambda call: call[0])
)


@given(moments, st.integers(1, 5))
def test_within_a_window_no_more_than_so_many_failures_go_through(calls, limit):
    breaker, failures = Breaker(limit, 10.0), []
    for now, outcome in calls:
        breaker, goes = breaker.admit(now)
        if goes and outcome is not None:
            breaker = breaker.note(now, is_success=outcome)
            failures += [now] if not outcome else []
    for now in failures:
        assert sum(now - 10.0 < then <= now for then in failures) <= limit + 1  # and one that tried


@given(moments)
def test_where_all_succeed_it_never_opens(calls):
    breaker, admitted = play(Breaker(1, 10.0), *((now, True) for now, _ in calls))
    assert all(admitted)
    assert breaker == Breaker(1, 10.0)
