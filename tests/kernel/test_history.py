"""History answers by position, by range and by pattern, in the order in which cells ran."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa_kernel.history import SESSION, History


@pytest.fixture
def history():
    history = History()
    for line, source in enumerate(["(+ 1 1)", "(define x 1)", "(+ 1 1)", "x"], 1):
        history.add(line, source)
    return history


def lines(history, **request):
    return [line for _, line, _ in history.answer(request)]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"hist_access_type": "tail", "n": 2}, [3, 4]),
        ({"hist_access_type": "tail", "n": 0}, []),
        ({"hist_access_type": "tail", "n": 99}, [1, 2, 3, 4]),
        ({"hist_access_type": "range", "session": 0, "start": 2, "stop": 4}, [2, 3]),
        ({"hist_access_type": "range", "session": SESSION, "start": 3}, [3, 4]),
        ({"hist_access_type": "range", "session": -1, "start": 1}, []),
        ({"hist_access_type": "search", "pattern": "(+*"}, [1, 3]),
        ({"hist_access_type": "search", "pattern": "(+*", "unique": True}, [3]),
        ({"hist_access_type": "search", "pattern": "*", "n": 1}, [4]),
        ({"hist_access_type": "search", "pattern": "nothing*"}, []),
    ],
)
def test_a_request_chooses_the_entries(history, request_, expected):
    assert lines(history, **request_) == expected


def test_output_makes_pairs(history):
    history.add(5, "(* 2 2)").output = "4"
    assert history.answer({"hist_access_type": "tail", "n": 1, "output": True}) == [
        (SESSION, 5, ("(* 2 2)", "4"))
    ]


@given(st.lists(st.sampled_from("abc")), st.integers(0, 10))
def test_a_tail_is_the_end_of_the_whole(sources, count):
    history = History()
    for line, source in enumerate(sources, 1):
        history.add(line, source)
    whole = history.answer({"hist_access_type": "tail"})
    assert (
        history.answer({"hist_access_type": "tail", "n": count}) == whole[len(whole) - min(count, len(whole)) :]
    )
