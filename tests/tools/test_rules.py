"""The table of rules: each example is what its rule says, and the page shows the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from caixa.lisp.source import Source
from caixa.tools.edits import apply_edits
from caixa.tools.linter import lint_text
from caixa.tools.linting.package import PackageFiles, check_package, unchecked
from caixa.tools.linting.reference import page
from caixa.tools.rules import FAMILIES, RULES, Mending, Rule, Where

TEXTS = [rule for rule in RULES.values() if rule.where is Where.TEXT]


def found(rule: Rule, example: str) -> list[str]:
    """Return the codes of what is found in an example, read as the rule says."""
    if rule.where is Where.TEXT:
        return [each.code for each in lint_text(Source("x.lisp", example))]
    files = dict(part.split("\n", 1) for part in example.split("==> ")[1:])
    manifest = Source("caixa.lisp", files.pop("caixa.lisp"))
    package = PackageFiles(manifest, {path: text.encode() for path, text in files.items()})
    return [each.code for each in check_package(package, is_strict=rule.is_strict)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_refuses_its_one_example_and_accepts_the_other(rule):
    assert rule.code in found(rule, rule.refuses)
    assert found(rule, rule.accepts) == []


@pytest.mark.parametrize("rule", TEXTS, ids=[rule.code for rule in TEXTS])
def test_a_finding_has_the_severity_of_its_rule_and_advice(rule):
    (each, *_) = [each for each in lint_text(Source("x", rule.refuses)) if each.code == rule.code]
    assert each.severity is rule.severity
    assert each.span is not None
    assert each.fix.endswith((".", "?"))
    assert bool(each.edits) is (rule.mending is not Mending.NONE)


@pytest.mark.parametrize("rule", [rule for rule in TEXTS if rule.mending is not Mending.NONE], ids=str)
def test_the_edits_of_a_rule_mend_its_breach(rule):
    source = Source("x", rule.refuses)
    edits = [edit for each in lint_text(source) if each.code == rule.code for edit in each.edits]
    assert rule.code not in found(rule, apply_edits(source.text, edits).text)


def test_a_rule_has_one_place_in_the_table():
    codes = [rule.code for family in FAMILIES.values() for rule in family]
    assert codes == list(RULES)
    assert len(codes) == len(set(codes))


def test_what_a_package_says_nothing_about_is_named_with_the_reason():
    bare = PackageFiles(Source("caixa.lisp", ""), {})
    assert unchecked(bare) == {
        "claude-md-pointer": "there is no CLAUDE.md",
        "module-trio-adoption": "there is no flake.nix, and so no module of a system",
    }
    assert unchecked(PackageFiles(bare.manifest, {"CLAUDE.md": b"", "flake.nix": b""})) == {}


def test_the_page_is_the_table():
    assert (Path(__file__).parents[2] / "docs/linting.md").read_text(encoding="utf-8") == page()
