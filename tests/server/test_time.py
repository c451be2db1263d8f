"""The time that macros may take in the editor, and what its end leaves behind."""

from __future__ import annotations

import sys

import pytest

from caixa.tools.server.environment import OutOfTime, within


def profiled() -> int:
    """Return how many calls a profiler sees in one of `sorted` with a key: it hangs if something is left."""
    calls = 0

    def count(_frame: object, event: str, _value: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        sorted([3, 1, 2], key=lambda item: -item)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.timeout(20)
def test_what_ends_in_time_leaves_nothing_behind() -> None:
    for _ in range(3):
        with within(60):
            pass
    assert profiled() == 3


@pytest.mark.timeout(20)
def test_what_does_not_end_is_stopped_and_leaves_nothing_behind() -> None:
    with pytest.raises(OutOfTime), within(0.01):
        sum(1 for _ in iter(int, 1))  # for ever
    assert profiled() == 3
