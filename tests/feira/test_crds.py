"""`crds` prints what a cluster must know before it takes our objects."""

from __future__ import annotations

import json

import pytest
import yaml

KINDS = ["Caixa", "Lacre", "CaixaBuild", "ComputeUnit", "Tree", "Aplicacao"]


def test_every_definition_is_a_document_of_its_own(feira):
    documents = list(yaml.safe_load_all(feira("crds").out))
    assert [each["kind"] for each in documents] == ["CustomResourceDefinition"] * len(KINDS)
    assert [each["spec"]["names"]["kind"] for each in documents] == KINDS


def test_as_json_they_are_a_list_that_kubectl_takes(feira):
    answer = json.loads(feira("crds", "--json").out)
    assert answer["kind"] == "List"
    assert len(answer["items"]) == len(KINDS)


@pytest.mark.parametrize("kind", ["CaixaBuild", "caixabuild"])
def test_one_kind_is_asked_for_by_name(feira, kind):
    (document,) = yaml.safe_load_all(feira("crds", kind).out)
    assert document["metadata"]["name"] == "caixabuilds.caixa.pleme.io"


@pytest.mark.parametrize(
    ("said", "fix"), [("ComputUnit", "did you mean ComputeUnit?"), ("Pod", ", ".join(KINDS))]
)
def test_a_kind_that_is_none_gets_the_one_that_was_meant_or_the_list(feira, said, fix):
    outcome = feira("crds", said)
    assert outcome.status == 2
    assert fix in outcome.err
