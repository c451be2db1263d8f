"""equal? is an equivalence, and hashes agree with it."""

import pytest
from hypothesis import given

from caixa.lisp.equality import distinct, equal, hash_of, identical, key_of, same_key
from caixa.lisp.printer import write, write_short
from caixa.lisp.values import EMPTY, ErrorValue, Keyword, List, Map, Set, Symbol, Vector

from .strategies import values

nan = float("nan")


@given(values)
def test_a_value_is_equal_to_a_copy_of_itself_and_hashes_alike(value):
    again = _copied(value)
    assert equal(value, again)
    assert equal(again, value)
    assert hash_of(value) == hash_of(again)
    assert same_key(value, again)
    assert key_of(value) == key_of(again)
    assert hash(key_of(value)) == hash(key_of(again))


def _copied(value):
    if isinstance(value, (List, Vector)):
        return type(value)(_copied(item) for item in value) if value or isinstance(value, Vector) else None
    if isinstance(value, Map):
        return Map(reversed([(_copied(key), _copied(item)) for key, item in value.items()]))
    if isinstance(value, Set):
        return Set(reversed([_copied(item) for item in value]))
    if isinstance(value, ErrorValue):
        return ErrorValue(value.tag, value.message, [(_copied(key), _copied(item)) for key, item in value.data])
    return value


@given(values, values, values)
def test_equality_is_symmetric_transitive_and_agrees_with_hashes(one, other, third):
    assert equal(one, other) == equal(other, one)
    if equal(one, other):
        assert hash_of(one) == hash_of(other)
        assert equal(one, third) == equal(other, third)
    if same_key(one, other):
        assert equal(one, other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1.0, False),
        (1, True, False),
        (0, False, False),
        (0.0, -0.0, True),
        (nan, nan, False),
        ("a", Symbol("a"), False),
        (Symbol("a"), Keyword("a"), False),
        (None, EMPTY, True),
        (None, False, False),
        (List([1]), List([1.0]), False),
        (List([1]), Vector([1]), False),
        (List([None]), List([List()]), True),
        (EMPTY, Vector(), False),
        (Map([(1, 2), (3, 4)]), Map([(3, 4), (1, 2)]), True),
        (Map([(1, 2)]), Map([(1.0, 2)]), False),
        (Map([(1, 2)]), Map([(1, 3)]), False),
        (Map([(List([1]), 2)]), Map([(List([1]), 2)]), True),
        (Map([(List([1]), 2)]), Map([(List([2]), 2)]), False),
        (Set([1, 2]), Set([2, 1]), True),
        (Set([1]), Set([True]), False),
        (len, len, True),
        (len, max, False),
        (ErrorValue(Keyword("a"), "m"), ErrorValue(Keyword("a"), "m"), True),
        (ErrorValue(Keyword("a"), "m"), ErrorValue(Keyword("a"), "n"), False),
    ],
)
def test_equality_by_kind(one, other, expected):
    assert equal(one, other) is expected
    assert (one == other if isinstance(one, (List, Vector, Map, Set)) else expected) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1, True),
        ("ab", "a" + "b", True),
        (1, 1.0, False),
        (nan, nan, False),
        (List(), List(), False),
        (None, EMPTY, False),
        (True, 1, False),
    ],
)
def test_identity_is_by_object_but_for_plain_data(one, other, expected):
    assert identical(one, other) is expected


def test_distinct_is_by_equality_and_not_by_key():
    assert [write(item) for item in distinct([0.0, -0.0, 1, 1.0, nan, nan, None, EMPTY])] == [
        "0.0", "1", "1.0", "nan", "nan", "()",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrap", "depth"),
    [(lambda v: List([v]), 100_000), (lambda v: Vector([v]), 20_000), (lambda v: Map([(1, v)]), 20_000)],
    ids=["list", "vector", "map"],
)
def test_values_nested_deep_compare_print_and_hash(wrap, depth):
    one, other = EMPTY, EMPTY
    for _ in range(depth):
        one, other = wrap(one), wrap(other)
    assert equal(one, other)
    assert hash_of(one) == hash_of(other)
    assert len(write(one)) >= depth * 2
    assert len(write_short(one)) <= 201


def test_maps_nested_as_keys_compare_and_hash():
    one, other = Map(), Map()
    for _ in range(5_000):
        one, other = Map([(one, 1)]), Map([(other, 1)])
    assert equal(one, other)
    assert not equal(one, Map([(other, 1)]))
    assert Map([(one, 2)]).get(other) == 2
