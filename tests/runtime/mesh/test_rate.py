"""Token buckets and retry budgets: tables, and the laws that make them limits."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from caixa.runtime.mesh.rate import Bucket
from caixa.runtime.mesh.retrying import RetryBudget, backoff

moments = st.lists(st.floats(0, 100), max_size=80).map(sorted)


def takings(bucket, times):
    waits = []
    for now in times:
        bucket, wait = bucket.take(now)
        waits.append(wait)
    return waits


@pytest.mark.parametrize(
    ("times", "waits"),
    [
        ([0, 0], [0, 0]),
        ([0, 0, 0], [0, 0, 5]),
        ([0, 0, 4], [0, 0, 1]),
        ([0, 0, 5, 5], [0, 0, 0, 5]),
        ([0, 0, 100, 100, 100], [0, 0, 0, 0, 5]),
        ([5, 4, 4], [0, 0, 5]),  # a clock that goes back gives nothing
    ],
)
def test_two_calls_in_ten_seconds(times, waits):
    assert takings(Bucket(2, 10.0), times) == pytest.approx(waits)


@given(moments, st.integers(1, 10), st.floats(0.5, 30))
def test_in_any_period_no_more_than_twice_the_size_gets_through(times, size, period):
    admitted = [now for now, wait in zip(times, takings(Bucket(size, period), times), strict=True) if wait == 0]
    for start in admitted:
        assert sum(start <= now < start + period for now in admitted) <= 2 * size


@given(moments, st.integers(1, 10), st.floats(0.5, 30))
def test_who_waits_as_long_as_told_gets_through(times, size, period):
    bucket = Bucket(size, period)
    for now in times:
        bucket, wait = bucket.take(now)
        if wait:
            assert bucket.take(now + wait * 1.0001 + 1e-9).wait == 0


def test_the_budget_lets_a_share_of_the_calls_be_retried():
    budget = RetryBudget(share=0.2, always=0.0)
    for _ in range(10):
        budget = budget.call(0.0)
    granted = 0
    while (spending := budget.spend(0.0)).is_granted:
        budget, granted = spending.budget, granted + 1
    assert granted == 2


def test_a_few_retries_are_always_allowed_and_come_back():
    budget = RetryBudget(always=2.0, window=10.0)
    for _ in range(2):
        budget, granted = budget.spend(0.0)
        assert granted
    assert not budget.spend(0.0).is_granted
    assert not budget.spend(4.0).is_granted
    assert budget.spend(5.0).is_granted


@given(st.lists(st.booleans(), max_size=200))
def test_retries_stay_a_share_of_the_calls(story):
    budget, calls, retries = RetryBudget(share=0.2, always=3.0), 0, 0
    for is_call in story:
        if is_call:
            budget, calls = budget.call(0.0), calls + 1
        else:
            budget, granted = budget.spend(0.0)
            retries += granted
    assert retries <= 0.2 * calls + 3.0 + 1e-6


@pytest.mark.parametrize(
    ("attempt", "chance", "seconds"),
    [(1, 1.0, 0.025), (2, 1.0, 0.05), (3, 0.5, 0.05), (9, 1.0, 1.0), (10_000, 1.0, 1.0), (5, 0.0, 0.0)],
)
def test_waiting_doubles_up_to_a_limit_and_is_spread(attempt, chance, seconds):
    assert backoff(attempt, chance) == pytest.approx(seconds)
