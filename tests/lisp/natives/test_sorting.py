"""Sorting against Python's own, its stability, and what it costs."""

from itertools import pairwise
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.natives import sorting
from caixa.lisp.natives.comparison import ascending, compare, descending
from caixa.lisp.natives.numbers import minus
from caixa.lisp.natives.sorting import merge_sort, plain_sort, sort, sort_by, sort_on
from caixa.lisp.values import Char, Keyword, List

integers = st.lists(st.integers(-9, 9), max_size=60)
numbers = st.lists(st.one_of(st.integers(-9, 9), st.sampled_from([0.5, -1.0, 3.0, 1e300])), max_size=30)
pairs = st.lists(st.tuples(st.integers(0, 4), st.integers()), max_size=60)


@given(st.one_of(integers, st.lists(st.text(max_size=3)), st.lists(st.floats(allow_nan=False)), numbers))
def test_sorting_orders_as_compare_does_and_keeps_every_element(items):
    made = list(sort(List(items)))
    assert all(compare(one, other) <= 0 for one, other in pairwise(made))
    assert sorted(map(repr, made)) == sorted(map(repr, items))


@given(pairs)
def test_equal_elements_stay_in_their_order_whatever_sorts_them(items):
    expected = sorted(items, key=lambda pair: pair[0])
    assert merge_sort(items, lambda one, other: one[0] < other[0]) == expected
    assert list(sort_by(lambda one, other: one[0] - other[0], List(items))) == expected
    assert list(sort_on(lambda pair: pair[0], List(items))) == expected
    assert list(sort_on(lambda pair: float(pair[0]), List(items))) == expected


@given(integers)
def test_the_native_comparisons_sort_as_functions_that_do_the_same(items):
    made = List(items)
    assert list(sort(ascending, made)) == list(sort(lambda a, b: a < b, made)) == sorted(items)
    assert list(sort(descending, made)) == list(sort(lambda a, b: a > b, made)) == sorted(items, reverse=True)
    assert list(sort_by(minus, made)) == list(sort_by(lambda a, b: a - b, made)) == sorted(items)


@given(pairs, st.integers(1, 7), st.booleans())
def test_sorting_in_pieces_is_sorting_at_once(items, size, downwards):
    keys = [key for key, _ in items]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "PIECE", size)
        assert plain_sort(keys, downwards=downwards) == sorted(keys, reverse=downwards)


@given(st.lists(st.integers(), min_size=2, max_size=200))
def test_a_comparator_is_called_n_log_n_times_and_once_a_pair_where_the_order_is_right(items):
    calls = []

    def before(one, other):
        calls.append(1)
        return one < other

    ordered = merge_sort(items, before)
    assert len(calls) <= len(items) * (ceil(log2(len(items))) + 1)
    calls.clear()
    assert merge_sort(ordered, before) == ordered
    assert len(calls) == len(items) - 1


def test_what_python_orders_differently_is_not_left_to_it():
    nan = float("nan")
    assert plain_sort([1, 2.0]) is None
    assert plain_sort([1.0, nan]) is None
    assert plain_sort([True, False]) is None
    assert plain_sort([List([2]), List([1])]) is None
    assert plain_sort([Keyword("b"), Keyword("a")]) == [Keyword("a"), Keyword("b")]
    assert plain_sort([Char("b"), Char("a")], downwards=True) == [Char("b"), Char("a")]
    assert plain_sort([]) == []
