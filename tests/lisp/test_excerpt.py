"""The line that a finding points into fits a screen, and its carets stand under the sub-form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.excerpt import Excerpt
from caixa.lisp.source import Source


def excerpt(text: str, start: int, end: int) -> Excerpt:
    source = Source("x.lisp", text)
    return Excerpt.of(source, source.span(start, end))


def test_a_short_line_is_shown_whole():
    assert excerpt("(a\n\t(f foo))", 7, 10) == ((2, 5), "\t(f foo))", "\t   ", "^^^")


def test_what_goes_on_below_is_underlined_to_the_end_of_its_line():
    assert excerpt("(f (a\nb))", 3, 8).carets == "^^"


@pytest.mark.parametrize(
    ("before", "found", "columns", "carets"),
    [("é→", "ñ", 2, 1), ("🎉", "🎉🎉", 2, 4), ("e\N{COMBINING ACUTE ACCENT}", "x", 1, 1), ("日本", "語", 4, 2)],
)
def test_carets_are_counted_in_columns_of_a_terminal(before, found, columns, carets):
    shown = excerpt(before + found, len(before), len(before + found))
    assert (shown.pad, shown.carets) == (" " * columns, "^" * carets)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_line_of_any_length_fits_a_screen_and_shows_the_place(before, length, after):
    text = "a" * before + "X" * length + "b" * after
    shown = excerpt(text, before, before + length)
    assert len(shown.line) <= 162
    assert len(shown.pad) + len(shown.carets) <= len(shown.line) + 1
    marked = shown.line[len(shown.pad) :][: len(shown.carets)]
    assert marked.strip("…X") == "" if length else len(marked) <= 1
    assert shown.start == (1, before + 1)
