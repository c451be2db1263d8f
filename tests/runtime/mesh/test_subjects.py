"""NATS subjects: a table of who hears what, and the wildcard laws against regular expressions."""

import re
from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given

from caixa.runtime.mesh.subjects import matches, overlap

tokens = st.sampled_from(["a", "b", "c"])
subjects = st.lists(tokens, min_size=1, max_size=4).map(".".join)
patterns = st.builds(
    lambda words, rest: ".".join([*words, *rest]) or "*",
    st.lists(st.one_of(tokens, st.just("*")), max_size=3),
    st.sampled_from([[], [">"]]),
)


@pytest.mark.parametrize(
    ("pattern", "subject", "heard"),
    [
        ("orders.new", "orders.new", True),
        ("orders.new", "orders", False),
        ("orders", "orders.new", False),
        ("orders.*", "orders.new", True),
        ("orders.*", "orders.new.eu", False),
        ("orders.*.eu", "orders.new.eu", True),
        ("orders.>", "orders.new.eu", True),
        ("orders.>", "orders", False),
        (">", "orders", True),
        ("*", "orders.new", False),
        ("orders.ne*", "orders.new", False),
        ("orders.ne*", "orders.ne*", True),
        ("orders.", "orders.", False),
        ("orders.*", "orders.", False),
        ("", "", False),
        ("Orders", "orders", False),
    ],
)
def test_who_hears_what(pattern, subject, heard):
    assert matches(pattern, subject) is heard


def as_expression(pattern):
    words = [
        ".+" if word == ">" else "[^.]+" if word == "*" else re.escape(word) for word in pattern.split(".")
    ]
    return re.compile(r"\.".join(words))


@given(patterns, subjects)
def test_wildcards_mean_what_their_regular_expressions_do(pattern, subject):
    assert matches(pattern, subject) is bool(as_expression(pattern).fullmatch(subject))


@given(patterns, patterns, subjects)
def test_patterns_that_hear_one_subject_overlap(first, second, subject):
    if matches(first, subject) and matches(second, subject):
        assert overlap(first, second)
    assert overlap(first, second) is overlap(second, first)


@given(patterns, patterns)
def test_patterns_that_overlap_hear_some_subject(first, second):
    if overlap(first, second):
        assert any(matches(first, subject) and matches(second, subject) for subject in SHORT)


SHORT = [".".join(words) for size in range(1, 5) for words in product("abc", repeat=size)]


@pytest.mark.parametrize("broken", ["", "a.", ".a", "a..b"])
def test_nothing_overlaps_with_what_is_no_subject(broken):
    assert not overlap(broken, ">")
