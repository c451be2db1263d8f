"""Maps and sets against Python's dicts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp import hash_tree, maps
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


_changes = st.one_of(
    st.tuples(st.just("assoc"), st.integers(0, 200)),
    st.tuples(st.just("assoc"), st.sampled_from([True, None, 0.5, Keyword("a"), List([1]), "text"])),
    st.tuples(st.just("dissoc"), st.integers(0, 200)),
    st.tuples(st.just("read"), st.integers(0, 200)),
    st.tuples(st.just("go through"), st.none()),
)


@settings(max_examples=60)
@given(st.integers(100, 180), st.lists(st.tuples(_changes, st.integers(0, 30)), max_size=60))
def test_every_version_of_a_large_map_stays_what_it_was(size, steps):
    """Each step starts from a version that is so many back: 0 goes on, anything else branches."""
    versions = [(Map((number, number) for number in range(size)), {number: number for number in range(size)})]
    for step, ((operation, key), back) in enumerate(steps):
        made, model = versions[-1 - min(back, len(versions) - 1)]
        stand_in = key_of(key)
        if operation == "assoc":
            versions.append((made.assoc(key, -step), {**model, stand_in: -step}))
        elif operation == "dissoc":
            versions.append((made.dissoc(key), {name: model[name] for name in model if name != stand_in}))
        elif operation == "read":
            assert made.get(key, "none") == model.get(stand_in, "none")
        else:
            assert list(made.values()) == list(model.values())
    for made, model in versions:
        assert len(made) == len(model)
        assert made.as_dict() == model
        assert list(made.as_dict()) == list(model)


def _counted_copies(monkeypatch):
    """Return a list that grows by the entries that an operation copies, trees counting their leaves."""
    copied = []

    class Counted(dict):
        def copy(self):
            copied.append(len(self))
            return Counted(self)

    def put(tree, key, value, number):
        copied.append(hash_tree._LEAF_SIZE)
        return hash_tree.put(tree, key, value, number)

    def tree_of(entries):
        copied.append(len(entries))
        return hash_tree.tree_of(entries)

    monkeypatch.setattr(maps, "put", put)
    monkeypatch.setattr(maps, "tree_of", tree_of)
    return copied, Map.own(Counted((number, 0) for number in range(1000)))


def test_updating_the_newest_version_copies_nothing_for_as_many_updates_as_there_are_entries(monkeypatch):
    copied, made = _counted_copies(monkeypatch)
    for number in range(1000):
        made = made.assoc(number % 10, number)
    assert copied == []
    for number in range(10_000):
        made = made.assoc(number % 10, number)
    assert sum(copied) <= 10_000


def test_updating_one_version_over_and_over_copies_it_twice_at_most(monkeypatch):
    copied, made = _counted_copies(monkeypatch)
    branches = [made.assoc(number, -1) for number in range(100)]
    assert sum(copied) <= 2 * 1000 + 100 * 2 * hash_tree._LEAF_SIZE
    assert [sum(value == -1 for value in branch.values()) for branch in branches] == [1] * 100


def test_updating_each_of_many_older_versions_copies_their_entries_once_for_all(monkeypatch):
    copied, made = _counted_copies(monkeypatch)
    versions = [made]
    for number in range(500):
        versions.append(versions[-1].assoc(number, 1))
    for version in reversed(versions):
        version.assoc("new", 2)
    assert sum(copied) <= 1000 + 3 * 500 * hash_tree._LEAF_SIZE


@pytest.mark.parametrize("key", ["new", 5])
def test_an_update_that_is_stopped_midway_leaves_the_older_version_whole(key):
    class Stopping(dict):
        def __setitem__(self, key, value):
            raise KeyboardInterrupt

    made = Map.own(Stopping((number, number) for number in range(200)))
    with pytest.raises(KeyboardInterrupt):
        made.assoc(key, -1)
    assert "new" not in made
    changed = made.assoc("other", 1)
    assert list(made.items()) == [(number, number) for number in range(200)]
    assert changed.get(5) == 5
    assert len(changed) == 201


def test_forgetting_a_long_history_needs_no_stack():
    first = made = Map((number, 0) for number in range(20_000))
    for number in range(20_000):
        made = made.assoc(number, 1)
    del first
    assert sum(made.values()) == 20_000


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
