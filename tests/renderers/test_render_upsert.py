"""An upsert changes the entry and nothing else: on documents, and on text with its comments."""

from __future__ import annotations

import difflib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa_renderers.errors import MalformedYaml, MissingField
from caixa_renderers.servico.flux import upsert_helm_release, upsert_values
from caixa_renderers.servico.upsert import upsert_text

RELEASE = """\
# the fleet of rio
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
    name:   fleet   # odd spacing stays
spec:
  values:
    defaultNamespace: "tatara-system"
    programs:
      # the first
      - name: existing   # keep
        module:
          source: 'github:foo/bar'  # pinned
        note: |
          two
          lines

      # the second
      - name: other
        x: 1
    # after
    tail: end
"""
NEW = {"name": "new", "trigger": {"service": {"port": 1, "paths": ["/"]}}}


def changed(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), n=0)
    return "".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def test_a_new_entry_adds_its_lines_after_the_last():
    assert changed(RELEASE, upsert_text(RELEASE, NEW)) == (
        "+      - name: new\n+        trigger:\n+          service:\n"
        "+            port: 1\n+            paths:\n+            - /\n"
    )


def test_a_changed_value_changes_its_line_and_keeps_the_comment():
    entry = {"name": "existing", "module": {"source": "github:foo/baz"}, "note": "two\nlines\n"}
    assert changed(RELEASE, upsert_text(RELEASE, entry)) == (
        "-          source: 'github:foo/bar'  # pinned\n+          source: 'github:foo/baz'  # pinned\n"
    )


def test_a_value_that_an_entry_has_twice_is_written_out_twice():
    shard = {"index": 0}
    entry = {"name": "existing", "placement": {"shard": shard}, "config": {"shard": shard, "also": [shard]}}
    text = upsert_text(RELEASE, entry)
    assert text.count("index: 0") == 3
    assert "&id" not in text


def test_an_entry_that_is_the_same_changes_no_byte():
    assert upsert_text(RELEASE, {"name": "other", "x": 1}) == RELEASE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "programs:\n- name: new\n  b: 2\n"),
        ("programs: []\n", "programs:\n- name: new\n  b: 2\n"),
        ("# c\nprograms: # d\nx: 1\n", "# c\nprograms: # d\n- name: new\n  b: 2\nx: 1\n"),
        ("a: 1\n", "a: 1\nprograms:\n- name: new\n  b: 2\n"),
        ("programs:\n- {name: new, a: 1}\n- name: z", "programs:\n- name: new\n  b: 2\n- name: z"),
        ("programs:\n- name: z", "programs:\n- name: z\n- name: new\n  b: 2\n"),
        ("kind: HelmRelease\nspec: {}\n",
         "kind: HelmRelease\nspec:\n  values:\n    programs:\n    - name: new\n      b: 2\n"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_there_yet_is_made(before, after):
    assert upsert_text(before, {"name": "new", "b": 2}) == after


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("programs: {}\n", MissingField),
        ("kind: HelmRelease\n", MissingField),
        ("spec: 1\n", MissingField),
        ("- a\n", MalformedYaml),
        ("a: [\n", MalformedYaml),
    ],
)
def test_a_text_of_another_shape_is_refused(text, error):
    with pytest.raises(error):
        upsert_text(text, NEW)


def test_a_text_that_only_some_readers_take_is_written_anew_and_right():
    assert upsert_text("programs: []\na: 1\na: 2\n", {"name": "new"}) == "programs:\n- name: new\na: 2\n"


def test_an_entry_needs_a_name():
    with pytest.raises(MissingField):
        upsert_values({}, {"a": 1})


def test_the_document_that_was_given_is_left_as_it_was():
    document = {"spec": {"values": {"programs": [{"name": "a"}], "keep": 1}}}
    result, inserted = upsert_helm_release(document, {"name": "a", "b": 2})
    assert not inserted
    assert result == {"spec": {"values": {"programs": [{"name": "a", "b": 2}], "keep": 1}}}
    assert document == {"spec": {"values": {"programs": [{"name": "a"}], "keep": 1}}}


ENTRIES = st.fixed_dictionaries(
    {"name": st.sampled_from(("a", "b", "c"))},
    optional={
        "module": st.fixed_dictionaries({"source": st.text(max_size=20)}),
        "list": st.lists(st.integers() | st.text(max_size=5), max_size=3),
        "note": st.sampled_from(("one", "two\nlines\n", "trailing\n\n", " lead", "")),
    },
)


@given(st.lists(ENTRIES, max_size=4), ENTRIES)
@settings(max_examples=50, deadline=None)
def test_the_text_upsert_means_the_document_upsert_and_a_second_time_nothing(programs, entry):
    text = yaml.safe_dump({"enabled": True, "programs": programs}, sort_keys=False)
    once = upsert_text(text, entry)
    assert yaml.safe_load(once) == upsert_values(yaml.safe_load(text), entry)[0]
    assert upsert_text(once, entry) == once
