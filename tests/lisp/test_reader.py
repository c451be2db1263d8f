"""The reader: spans, comments, errors, linear time; and that what is printed reads back as the same."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.data import quote, unquote
from caixa.lisp.equality import equal
from caixa.lisp.errors import ReaderError
from caixa.lisp.printer import write, write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node, Prefix
from caixa.lisp.values import Char, ErrorValue, Keyword, List, Map, Set, Symbol, Vector

TOKENS = (
    "#{", "#<error ", ">", ":|x y|", "#!", "@a",
    "(", ")", "[", "]", "{", "}", "'", "`", ",", ",@", "#|", "|#", "#;", "#\\a", "#\\zz", "|", "|x y|", '"',
    '"a"', "a", "b1", "12", "-1.5", "1e3", "é", "#t", "#foo", ":k", "\\", ".", "; c\n", "\n\n", " ",
)  # fmt: skip


def forms(text: str) -> tuple[Node, ...]:
    return read(Source("text", text)).forms


def nodes(node: Node) -> list[Node]:
    inner = node.items if isinstance(node, Form) else (node.inner,) if isinstance(node, Prefix) else ()
    return [node, *(each for child in inner for each in nodes(child))]


def refusal(text: str) -> ReaderError | None:
    """Return the error with which `text` is refused, or None if it reads."""
    try:
        read(Source("text", text))
    except ReaderError as error:
        return error
    return None


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_any_text_reads_or_is_refused_with_a_place_in_it(text):
    size = len(text.encode())
    error = refusal(text)
    spans = [form.span for form in forms(text)] if error is None else [error.span]
    assert all(0 <= span.start <= span.end <= size for span in spans)


@given(st.text(max_size=200))
def test_any_characters_read_or_are_refused(text):
    error = refusal(text)
    assert error is None or error.message


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join))
def test_the_span_of_a_node_covers_those_inside_it_in_order(text):
    try:
        found = forms(text)
    except ReaderError:
        return
    for form in found:
        for node in nodes(form):
            children = nodes(node)[1:]
            assert all(node.span.covers(child.span) for child in children)


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_what_is_read_prints_as_text_that_reads_the_same(text):
    try:
        found = forms(text)
    except ReaderError:
        return
    again = forms("\n".join(write_syntax(form) for form in found))
    assert [write_syntax(form) for form in again] == [write_syntax(form) for form in found]


names = st.text(min_size=1, max_size=8)
atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20),
    names.map(Symbol), st.text(max_size=8).map(Keyword),
    st.characters(exclude_categories=["Cs"]).map(Char),
)  # fmt: skip
values = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(List),
        st.lists(inner, max_size=5).map(Vector),
        st.lists(st.tuples(inner, inner), max_size=4).map(Map),
        st.lists(inner, max_size=4).map(Set),
        st.builds(
            ErrorValue, names.map(Keyword), st.text(max_size=8), st.lists(st.tuples(atoms, inner), max_size=3)
        ),
    ),
    max_leaves=20,
)


@given(values)
def test_a_printed_value_reads_back_as_an_equal_one(value):
    (form,) = forms(write(value))
    assert equal(quote(form), value)


@given(values)
def test_a_value_turned_to_code_and_back_is_equal(value):
    node = unquote_maps(value)
    assert equal(quote(node), value)


def unquote_maps(value: object) -> Node:
    """Turn a value to code by way of its text, since a map that no text or template made is refused."""
    (form,) = forms(write(value))
    from caixa.lisp.data import Origins

    origins = Origins()
    return unquote(quote(form, origins), Span("text", 0, 0), origins)


def test_code_that_came_from_syntax_is_the_very_node():
    from caixa.lisp.data import Origins

    (form,) = forms("(a (b c) [d])")
    origins = Origins()
    value = quote(form, origins)
    assert unquote(List((Symbol("x"), value)), form.span, origins).items[1] is form


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('foo 42 "hi" :kw', [(0, 3), (4, 6), (7, 11), (12, 15)]),
        ("'  x", [(0, 4)]),
        ("é →x", [(0, 2), (3, 7)]),
        ("#;(a b) c", [(8, 9)]),
        ("a'b", [(0, 1), (1, 3)]),
    ],
)
def test_spans_are_byte_ranges(text, spans):
    assert [(form.span.start, form.span.end) for form in forms(text)] == spans


def test_comments_and_blank_lines_are_kept_where_they_stand():
    program = read(Source("text", "; one\n(a ; two\n b #| three |#)\n\n; four"))
    (form,) = program.forms
    assert [trivia.text for trivia in form.leading] == ["; one"]
    assert [trivia.text for trivia in form.items[1].leading] == ["; two"]
    assert [trivia.text for trivia in form.trailing] == ["#| three |#"]
    assert [trivia.text for trivia in program.trailing] == ["", "; four"]


@pytest.mark.parametrize(
    ("text", "subkind", "at"),
    [
        ('(a "b', "unterminated-string", 3),
        (') "b', "unterminated-string", 2),
        ("(a))", "unmatched-close-paren", 3),
        ("(a]", "unmatched-close-paren", 2),
        ("(a (b)", "unmatched-open-paren", 0),
        ("('", "eof", 1),
        ("(a ')", "eof", 3),
        ("#| #| |#", "unterminated-comment", 0),
        ("|ab", "unterminated-symbol", 0),
        ("{:a}", "odd-map", 1),
        ("#\\nothing", "unknown-character", 0),
        ("9" * 5000, "integer-too-large", 0),
    ],
)
def test_a_text_that_does_not_read_is_refused_at_its_place(text, subkind, at):
    with pytest.raises(ReaderError) as caught:
        forms(text)
    assert caught.value.subkind == subkind
    assert caught.value.span.start == at


PIECES = ["a ", "(a b) ", "(", "[", "'", '"s" ', "#;", "é ", "; x\n", "#|", "{", "|a| ", "\\"]


@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_time_in_proportion_to_the_text(piece):
    def seconds(size: int) -> float:
        started = time.perf_counter()
        with contextlib.suppress(ReaderError):
            read(Source("text", piece * (size // len(piece))))
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(400_000) < 0.2 + 30 * seconds(40_000)


def test_an_atom_is_what_its_text_says():
    assert [form.value for form in forms("+5 007 .5 1e3 inf #t :a:b a.b") if isinstance(form, Atom)] == [
        5, 7, 0.5, 1000.0, float("inf"), True, Keyword("a:b"), Symbol("a.b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("#{1 2 (a) }", "#{1 2 (a)}"),
        (":|a b|", ":|a b|"),
        (":|plain|", ":plain"),
        ("|a b| |inf| |#!x| |#<error|", "|a b| |inf| |#!x| |#<error|"),
        ('#<error :tag "m">', '#<error :tag "m">'),
        ('[#<error :t "m" {:k (1), 2 #{}}>]', '[#<error :t "m" {:k (1) 2 #{}}>]'),
        (", @x", ", @x"),
        ("#\\u{41} #\\( #\\space", "#\\A #\\( #\\space"),
        ("#!/usr/bin/env caixa-lisp\n(a)", "(a)"),
    ],
)
def test_the_decided_extensions_read_and_print(text, printed):
    assert " ".join(write_syntax(form) for form in forms(text)) == printed


def test_a_first_line_for_the_system_is_a_comment_and_kept():
    (form,) = forms("#!/usr/bin/env caixa-lisp\n(a)")
    assert [trivia.text for trivia in form.leading] == ["#!/usr/bin/env caixa-lisp"]


@pytest.mark.parametrize(
    ("text", "subkind", "at"),
    [
        ("#{1", "unmatched-open-paren", 0),
        (":|ab", "unterminated-symbol", 0),
        ("#<error :a", "eof", 0),
        ("#<error 1 2 >", "bad-error", 0),
        ('(#<error :a "m" 3 >)', "bad-error", 1),
    ],
)
def test_an_extension_that_does_not_read_is_refused_at_its_place(text, subkind, at):
    error = refusal(text)
    assert error is not None
    assert (error.subkind, error.span.start) == (subkind, at)


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_the_text_at_the_span_of_a_node_reads_as_that_node(text):
    source = Source("text", text)
    try:
        found = read(source).forms
    except ReaderError:
        return
    for node in (each for form in found for each in nodes(form)):
        (again,) = forms(f" {source.slice(node.span)}")  # at the very beginning `#!` is a comment
        assert write_syntax(again) == write_syntax(node)


MEGABYTE = 1_000_000
EXTREMES = {
    "parentheses": "(" * MEGABYTE,
    "quotes": "'" * MEGABYTE,
    "datum comments": "#;" * (MEGABYTE // 2),
    "block comments": "#|" * (MEGABYTE // 2),
    "brackets of all kinds": "[{(" * (MEGABYTE // 3),
    "sets": "#{" * (MEGABYTE // 2),
    "errors": "#<error " * (MEGABYTE // 8),
    "one atom": "a" * MEGABYTE,
    "one integer": "9" * 100_000,
    "one float": "1." + "9" * MEGABYTE,
    "one string": '"' + "\\a" * (MEGABYTE // 2),
    "one symbol": "|" + "\\a" * (MEGABYTE // 2),
    "bars": ":|" * (MEGABYTE // 2),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_a_megabyte_of_anything_is_an_error_or_a_value(name):
    error = refusal(EXTREMES[name])
    assert error is None or error.render({"text": Source("text", EXTREMES[name])})
