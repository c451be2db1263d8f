"""The published vectors, which are in tests/data/vectors so that a clone is complete.

Those that are not reached yet are named in open.json beside them, with what is missing; one that starts to
pass must leave that list, so it can only shrink.
"""

import json
from pathlib import Path

import pytest
import vectors

VECTORS = Path(__file__).parent / "data" / "vectors"


@pytest.mark.parametrize("suite", ["lisp", "caixa"])
def test_every_vector_passes_but_those_listed_as_open(suite: str) -> None:
    open_ids = json.loads((VECTORS / "open.json").read_text())[suite]
    cases = vectors.load_cases(VECTORS / f"{suite}.jsonl")
    failed = {verdict.case["id"]: verdict for verdict in vectors.run_all(suite, cases) if not verdict.passed}
    unexpected = [
        f"{name}\n  expected {failed[name].expected}\n  got      {failed[name].got}"
        for name in failed.keys() - open_ids
    ]
    assert not unexpected, "\n".join(unexpected)
    assert set(open_ids) == failed.keys(), "these pass now: take them out of open.json"


@pytest.mark.parametrize("suite", ["lisp", "caixa"])
def test_the_copies_are_the_published_ones(suite: str) -> None:
    published = Path(__file__).parents[2] / "shared" / "vectors" / f"{suite}.jsonl"
    if not published.is_file():
        pytest.skip(
            "the published vectors are not beside this clone, so the copies cannot be compared with them"
        )
    assert (VECTORS / f"{suite}.jsonl").read_bytes() == published.read_bytes()
