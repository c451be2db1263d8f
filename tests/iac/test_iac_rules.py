"""The table of rules: every code that is reported is in it, and its examples are what they say."""

import re
from pathlib import Path

import pytest

import caixa.iac
from caixa.iac.arch import INVARIANTS, check_architecture
from caixa.iac.conformity import conformity
from caixa.iac.errors import InvalidTeia
from caixa.iac.forge import read_schema_forms
from caixa.iac.reader import read_infrastructure
from caixa.iac.rules import RULES
from caixa.lisp.source import Source
from caixa.manifest.rules.table import RULES as OF_FORMS


def findings(text):
    """Everything that is said of a text, its own schemas included."""
    source = Source("main.lisp", text)
    reading = read_infrastructure([source])
    try:
        schemas = read_schema_forms([source])
    except InvalidTeia as error:
        return list(error.diagnostics)
    breaches = check_architecture(reading.infrastructure).violations
    return [
        *reading.findings,
        *conformity(reading.infrastructure, schemas),
        *(each.diagnostic for each in breaches),
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_refuses_its_example_and_nothing_is_said_of_the_other(rule):
    assert findings(rule.accepts) == []
    said = findings(rule.refuses)
    assert [(each.code, each.severity) for each in said] == [(rule.code, rule.severity)]
    assert said[0].fix
    assert said[0].span is not None


def test_every_code_that_is_reported_is_in_a_table():
    reported = re.compile(
        r'(?:refuse|report|_finding|Diagnostic)\(\s*(?:inner,|place,|_Place\([^)]*\)+,)?\s*"([a-z-]+)"'
    )
    texts = [path.read_text(encoding="utf-8") for path in Path(caixa.iac.__file__).parent.glob("*.py")]
    codes = {code for text in texts for code in reported.findall(text)}
    assert len(codes) >= 15
    assert codes <= RULES.keys() | OF_FORMS.keys() | {"check-malformed"}
    assert {rule.name for rule in INVARIANTS} <= RULES.keys()
