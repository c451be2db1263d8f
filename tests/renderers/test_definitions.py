"""The definitions of our kinds: a cluster takes them, and they refuse what the manifest's rules refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import re2
import yaml
from cel_rules import is_checked, rules_of
from render_examples import TYPED, servico
from strict_schemas import problems

from caixa.lisp.diagnostics import Severity
from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.reading import Reading
from caixa.manifest.resource import to_resource
from caixa.manifest.rules.examples import example_manifest
from caixa.manifest.rules.rule import Where
from caixa.manifest.rules.table import RULES
from caixa.manifest.slots import CAIXA
from caixa_renderers import render
from caixa_renderers.crds import definitions
from caixa_renderers.crds import render as render_definitions
from caixa_renderers.crds.rules import CEL

DEFINED = {each["spec"]["names"]["kind"]: each for each in definitions()}
NAMED = pytest.mark.parametrize("definition", DEFINED.values(), ids=list(DEFINED))

COLUMNS = {
    "Caixa": "Versao Source Ref Root Ready Age",
    "Lacre": "Caixa Root Entries Age",
    "CaixaBuild": "Caixa Phase Started Finished",
    "ComputeUnit": "Shape Module Phase Ready Age",
    "Tree": "Estrategia Max Restarts Ready Age",
    "Aplicacao": "Placement Host Ready Age",
}


def schema_of(kind: str) -> dict[str, Any]:
    return DEFINED[kind]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def nodes(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of a value in `schema`; what is under `oneOf` and the like adds no values."""
    yield path, schema
    for name, part in schema.get("properties", {}).items():
        yield from nodes(part, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key], f"{path}[]")


# -- a cluster takes the definitions --------------------------------------------------------------------------


@NAMED
@pytest.mark.parametrize("version", ["1.28", "1.37"])
def test_a_definition_is_one_that_kubernetes_takes(definition, version):
    assert problems(definition, kubernetes=version) == []


@NAMED
def test_a_definition_with_a_word_too_many_is_refused(definition):
    wrong = definition | {"spec": definition["spec"] | {"scopes": "Namespaced"}}
    assert problems(wrong) != []


@NAMED
def test_a_schema_is_structural(definition):
    for path, schema in nodes(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]):
        is_open = schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-int-or-string")
        assert isinstance(schema.get("type"), str) or is_open, path
        assert not ("properties" in schema and "additionalProperties" in schema), path
        assert schema.get("type") != "array" or "items" in schema, path
        for key in schema.get("x-kubernetes-list-map-keys", ()):
            assert key in schema["items"]["required"], path
        for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
            assert branch.get("properties", {}).keys() <= schema["properties"].keys(), path
            assert not {"type", "description", "default", "additionalProperties"} & branch.keys(), path


@NAMED
def test_every_pattern_is_one_of_go(definition):
    for path, schema in nodes(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]):
        assert re2.compile(schema.get("pattern", "")), path


@NAMED
def test_every_rule_can_be_evaluated(definition):
    assert all(is_checked(rule) for rule in rules_of(definition))


@NAMED
def test_what_a_rule_looks_at_has_an_end(definition):
    """A cluster reckons what a rule costs at the most, and refuses a definition that costs too much."""

    def unbounded(schema: dict[str, Any], path: str) -> Iterator[str]:
        inner = [each for name, part in parts(schema) for each in unbounded(part, f"{path}.{name}")]
        rules = " ".join(each["rule"] for each in schema.get("x-kubernetes-validations", ()))
        for name, part in schema.get("properties", {}).items():
            if re.search(rf"self\.{name}\.(all|exists)", rules) and "maxItems" not in part:
                yield f"{path}.{name}"
        if rules and schema["type"] == "string" and "maxLength" not in schema:
            yield path
        if schema.get("type") == "array" and "maxItems" not in schema and any(rules_of(schema["items"])):
            yield path
        yield from inner

    def parts(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from schema.get("properties", {}).items()
        yield from ((key, schema[key]) for key in ("items",) if key in schema)

    assert list(unbounded(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"], "")) == []


@NAMED
def test_a_kind_has_its_status_apart_and_its_columns(definition):
    (version,) = definition["spec"]["versions"]
    assert version["subresources"] == {"status": {}}
    names = [column["name"] for column in version["additionalPrinterColumns"]]
    assert " ".join(names) == COLUMNS[definition["spec"]["names"]["kind"]]


@NAMED
def test_a_condition_is_a_standard_one_known_by_its_type(definition):
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    conditions = schema["properties"]["status"]["properties"]["conditions"]
    assert conditions["x-kubernetes-list-map-keys"] == ["type"]
    assert "kind" not in conditions["items"]["properties"]


def test_each_is_a_file_that_reads_as_it_was_meant():
    files = render_definitions().artifacts
    assert [each.path for each in files] == [f"{each['metadata']['name']}.yaml" for each in DEFINED.values()]
    assert [yaml.safe_load(each.text) for each in files] == list(DEFINED.values())


def test_every_slot_of_the_manifest_has_its_schema():
    manifest = schema_of("Caixa")["properties"]["spec"]["properties"]["manifest"]
    assert list(manifest["properties"]) == [slot.json_name for slot in CAIXA.slots]
    assert manifest["required"] == ["nome", "versao", "kind"]


# -- what our objects may say ---------------------------------------------------------------------------------


RULED = [rule for rule in RULES.values() if rule.where.is_kind and rule.severity is Severity.ERROR]
# Rules that no schema says, and why.
LEFT_TO_THE_READER = {
    "caixa-capabilities-invalid": "capabilities have a grammar for each kind of token",
    "contrato-cycle": "a way through a graph, which CEL cannot follow",
    "contrato-duplicate": "compares every contract with every other: more work than a cluster allows a rule",
    "contrato-member-missing": "looks up the ends of each contract among all members: the same",
    "limits-cpu-too-large": "CEL without extensions cannot take the unit off a number",
    "limits-memory-too-large": "the same",
    "migration-not-forward": "CEL without extensions does not compare versions",
    "missing-entry": "asks whether a file is there",
    "missing-lib": "the same",
    "path-duplicate": "compares paths as they are when `.` and `..` are taken out",
    "path-outside-package": "the same; a path that begins with `..` or `/` is refused",
    "state-field-padrao-mistyped": "what may be of any type, CEL does not see",
}


def read(where: Where, slots: str) -> Reading:
    return read_manifest(Source("example", example_manifest(where, slots)))


def resource(reading: Reading) -> dict[str, Any]:
    return to_resource(reading.caixa, "github:o/x", "v1")


def test_what_the_reader_accepts_a_cluster_accepts():
    readings = [(rule.code, read(rule.where, rule.accepts)) for rule in RULED]
    valid = {code: resource(reading) for code, reading in readings if reading.is_valid}
    assert len(valid) > len(RULED) * 0.8
    assert {code: problems(each) for code, each in valid.items() if problems(each)} == {}


def test_what_the_reader_refuses_a_cluster_refuses_but_for_what_is_listed():
    readings = [(rule.code, read(rule.where, rule.refuses)) for rule in RULED]
    whole = [
        (code, reading) for code, reading in readings if reading.caixa is not None and not reading.problems
    ]
    assert {code for code, reading in whole if not problems(resource(reading))} == LEFT_TO_THE_READER.keys()


@pytest.mark.parametrize("code", sorted({code for rules in CEL.values() for code in rules}))
def test_a_rule_in_cel_refuses_with_the_words_of_the_manifest(code):
    rule = RULES[code]
    (problem,) = [each for each in problems(resource(read(rule.where, rule.refuses))) if code in each]
    assert problem.endswith(f"{rule.says} [{code}]")


@pytest.mark.parametrize("nome", ["Shop", "my_shop", "-shop", "shop.", "s" * 64, ""])
def test_g21_a_name_that_kubernetes_refuses_is_refused(nome):
    whole = resource(read(Where.SERVICO, ""))
    spec = whole["spec"] | {"nome": nome, "manifest": whole["spec"]["manifest"] | {"nome": nome}}
    wrong = problems(whole | {"metadata": {"name": nome}, "spec": spec})
    assert {each.split(":")[0] for each in wrong} >= {"$.spec.nome", "$.spec.manifest.nome"}
    findings = read_manifest(
        Source("m", f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Biblioteca)')
    ).findings
    assert any(finding.code.startswith("caixa-nome-") for finding in findings)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"vesrao": "1"}, "'vesrao' was unexpected"),
        ({"kind": ""}, "should be non-empty"),
        ({"source": {"repo": "github:o/x"}}, "'gitRef' is a required property"),
        ({"versao": "0.2.0"}, "is of another package"),
        ({"deps": [{"nome": "a", "versao": "*"}, {"nome": "a", "versao": "*"}]}, "stands twice"),
        ({"reconcile": {"intervalSeconds": 0}}, "less than the minimum"),
    ],
)
def test_a_resource_that_is_wrong_is_refused(change, why):
    whole = resource(read(Where.SERVICO, ""))
    assert problems(whole) == []
    assert any(why in problem for problem in problems(whole | {"spec": whole["spec"] | change}))


STATUS = {
    "observedGeneration": 1,
    "ready": "True",
    "conditions": [
        {
            "type": "Ready",
            "status": "True",
            "reason": "Resolved",
            "message": "",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }
    ],
}


def test_a_status_has_standard_conditions_and_not_those_of_the_older_system():
    whole = resource(read(Where.SERVICO, "")) | {"status": STATUS}
    assert problems(whole) == []
    (condition,) = STATUS["conditions"]
    older = {"kind" if key == "type" else key: value for key, value in condition.items()}
    assert any(
        "'type' is a required property" in each
        for each in problems(whole | {"status": {"conditions": [older]}})
    )


# -- what is rendered -----------------------------------------------------------------------------------------


def test_a_rendered_unit_is_accepted_and_a_word_too_many_is_refused():
    (unit,) = render(servico(slots=TYPED), "computeunit").objects
    assert problems(unit) == []
    assert problems(unit | {"spec": unit["spec"] | {"limit": {"fuel": 1}}}) != []
    assert problems(unit | {"spec": unit["spec"] | {"limits": {"fuel": 0}}}) != []
    assert problems(unit | {"spec": unit["spec"] | {"capabilities": ["env", "env"]}}) == []
    both = unit["spec"]["trigger"] | {"cron": "* * * * *"}
    assert problems(unit | {"spec": unit["spec"] | {"trigger": both}}) != []
