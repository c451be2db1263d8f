"""Maps and sets against Python's dicts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.equality import key_of
from caixa.lisp.values import EMPTY, Keyword, List, Map, Set

from .strategies import values

keys = st.one_of(st.integers(-200, 200), values)
operations = st.lists(
    st.one_of(st.tuples(st.just("assoc"), keys, st.integers()), st.tuples(st.just("dissoc"), keys, st.none())),
    max_size=40,
)


def _model(entries):
    return {key_of(key): (key, value) for key, value in entries}


def _same(made, model):
    assert len(made) == len(model)
    assert [key_of(key) for key in made] == list(model)
    assert list(made.values()) == [value for _, value in model.values()]
    assert all(made.get(key) == value and key in made for key, value in model.values())


@given(st.lists(st.tuples(keys, st.integers()), max_size=10), operations)
def test_a_map_does_what_a_dict_does_and_the_older_map_stays(start, changes):
    first = Map(start)
    model = _model(start)
    made, before = first, dict(model)
    for operation, key, value in changes:
        if operation == "assoc":
            made = made.assoc(key, value)
            model[key_of(key)] = (model.get(key_of(key), (key,))[0], value)
        else:
            made = made.dissoc(key)
            model.pop(key_of(key), None)
    _same(made, model)
    _same(first, before)


@settings(max_examples=20)
@given(st.integers(60, 3000), st.integers(1, 4096))
def test_a_map_that_has_become_a_tree_keeps_order_and_finds_every_key(size, stride):
    made = Map()
    for number in range(size):
        made = made.assoc(number * stride, number)
    assert list(made.keys()) == [number * stride for number in range(size)]
    assert all(made.get(number * stride) == number for number in range(size))
    for number in range(0, size, 2):
        made = made.dissoc(number * stride)
    assert list(made.values()) == list(range(1, size, 2))
    assert made == Map((number * stride, number) for number in reversed(range(1, size, 2)))


@given(
    st.lists(st.tuples(keys, st.integers()), max_size=8), st.lists(st.tuples(keys, st.integers()), max_size=80)
)
def test_merging_is_building_from_both(left, right):
    for one, other in ((left, right), (right, left)):
        merged, built = Map(one).merge(Map(other)), Map((*one, *other))
        assert list(merged.items()) == list(built.items())


def test_the_kinds_of_keys_are_kept_apart():
    made = Map(
        [(1, "int"), (1.0, "float"), (True, "bool"), (0, "zero"), (0.0, "plus"), (-0.0, "minus"), (False, "no")]
    )
    assert len(made) == 7
    assert [made.get(key) for key in (1, 1.0, True, 0, 0.0, -0.0, False)] == list(made.values())


def test_nan_finds_itself_and_nil_is_the_empty_list_as_a_key():
    made = Map([(float("nan"), 1), (None, 2)])
    assert made.get(float("nan")) == 1
    assert made.get(EMPTY) == 2
    assert made.get(List()) == 2
    assert Map([(List([1, List()]), 3)]).get(List([1, None])) == 3


def test_a_python_object_is_a_key_by_its_identity():
    class Odd:
        def __eq__(self, other):
            return True

        __hash__ = None

    one, other = Odd(), Odd()
    assert Map([(one, 1), (other, 2)]).get(one) == 1


@given(st.lists(keys, max_size=12), st.lists(keys, max_size=12))
def test_sets_have_each_member_once_and_join(left, right):
    joined = Set(left).union(Set(right))
    assert [key_of(item) for item in joined] == list(dict.fromkeys(key_of(item) for item in (*left, *right)))
    assert joined == Set((*right, *left))


def test_a_keyword_looks_itself_up():
    assert Keyword("a")(Map([(Keyword("a"), 1)])) == 1
    assert Keyword("b")(Map(), 2) == 2
    assert Keyword("b")(None) is None
