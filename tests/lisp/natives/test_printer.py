"""What is written reads back as an equal value, and display is for people."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caixa.lisp.data import quote
from caixa.lisp.equality import equal, identical
from caixa.lisp.fibers.channel import Channel
from caixa.lisp.fibers.fiber import Fiber
from caixa.lisp.objects import Foreign, Promise
from caixa.lisp.printer import display, write, write_short, write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.values import Char, ErrorValue, Keyword, List, Map, Set, Symbol, Vector

from .strategies import data


def _read(text):
    (form,) = read(Source("test", text)).forms
    return quote(form)


@given(data)
@example(
    List([Symbol("."), Symbol("|"), Symbol("#t"), Symbol(":a"), Symbol("1e3"), Symbol("-inf"), Symbol("#|")])
)
@example(List([Char("("), Char("\0"), Char("\u0301"), Char("\xa0"), '\u0301\u200b\ud800\\"', 5e-324]))
def test_what_is_written_reads_back_equal(value):
    assert equal(_read(write(value)), value)


@given(st.floats(allow_nan=False))
def test_a_float_reads_back_as_the_very_same(number):
    back = _read(write(number))
    assert identical(back, number)
    assert str(back) == str(number)


@pytest.mark.parametrize(
    ("value", "written", "displayed"),
    [
        (None, "()", "()"),
        (List(), "()", "()"),
        (True, "#t", "#t"),
        (1.0, "1.0", "1.0"),
        (1e300, "1e+300", "1e+300"),
        (float("-inf"), "-inf", "-inf"),
        (float("nan"), "nan", "nan"),
        ('a\n"b\\', '"a\\n\\"b\\\\"', 'a\n"b\\'),
        ("\x00\x07é\u200b", '"\\0\\u{7}é\\u{200b}"', "\x00\x07é\u200b"),
        (Symbol("a b"), "|a b|", "|a b|"),
        (Symbol(""), "||", "||"),
        (Symbol("12"), "|12|", "|12|"),
        (Symbol("1+"), "1+", "1+"),
        (Symbol("..."), "...", "..."),
        (Symbol("a|b"), "a|b", "a|b"),
        (Symbol("|b"), "|\\|b|", "|\\|b|"),
        (Keyword("k"), ":k", ":k"),
        (Char(" "), "#\\space", " "),
        (Char("a"), "#\\a", "a"),
        (List([1, "a", Symbol("b")]), '(1 "a" b)', "(1 a b)"),
        (Vector([1, 2]), "[1 2]", "[1 2]"),
        (Map([(Keyword("a"), "x"), (1, 2)]), '{:a "x", 1 2}', "{:a x, 1 2}"),
        (Set([1]), "#{1}", "#{1}"),
        (ErrorValue(Keyword("t"), "m"), '#<error :t "m">', '#<error :t "m">'),
        (
            ErrorValue(Keyword("t"), "m", [(Keyword("a"), 1), (2, "x")]),
            '#<error :t "m" {:a 1 2 "x"}>',
            '#<error :t "m" {:a 1 2 x}>',
        ),
        (Promise(lambda: 1), "#<promise pending>", "#<promise pending>"),
        (Channel(), "#<foreign>", "#<foreign>"),
        (Fiber(lambda: 1, 1, "one", print), "#<foreign>", "#<foreign>"),
        (Foreign(1, "thing"), "#<foreign thing>", "#<foreign thing>"),
        (object(), "#<foreign object>", "#<foreign object>"),
    ],
)
def test_each_kind_of_value_prints(value, written, displayed):
    assert write(value) == written
    assert display(value) == displayed


def test_a_promise_prints_its_value_once_it_has_one():
    promise = Promise(lambda: List(["a"]))
    promise.force()
    assert write(promise) == '#<promise ("a")>'


@pytest.mark.parametrize("power", [4298, 4299, 5000, 100_000])
def test_integers_beyond_what_python_converts_are_abbreviated(power):
    for value in (10**power, 10**power - 1, -(10**power) - 7, 7**power):
        limit, digits = sys.get_int_max_str_digits(), None
        try:
            sys.set_int_max_str_digits(0)
            digits = str(abs(value))
        finally:
            sys.set_int_max_str_digits(limit)
        sign = "-" if value < 0 else ""
        abbreviated = f"#<integer {sign}{digits[:10]}…{digits[-10:]} of {len(digits)} digits>"
        assert write(value) in (sign + digits, abbreviated)
        assert len(write(value)) < 4400


def test_the_longest_integer_prints_at_once():
    assert write(1 << 9_999_999).endswith("of 3010300 digits>")


def test_a_short_text_of_a_long_value_costs_no_more_than_it_shows():
    assert write_short(List(range(1_000_000))) == write(List(range(1000)))[:200] + "…"
    assert write_short(List([1])) == "(1)"


@given(data)
def test_syntax_is_written_as_its_value_is(value):
    text = write(value)
    (form,) = read(Source("test", text)).forms
    assert write_syntax(form) == text


def test_prefixes_are_written_short():
    (form,) = read(Source("test", "'(a `(b ,c ,@d))")).forms
    assert write_syntax(form) == "'(a `(b ,c ,@d))"
