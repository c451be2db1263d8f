"""How two values differ: the places are where they do, and equal values have none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.data import quote
from caixa.lisp.lists import List
from caixa.lisp.maps import Map
from caixa.lisp.names import Keyword
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.testing.differences import SHOWN, differences


def value(text: str) -> object:
    return quote(read(Source("value", text)).forms[0])


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("(1 2 3)", "(1 5 3)", ["at [1]: 2 ≠ 5"]),
        ("(1 2)", "(1 2 3 4)", ["2 more on the right, from [2]: 3"]),
        ("(1 2)", "(1)", ["one more on the left, from [1]: 2"]),
        ("{:a 1 :b 2}", "{:a 1 :c 2}", ["only on the left: :b 2", "only on the right: :c 2"]),
        ("{:a (1 {:b 2})}", "{:a (1 {:b 3})}", ["at [:a][1][:b]: 2 ≠ 3"]),
        ("(1 [2 3])", "(1 (2 3))", ["at [1]: [2 3] ≠ (2 3)"]),
        ("1", "2", []),
        ("(1)", "nil", []),
    ],
)
def test_a_difference_is_told_by_its_path_and_both_values(left, right, said):
    assert differences(value(left), value(right)) == said


def test_what_is_only_in_one_of_two_sets_is_told(interpreter):
    left = interpreter.evaluate(Source("a", "(hash-set 1 2)"))
    right = interpreter.evaluate(Source("b", "(hash-set 2 3)"))
    assert differences(left, right) == ["only on the left: 1", "only on the right: 3"]


def test_a_few_differences_stand_for_many():
    lines = differences(List(range(100)), List(range(1, 101)))
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "…"


def test_values_nested_a_hundred_thousand_deep_are_compared():
    left: object = 1
    right: object = 2
    for _ in range(100_000):
        left, right = List([left]), List([right])
    (line,) = differences(left, right)
    assert line.endswith(": 1 ≠ 2")


data = st.recursive(
    st.integers(0, 3) | st.sampled_from([Keyword("a"), "text", None]),
    lambda inner: (
        st.lists(inner, max_size=3).map(List)
        | st.dictionaries(st.integers(0, 3), inner, max_size=3).map(lambda pairs: Map(pairs.items()))
    ),
    max_leaves=8,
)


@given(data, data)
def test_equal_values_have_no_differences_and_unequal_containers_of_one_class_have_some(left, right):
    lines = differences(left, right)
    if left == right:
        assert lines == []
    elif type(left) is type(right) and isinstance(left, (List, Map)):
        assert lines
