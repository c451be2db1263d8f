"""Sequence functions against what they mean for Python lists, and how much they copy."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.errors import LispError
from caixa.lisp.natives import NATIVES
from caixa.lisp.values import EMPTY_MAP, Keyword, List, Map, Set, Vector

items = st.lists(st.integers(-5, 5), max_size=20)
counts = st.integers(-2, 25)


def call(name, *arguments):
    """Call a native, and return its result with every list in it as a Python list, nil as an empty one."""
    return _plain(NATIVES[name](*arguments))


def _plain(value):
    if isinstance(value, (List, Vector)):
        return [_plain(item) for item in value]
    return [] if value is None else value


@given(items, counts)
def test_ends_and_cuts_are_slices(elements, count):
    made, size = List(elements), max(0, count)
    assert call("take", count, made) == elements[:size]
    assert call("drop", count, made) == elements[size:]
    assert call("take-last", count, made) == (elements[-size:] if size else [])
    assert call("drop-last", count, made) == (elements[:-size] if size else elements)
    assert call("split-at", count, made) == [elements[:size], elements[size:]]


@given(items, st.integers(1, 6))
def test_pieces_and_windows_are_slices_side_by_side(elements, size):
    made = List(elements)
    pieces = call("partition-all", size, made)
    assert [item for piece in pieces for item in piece] == elements
    assert all(len(piece) == size for piece in pieces[:-1])
    assert call("windows", size, made) == [elements[at : at + size] for at in range(len(elements) - size + 1)]
    assert call("take-nth", size, made) == elements[::size]


@given(items)
def test_pieces_by_a_function_join_to_the_list_and_differ_from_their_neighbours(elements):
    pieces = call("partition-by", abs, List(elements))
    assert [item for piece in pieces for item in piece] == elements
    keys = [{abs(item) for item in piece} for piece in pieces]
    assert all(len(key) == 1 for key in keys)
    assert all(one != other for one, other in pairwise(keys))
    assert call("dedupe", List(elements)) == [
        item for at, item in enumerate(elements) if elements[at - 1 : at] != [item]
    ]


@given(items, st.integers(-6, 6))
def test_searching_finds_the_first_and_deleting_leaves_none(elements, wanted):
    made = List(elements)
    place = elements.index(wanted) if wanted in elements else -1
    assert call("position", wanted, made) == place
    assert call("member?", wanted, made) is (wanted in elements)
    assert call("member", wanted, made) == (elements[place:] if place >= 0 else False)
    assert call("delete", wanted, made) == [item for item in elements if item != wanted]
    assert call("distinct", made) == list(dict.fromkeys(elements))
    magnitudes = [abs(item) for item in elements]
    firsts = [item for at, item in enumerate(elements) if magnitudes[at] not in magnitudes[:at]]
    assert call("distinct-by", abs, made) == firsts


@given(items, items)
def test_functions_over_lists_do_what_comprehensions_do(left, right):
    one, other = List(left), List(right)
    assert call("map", lambda a, b: a - b, one, other) == [a - b for a, b in zip(left, right, strict=False)]
    assert call("mapcat", lambda a: List([a, a]), one) == [item for item in left for _ in range(2)]
    assert call("map-indexed", lambda at, item: at * item, one) == [at * item for at, item in enumerate(left)]
    assert call("filter", lambda a: a > 0, one) == [item for item in left if item > 0]
    assert call("keep", lambda a: a > 0 and -a, one) == [-item for item in left if item > 0]
    assert call("append", one, other) == left + right
    assert (
        call("foldl", NATIVES["+"], 0, one)
        == call("reduce", NATIVES["+"], 0, one)
        == call("sum", one)
        == sum(left)
    )
    assert call("interleave", one, other) == [item for pair in zip(left, right, strict=False) for item in pair]


@given(st.lists(st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.booleans(), st.none()), max_size=20))
def test_zero_and_empty_values_are_true_to_every_predicate(elements):
    truths = [item is not None and item is not False for item in elements]
    made = List(elements)
    assert len(call("filter", lambda item: item, made)) == sum(truths)
    assert call("any?", lambda item: item, made) is any(truths)
    assert call("every?", lambda item: item, made) is all(truths)
    assert call("none?", lambda item: item, made) is not any(truths)


@given(
    st.lists(st.tuples(st.sampled_from(["a", 1, 1.0, True, None, Keyword("k")]), st.integers()), max_size=20)
)
def test_maps_built_by_natives_are_those_built_by_hand(entries):
    built = EMPTY_MAP
    for key, value in entries:
        built = built.assoc(key, value)
    keys, values = List([key for key, _ in entries]), List([value for _, value in entries])
    pairs = List([List(entry) for entry in entries])
    assert built == Map(entries) == NATIVES["zipmap"](keys, values) == NATIVES["into"](EMPTY_MAP, pairs)
    assert sum(NATIVES["frequencies"](keys).values()) == len(entries)
    assert list(NATIVES["frequencies"](keys)) == list(built)
    assert NATIVES["update-vals"](built, str) == Map((key, str(value)) for key, value in built.items())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("range", (10**12,)), ("range", (0, 1e12)), ("range", (10**30,)), ("repeat-list", (0, 10**10)),
        ("repeat", (10**10, 0)), ("iterate", (abs, 0, 10**10)), ("repeatedly", (list, 10**10)),
        ("make-vector", (10**12,)), ("iota", (10**12,)), ("string-repeat", ("x", 10**12)),
        ("string-pad-left", ("x", 10**12)), ("string-replace", ("a" * 10**5, "a", "b" * 10**5)),
        ("string-join", ("x" * 10**6, List([""] * 10**4))), ("windows", (5 * 10**4, List(range(10**5)))),
    ],
)  # fmt: skip
def test_what_could_not_be_held_is_refused_before_it_is_begun(name, arguments):
    with pytest.raises(LispError, match="more than"):
        NATIVES[name](*arguments)


def test_going_through_the_rest_of_a_list_copies_nothing():
    class Counted(list):
        def __getitem__(self, index):
            raise AssertionError("copied")

    whole = List.own(Counted(range(10)))
    rest = whole.tail.tail
    assert list(rest) == list(range(2, 10))
    assert next(iter(rest)) == 2


def test_consing_onto_the_newest_list_copies_nothing_and_onto_another_once():
    base = List(range(1000))
    grown = base.cons(1).cons(2)
    assert grown._reversed is base._reversed
    branch = base.cons(3)
    assert branch._reversed is not base._reversed
    assert branch.cons(4)._reversed is branch._reversed


def test_sets_and_maps_are_functions_of_what_they_hold():
    assert Map([(1, "a")])(1) == "a"
    assert Map()(1, "none") == "none"
    assert Set([1])(1) == 1
    assert Set([1])(2) is None
