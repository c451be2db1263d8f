"""Lists and vectors against Python's tuples."""

from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.values import EMPTY, List, Vector

items = st.lists(st.integers(), max_size=20)


@given(items)
def test_a_list_iterates_indexes_and_reverses_as_a_tuple(elements):
    made = List(elements)
    assert tuple(made) == tuple(elements)
    assert len(made) == len(elements)
    assert [made[index] for index in range(len(made))] == elements
    assert list(reversed(made)) == elements[::-1]


@given(items)
def test_owning_a_python_list_gives_its_elements_in_order(elements):
    assert list(List.own(list(elements))) == elements


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("cons"), st.integers()),
            st.tuples(st.just("tail"), st.just(0)),
            st.tuples(st.just("drop"), st.integers(-1, 4)),
        ),
        max_size=30,
    ),
    st.data(),
)
def test_sharing_never_changes_a_list_that_was_made_before(operations, data):
    made = [(EMPTY, ())]
    for operation, argument in operations:
        before, expected = data.draw(st.sampled_from(made))
        if operation == "cons":
            made.append((before.cons(argument), (argument, *expected)))
        elif operation == "drop":
            made.append((before.drop(argument), expected[max(0, argument) :]))
        elif expected:
            made.append((before.tail, expected[1:]))
    assert all(tuple(found) == expected for found, expected in made)


def test_consing_while_iterating_does_not_lengthen_the_iteration():
    start = List([1, 2, 3])
    assert [start.cons(item) and item for item in start] == [1, 2, 3]


def test_the_rest_of_a_list_shares_its_elements():
    whole = List(range(1000))
    assert whole.tail._reversed is whole._reversed


@given(items, st.lists(st.integers(), max_size=5))
def test_adding_to_a_vector_twice_gives_two_vectors(elements, more):
    base = Vector(elements)
    left = right = base
    for item in more:
        left, right = left.conj(item), right.conj(-item)
    assert list(left) == elements + more
    assert list(right) == elements + [-item for item in more]
    assert list(base) == elements


@given(st.lists(st.integers(), min_size=1, max_size=8), st.data())
def test_changing_a_vector_copies_it(elements, data):
    at = data.draw(st.integers(0, len(elements) - 1))
    base = Vector(elements)
    assert list(base.assoc(at, None)) == [*elements[:at], None, *elements[at + 1 :]]
    assert list(base) == elements
