"""`explain` knows every code that a person can meet, and says so in both faces."""

from __future__ import annotations

import json

import pytest

from caixa.manifest.rules.table import RULES
from feira.verbs.explain import codes


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        (
            "contrato-cycle",
            ["never go round in a circle", "refused (slots of the kind Aplicacao)", "accepted:"],
        ),
        ("limits-fuel-zero", [":limits (:fuel 0)", ":limits (:fuel 1000000)"]),
        ("paired-kwargs", ["a rule of lint", "(defthing :a 1 :b)"]),
        ("unbound-symbol", ["an error of the language"]),
        ("text-not-unicode", [r"\ud83c"]),
        ("[file-problem]", ["an error of feira"]),
    ],
)
def test_a_code_is_explained(feira, code, parts):
    outcome = feira("explain", code)
    assert outcome.status == 0
    assert [part for part in parts if part not in outcome.out] == []


def test_every_rule_on_manifests_is_known(feira):
    assert set(codes()) >= RULES.keys()
    listed = feira("explain").out
    assert [code for code in codes() if f"  {code} " not in listed] == []


def test_a_row_is_also_data(feira):
    row = json.loads(feira("explain", "slot-unknown", "--json").out)
    assert (row["code"], row["severity"], row["mends"]) == ("slot-unknown", "error", True)
    assert len(json.loads(feira("explain", "--json").out)["codes"]) == len(codes())


@pytest.mark.parametrize(
    ("said", "meant"), [("contrat-cycle", "contrato-cycle"), ("Membro_Duplicate", "membro-duplicate")]
)
def test_a_code_that_is_none_gets_the_one_that_was_meant(feira, said, meant):
    outcome = feira("explain", said)
    assert outcome.status == 2
    assert f"did you mean {meant}?" in outcome.err


def test_a_code_that_is_like_none_gets_the_way_to_the_list(feira):
    assert "lists them all" in feira("explain", "%%").err
