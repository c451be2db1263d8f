"""The published vectors on the machine: a right answer, or the name of what is missing; never a wrong one."""

import json
from collections import defaultdict
from pathlib import Path

import vectors

VECTORS = Path(__file__).parents[2] / "data" / "vectors"


def test_every_vector_passes_but_those_that_use_what_is_listed_as_missing() -> None:
    listed = json.loads((VECTORS / "machine-open.json").read_text())
    wrong, missing = [], defaultdict(list)
    for verdict in vectors.run_all("lisp_wasm", vectors.load_cases(VECTORS / "lisp.jsonl")):
        uses = verdict.got.removeprefix(vectors.NOT_YET)
        if verdict.passed:
            continue
        if uses != verdict.got:
            missing[uses].append(verdict.case["id"])
        else:
            wrong.append(f"{verdict.case['id']}\n  expected {verdict.expected}\n  got      {verdict.got}")
    assert not wrong, "\n".join(wrong)
    passed_before = {each for ids in missing.values() for each in ids} - {
        each for ids in listed.values() for each in ids
    }
    assert not passed_before, "these passed before"
    assert missing == listed, "some pass now: write the list anew (tests/vectors.py --write-open)"
