"""JSON, YAML and TOML: a value that a format can carry comes back the same."""

from __future__ import annotations

import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.equality import equal
from caixa.lisp.errors import NativeError
from caixa.lisp.lists import EMPTY, List, Vector
from caixa.lisp.maps import Map, Set
from caixa.lisp.names import Char, Keyword, Symbol
from caixa.lisp.natives.script.documents import toml_parse, toml_stringify, yaml_parse, yaml_stringify
from caixa.lisp.natives.script.interchange import as_table, to_plain
from caixa.lisp.natives.script.json_text import json_parse, json_stringify

NEST = "(define (nest n v) (if (= n 0) v (nest (- n 1) (list v))))"
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
SCALARS = st.none() | st.booleans() | INTEGERS | FLOATS | STRINGS


def documents(scalars):
    """Return values that all three formats have: lists (but none of pairs), and maps with strings as keys."""
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4).map(List).filter(lambda items: as_table(items) is None)
            | st.lists(st.tuples(STRINGS, inner), max_size=4).map(Map)
        ),
        max_leaves=12,
    )


TABLES = st.lists(
    st.tuples(STRINGS, documents(SCALARS.filter(lambda value: value is not None))), max_size=4
).map(Map)


@given(documents(SCALARS))
def test_a_value_comes_back_from_json(value):
    assert equal(json_parse(json_stringify(value)), value)


@given(documents(SCALARS))
def test_our_json_is_what_python_writes(value):
    plain = to_plain("test", value)
    assert json.loads(json_stringify(value)) == json.loads(json.dumps(plain))


@given(documents(SCALARS))
def test_a_value_comes_back_from_yaml(value):
    assert equal(yaml_parse(yaml_stringify(value)), value)


@given(TABLES)
def test_a_table_comes_back_from_toml(value):
    assert equal(toml_parse(toml_stringify(value)), value)


# -- what a format cannot carry -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Keyword("a"), '"a"'),
        (Symbol("a"), '"a"'),
        (Char("a"), '"a"'),
        (math.nan, "null"),
        (List([math.inf, 1]), "[null,1]"),
        (Vector([1, 2]), "[1,2]"),
        (Set([1]), "[1]"),
        (EMPTY, "[]"),
        (Map(), "{}"),
        (len, "null"),
        (
            Map([(1, 1), (True, 2), (None, 3), (1.5, 4), (Keyword("k"), 5)]),
            '{"1":1,"true":2,"null":3,"1.5":4,"k":5}',
        ),
        (Map([(Keyword("a"), math.inf)]), '{"a":null}'),
        (2**80, "1208925819614629174706176"),
        ("é\u2028\n\x00", '"é\u2028\\n\\u0000"'),
    ],
)
def test_what_json_has_no_form_for_becomes_what_is_nearest(value, text):
    assert json_stringify(value) == text


def test_names_come_back_from_yaml_and_toml_as_strings():
    value = Map([(Keyword("a"), Symbol("b"))])
    expected = Map([("a", "b")])
    assert equal(yaml_parse(yaml_stringify(value)), expected)
    assert equal(toml_parse(toml_stringify(value)), expected)


def test_toml_leaves_out_nil_and_writes_plain_entries_before_tables(run):
    assert run("(toml-stringify {:t {:x 1} :n nil :a 1})") == '"a = 1\\n\\n[t]\\nx = 1\\n"'
    assert run('(toml-stringify (list (list "a" 1)))') == '"a = 1\\n"'


def test_dates_are_strings(run):
    assert run('(toml-parse "d = 2026-01-31\\nt = 2026-01-31T01:02:03Z")') == (
        '{"d" "2026-01-31", "t" "2026-01-31T01:02:03+00:00"}'
    )
    assert run('(yaml-parse "d: 2026-01-31")') == '{"d" "2026-01-31"}'


def test_keys_of_yaml_that_are_no_strings_are_written_as_yaml_does(run):
    assert run('(yaml-parse "2: a\\ntrue: b\\nnull: c")') == '{"2" "a", "true" "b", "null" "c"}'


# -- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('(json-parse "[1,\\n2 3]")', 2, 3),
        # a comma before a bracket: Python 3.13 points at it, older ones behind it
        ('(json-parse "[1,\\n2,]")', 2, 2 if sys.version_info >= (3, 13) else 3),
        ('(yaml-parse "a: 1\\nb: [")', 2, 5),
        ('(yaml-parse "a: b: c")', 1, 5),
    ],
)
def test_a_document_that_is_wrong_says_where(fail, text, line, column):
    error = fail(text)
    assert (error.facts["line"], error.facts["column"]) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        '(json-parse "")', '(json-parse "NaN")', '(json-parse "[1] 2")', '(json-parse 5)',
        '(json-parse (string-repeat "[" 100000))', '(json-parse (string-repeat "9" 5000))',
        '(yaml-parse "a: &x [*x]")', '(yaml-parse "a\\n---\\nb")',
        '(yaml-parse "!!python/object:os.system {}")',
        '(yaml-parse (string-repeat "[" 3000))', '(yaml-parse "\\u{7}")',
        '(yaml-stringify car)', '(yaml-stringify {1.5 2})',
        '(toml-parse "a = ")', '(toml-parse "a = 1\\na = 2")', '(toml-stringify 5)', "(toml-stringify '())",
        "(toml-stringify {:a car})", "(toml-stringify {:a [nil]})",
    ],
)  # fmt: skip
def test_what_is_no_document_is_an_error_of_its_native(fail, text):
    error = fail(text)
    assert error.kind == "native-fn"
    assert error.function == text[1:].split()[0]


def test_depth_within_strings_does_not_count(run):
    assert run('(json-parse (json-stringify (list (string-repeat "[\\\\\\"{" 2000))))').count("[") == 2000


def test_what_is_nested_deep_is_written_as_json(run):
    assert run(f"{NEST} (string-length (json-stringify (nest 50000 1)))") == "100001"


def test_what_is_nested_too_deep_for_a_library_is_an_error(fail):
    assert "deep" in fail(f"{NEST} (yaml-stringify (nest 50000 1))").message
    assert "deep" in fail(f"{NEST} (toml-stringify {{:a (nest 50000 1)}})").message


def test_entries_are_found_by_name_in_lists_of_pairs_and_maps(run):
    for alist in ('\'(("a" 1))', "'((:a 1))", "'((a 1))", "{:a 1}", '{"a" 1}'):
        assert (
            run(f'(list (alist-get {alist} :a) (alist-get {alist} "a") (alist-get {alist} \'z 9))') == "(1 1 9)"
        )


BRACKETS_IN_TEXT = '["[[", "]]\\\\", "{é", {"[\\"]": [1, "}"]}]'


@given(st.integers(1, 1000), st.sampled_from(["[{}]", '{{"a": {}}}']))
def test_json_nested_at_most_1000_deep_is_parsed_and_deeper_is_refused(depth, around):
    text = BRACKETS_IN_TEXT
    for _ in range(depth):
        text = around.format(text)
    if depth + 3 <= 1000:
        assert json_parse(text) is not None
    else:
        with pytest.raises(NativeError, match="deep"):
            json_parse(text)
