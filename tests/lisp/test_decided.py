"""The decided changes to the vectors: each belongs to a vector, says why, and few concern untagged ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DECIDED = json.loads((TESTS / "conformance" / "decided-lisp.json").read_text("utf-8"))
CASES = [
    json.loads(line) for line in (TESTS / "data" / "vectors" / "lisp.jsonl").read_text("utf-8").splitlines()
]
BY_ID = {case["id"]: case for case in CASES}


@pytest.mark.parametrize("name", DECIDED["cases"])
def test_a_change_belongs_to_a_vector_and_says_which_decision_it_follows(name):
    change, case = DECIDED["cases"][name], BY_ID[name]
    assert change["decision"]
    assert case.get("quirk_policy") != "keep"
    assert any(case.get(key) != change.get(key) for key in ("expect", "expect_error", "stdout"))


def test_at_most_three_percent_of_all_are_changes_of_vectors_without_a_quirk():
    untagged = [name for name in DECIDED["cases"] if "quirk" not in BY_ID[name]]
    assert len(untagged) <= 0.03 * len(CASES)
