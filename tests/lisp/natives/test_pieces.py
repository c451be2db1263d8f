"""Taking long sequences in pieces gives what taking them at once does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp import pieces
from caixa.lisp.lists import List
from caixa.lisp.natives import sorting
from caixa.lisp.natives.sorting import sort_on
from caixa.lisp.pieces import extended, gathered, kinds_of, pieces_of

items = st.lists(st.one_of(st.integers(), st.text(max_size=2)), max_size=20)
sizes = st.integers(1, 8)


@pytest.fixture(scope="module", autouse=True)
def _small_pieces():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", 4)
        yield


@given(items)
def test_what_is_gathered_is_the_list_of_all(given_items):
    assert gathered(given_items) == gathered(iter(given_items)) == given_items


@given(items, items)
def test_a_list_is_extended_by_all_that_follows(known, more):
    assert extended(list(known), more) == extended(list(known), iter(more)) == known + more


@given(items)
def test_pieces_make_up_the_whole_and_none_is_empty_or_too_long(given_items):
    cut = list(pieces_of(given_items))
    assert [each for piece in cut for each in piece] == given_items
    assert all(1 <= len(piece) <= pieces.PIECE for piece in cut)


@given(items)
def test_the_kinds_are_the_classes_of_all(given_items):
    assert kinds_of(given_items) == kinds_of(iter(given_items)) == {type(each) for each in given_items}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers())), sizes)
def test_sorting_by_a_key_in_pieces_keeps_equal_ones_in_order(rows, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "PIECE", size)
        found = sort_on(lambda row: row[0], List(rows))
    assert list(found) == sorted(rows, key=lambda row: row[0])
