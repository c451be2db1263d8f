"""The house's YAML: what it writes reads back everywhere, and what it reads it places."""

from __future__ import annotations

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import caixa_renderers.yaml as house
from caixa.lisp.source import Source
from caixa_renderers.errors import MalformedYaml
from caixa_renderers.yaml import dump, dump_all, load

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": [1, {"c": "d"}]}}, "a:\n  b:\n  - 1\n  - c: d\n"),
        ({"a": [], "b": {}}, "a: []\nb: {}\n"),
        ({"v": "0.1.0", "r": "~0.1.0"}, "v: 0.1.0\nr: ~0.1.0\n"),
        ({"s": "two\nlines\n"}, "s: |\n  two\n  lines\n"),
        ({"s": "é → ✗"}, "s: é → ✗\n"),
        ({"long": "word " * 60 + "end"}, f"long: {'word ' * 60}end\n"),
        ("plain", "plain\n"),
    ],
)
def test_values_are_written_in_the_house_style(value, text):
    assert dump(value) == text


@pytest.mark.parametrize(
    "text",
    ["8080", "1.5", "1e5", "0x1F", "0o14", "1_000", "1:30", "yes", "No", "on", "y", "null", "~", "", "true",
     ".inf",      "2026-01-01", "2026-01-01T00:00:00Z", "=", "<<", "-1", "+1", ".5"],
)  # fmt: skip
def test_a_text_that_some_reader_takes_for_something_else_is_single_quoted(text):
    assert dump({"k": text}) == f"k: '{text}'\n"


def test_several_documents_are_marked_and_one_is_not():
    assert dump_all([{"a": 1}, {"b": 2}], comment="Made.") == "# Made.\n---\na: 1\n---\nb: 2\n"
    assert dump({"a": 1}, comment="One.\n\nTwo.\n\n") == "# One.\n\n# Two.\n\na: 1\n"


@given(st.dictionaries(st.text(), JSON))
@settings(max_examples=50, deadline=None)
def test_what_is_written_reads_back_the_same_in_yaml_1_1_and_1_2(value):
    text = dump(value)
    assert pyyaml.safe_load(text) == value
    assert YAML(typ="safe", pure=True).load(text) == value


TRICKY = st.text(st.sampled_from("aZ09_./^~+$()[]{}*,;=@-: \\#'\"&!|>%?\n\té"), max_size=8)
PLAIN_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | TRICKY
    | st.sampled_from(("1e5", "y", "1:30", "...", "---", "0x1")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TRICKY, inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN_JSON)
@settings(max_examples=400, deadline=None)
def test_the_quick_way_writes_what_pyyaml_writes(value):
    assert house._emit(value) == house._emit_any(value)


def test_a_shared_value_is_written_twice_and_not_as_an_alias():
    shared = {"x": 1}
    assert dump({"a": shared, "b": shared}) == "a:\n  x: 1\nb:\n  x: 1\n"


def test_dates_stay_text_when_read():
    assert load(Source("f", "d: 2026-01-01\n")) == {"d": "2026-01-01"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: [1,\nb: 2\n", 3, 1), ("é: ✗: c\n", 1, 5), ("a: 1\n\tb: 2\n", 2, 1), ("a: *nobody\n", 1, 4)],
)
def test_a_malformed_text_is_refused_at_its_place(text, line, column):
    with pytest.raises(MalformedYaml) as caught:
        load(Source("servicos/x.yaml", text))
    data = caught.value.diagnostic.data
    assert (data["file"], data["line"], data["column"]) == ("servicos/x.yaml", line, column)
    assert caught.value.diagnostic.fix


@pytest.mark.parametrize(
    "text",
    ["- a\n", "", "a: 1\n---\nb: 2\n", "a: !!python/object:os.system x\n", "a: !!binary aGk=\n", "a: &a [*a]\n",
     "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(f"{n}: &{n} [{','.join(f'*{p}' for _ in range(8))}]\n"
                                            for p, n in zip("abcdefg", "bcdefgh", strict=True))],
    ids=["list", "empty", "two documents", "python", "binary", "loop", "explosion"],
)  # fmt: skip
def test_what_is_not_one_mapping_of_json_data_is_refused(text):
    with pytest.raises(MalformedYaml):
        load(Source("f", text))


def test_the_c_emitter_and_the_python_one_write_the_same():
    value = {"a": "8080", "b": "two\nlines", "c": ["x: y", "#", " pad "], "d": {"e": None, "f": 1.5}}
    fast = dump(value)
    slow = type("Slow", (pyyaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})
    slow.add_representer(str, house._represent_text)
    assert pyyaml.dump(value, Dumper=slow, sort_keys=False, allow_unicode=True, width=2**31 - 1) == fast
