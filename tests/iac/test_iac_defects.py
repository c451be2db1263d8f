"""What the older system got wrong with infrastructure, mended: a case each, as data in decided-caixa.json.

| defect of caixa.md | case | held against the real tool in |
|---|---|---|
| G22 duplicates compared before they are normalised | G22-duplicates, G22-attributes | test_iac_verbs |
| G22 the attribute of a reference is not normalised | G22-reference | test_iac_document |
| G23 `defcheck` in spec/ is read by nothing | G23-defcheck | test_iac_verbs |
| G24 no data, variable, output, module, locals | G24-blocks | test_iac_document |
| 4.5 a trailing name without a value is ignored | 4.5-unpaired | test_iac_reading |
| 4.5 `${` in a text becomes an expression unseen | 4.5-text | test_iac_document |
| 4.5 HCL and JSON disagree on the name of a type | 4.5-hcl-type | test_iac_languages |
| 4.6 an object loses its fields; no data sources | 4.6-objects | test_iac_schemas |
| 4.6 no Read, Update, Delete: Go does not compile | 4.6-provedor | test_iac_schemas |
"""

import json
from pathlib import Path

import pytest
from vectors import load_check

DECIDED = Path(__file__).parents[1] / "conformance" / "decided-caixa.json"
MENDED = json.loads(DECIDED.read_text(encoding="utf-8"))["mended"]


@pytest.mark.parametrize("case", MENDED, ids=[case["id"] for case in MENDED])
def test_a_mended_defect_does_as_was_decided_and_no_more_as_it_did(case):
    check = load_check("caixa")
    passed, expected, got = check(case)
    assert passed, f"expected {expected}\ngot      {got}"
    still, _, _ = check({**case, "expect": case["older"]})
    assert not still
    assert case["decision"]
