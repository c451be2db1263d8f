"""The evaluation of CEL rules, held against another implementation: the one that CEL's authors publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cel_rules import applied_rules, as_cel_sees, broken_rules, holds, rules_of
from celpy import CELEvalError
from published_schemas import names, published
from render_examples import checkout, everyone
from strict_schemas import is_object, schema_of, with_defaults
from test_strict_schemas import REFUSED

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.resource import to_resource
from caixa.manifest.rules.examples import example_manifest
from caixa.manifest.rules.table import RULES
from caixa_renderers import Options, render
from caixa_renderers.crds import definitions


def documents() -> Iterator[dict[str, Any]]:
    """Yield objects that are right and objects that are wrong, in every way that our tests know."""
    yield from (document for document, _ in REFUSED)
    yield from filter(is_object, render(checkout(), "all", everyone, Options(cluster="rio")).objects)
    for rule in RULES.values():
        for slots in (rule.accepts, rule.refuses) if rule.where.is_kind else ():
            caixa = read_manifest(Source("example", example_manifest(rule.where, slots))).caixa
            if caixa is not None:
                yield to_resource(caixa, "github:o/x", "v1")


def applications() -> dict[tuple[str, str], Any]:
    """Return every rule that is applied to some part of a document, with that part."""
    found = {}
    for document in documents():
        schema = schema_of(document, "experimental")
        if schema is not None:
            for validation, value, _ in applied_rules(schema, with_defaults(schema, document)):
                found[validation["rule"], repr(value)] = value
    return found


@pytest.fixture(scope="module")
def other() -> Any:
    """Google's CEL, as a function from a rule to its program."""
    cel = pytest.importorskip("cel_expr_python.cel", reason="cel-expr-python has no wheel for this system")
    from cel_expr_python.ext import ext_strings

    return cel.NewEnv(
        variables={"self": cel.Type.DYN, "oldSelf": cel.Type.DYN}, extensions=[ext_strings.ExtStrings()]
    ).compile


def test_every_rule_is_one_that_both_implementations_read(other):
    rules = {rule for name in names() for rule in rules_of(published(name))}
    rules |= {rule for definition in definitions() for rule in rules_of(definition)}
    assert len(rules) > 100
    assert all(other(rule) for rule in rules)


def test_both_implementations_come_to_the_same_verdicts(other):
    found = applications()
    assert len(found) > 500
    programs = {rule: other(rule) for rule, _ in found}
    differing = {
        (rule, shown): (mine, theirs)
        for (rule, shown), value in found.items()
        if (mine := verdict(rule, value)) != (theirs := plain(programs[rule], value))
    }
    assert differing == {}


def verdict(rule: str, value: Any) -> bool | None:
    try:
        return holds(rule, value)
    except CELEvalError:
        return None


def plain(program: Any, value: Any) -> bool | None:
    answer = program.eval(data={"self": as_cel_sees(value)}).plain_value()
    return answer if isinstance(answer, bool) else None


def test_a_rule_without_an_answer_refuses():
    schema = {"type": "object", "x-kubernetes-validations": [{"rule": "self.absent > 1"}]}
    (problem,) = broken_rules(schema, {})
    assert "cannot be evaluated" in problem


def test_a_rule_without_words_is_told_as_it_is():
    schema = {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 1"}]}
    assert list(broken_rules(schema, 1)) == ["$: failed rule: self > 1"]
    assert list(broken_rules(schema, 2)) == []


def test_a_field_that_is_a_word_of_cel_is_spelt_as_kubernetes_does():
    schema = {"type": "object", "x-kubernetes-validations": [{"rule": "self.__namespace__ == 'a'"}]}
    assert list(broken_rules(schema, {"namespace": "a"})) == []
    assert len(list(broken_rules(schema, {"namespace": "b"}))) == 1
