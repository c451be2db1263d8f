"""The table of rules is true: every example does what its row says, every fix mends, and no code is outside."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.canonical import to_lisp
from caixa.manifest.decode import read_manifest
from caixa.manifest.errors import InvalidManifest, ManifestError
from caixa.manifest.ground import Ground
from caixa.manifest.json import from_json
from caixa.manifest.layout import verify
from caixa.manifest.model import Kind
from caixa.manifest.module_url import parse_module_url
from caixa.manifest.package import Package
from caixa.manifest.profile import Profile
from caixa.manifest.rules import declared as declared_module
from caixa.manifest.rules.examples import example_manifest
from caixa.manifest.rules.rule import Rule, Where
from caixa.manifest.rules.table import FAMILIES, RULES
from caixa.manifest.version import Requirement, Version
from caixa.tools.edits import apply_edits

from .strategies import caixas

ALL = list(RULES.values())
WRITTEN = [rule for name, family in FAMILIES.items() for rule in family if name != "Values of slots"]
TEXTS = {
    Where.VERSION: Version.parse,
    Where.REQUIREMENT: Requirement.parse,
    Where.MODULE_URL: parse_module_url,
    Where.JSON: lambda text: from_json(json.loads(text)),
}
by_code = {"ids": lambda rule: rule.code}


def manifest_of(rule: Rule, example: str) -> Source:
    return Source("caixa.lisp", example_manifest(rule.where, example) if rule.where.is_kind else example)


def findings(rule: Rule, source: Source, profile: Profile = Profile.STRICT) -> list[Diagnostic]:
    reading = read_manifest(source, profile=profile)
    found = list(reading.diagnostics)
    if reading.caixa is not None and rule.files:
        there = {"caixa.lisp", *rule.files}
        found += verify(reading.caixa, there.__contains__, Ground(reading.spans, profile))
    return found


def codes(rule: Rule, example: str, profile: Profile, folder: Path) -> set[str]:
    """Return the codes of what is found in an example."""
    if rule.where.is_kind or rule.where is Where.MANIFEST:
        return {found.code for found in findings(rule, manifest_of(rule, example), profile)}
    try:
        if rule.where is Where.FILES:
            make_files(folder, example)
            Package.from_directory(folder, profile=profile)
        else:
            TEXTS[rule.where](example)
    except (InvalidManifest, ManifestError) as error:
        return {found.code for found in error.diagnostics}
    return set()


def make_files(folder: Path, listing: str) -> None:
    for line in listing.splitlines():
        name, _, target = line.partition(" -> ")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if target:
            path.symlink_to(target)
        elif name.endswith("/"):
            path.mkdir()
        else:
            path.write_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)\n')


@pytest.mark.parametrize("rule", ALL, **by_code)
def test_the_refusing_example_is_refused_with_the_code_of_the_rule(rule, tmp_path):
    assert rule.code in codes(rule, rule.refuses, Profile.STRICT, tmp_path)


@pytest.mark.parametrize("rule", ALL, **by_code)
def test_the_accepting_example_keeps_the_rule(rule, tmp_path):
    assert rule.code not in codes(rule, rule.accepts, Profile.STRICT, tmp_path)


@pytest.mark.parametrize("rule", WRITTEN, **by_code)
def test_an_accepting_example_that_was_written_by_hand_keeps_every_rule(rule, tmp_path):
    assert codes(rule, rule.accepts, Profile.STRICT, tmp_path) == set()


@pytest.mark.parametrize("rule", ALL, **by_code)
def test_the_profile_of_the_older_system_has_the_rules_that_it_is_said_to_have(rule, tmp_path):
    assert (rule.code in codes(rule, rule.refuses, Profile.APRIL, tmp_path)) == rule.is_april


IN_TEXT = [rule for rule in ALL if rule.where.is_kind or rule.where is Where.MANIFEST]


@pytest.mark.parametrize("rule", IN_TEXT, **by_code)
def test_a_finding_has_the_severity_of_its_rule_and_says_why_and_what_to_do(rule):
    found = [each for each in findings(rule, manifest_of(rule, rule.refuses)) if each.code == rule.code]
    assert found
    for each in found:
        assert each.severity is rule.severity
        assert each.message
        assert each.why
        assert each.fix


@pytest.mark.parametrize("rule", IN_TEXT, **by_code)
def test_a_rule_that_mends_comes_with_an_edit_after_which_it_is_kept(rule):
    source = manifest_of(rule, rule.refuses)
    edits = [edit for each in findings(rule, source) if each.code == rule.code for edit in each.edits]
    assert bool(edits) == rule.mends
    if edits:
        mended = Source("caixa.lisp", apply_edits(source.text, edits).text)
        left = {each.code for each in findings(rule, mended)}
        assert rule.code not in left
        assert left <= {each.code for each in findings(rule, source)}


@pytest.mark.parametrize("rule", ALL, **by_code)
def test_a_row_is_plain_sentences_and_a_stable_code(rule):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
    assert re.fullmatch(r"[A-Z`][^\n]*\.", rule.says)
    assert re.fullmatch(r"[A-Z`][^\n]*\.", rule.fix)


def test_a_code_has_one_row():
    rows = [rule.code for family in FAMILIES.values() for rule in family]
    assert len(rows) == len(set(rows)) == len(RULES)


def test_every_code_that_the_source_spells_out_is_in_the_table():
    folder = Path(declared_module.__file__).parents[1]
    calls = [
        call
        for path in folder.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
    ]
    spelt = {code for call in calls for code in _spelt(call)}
    assert len(spelt) > 50
    assert spelt - RULES.keys() == set()


def _spelt(call: ast.Call) -> list[str]:
    """Return the codes in a call that makes a finding: the first argument, or one named `code`."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = call.args[:1] if name in ("error", "report", "refuse") else []
    given += [word.value for word in call.keywords if word.arg == "code"]
    return [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]


@settings(max_examples=100)
@given(st.sampled_from(Kind).flatmap(caixas), st.sampled_from(Profile))
def test_whatever_a_manifest_holds_nothing_is_found_that_is_not_in_the_table(caixa, profile):
    reading = read_manifest(Source("caixa.lisp", to_lisp(caixa, profile)), profile=profile)
    assert {each.code for each in reading.diagnostics} <= RULES.keys()
