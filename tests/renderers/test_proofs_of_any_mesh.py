"""Any mesh that validates: its policies admit its contracts and nothing else, and the checker agrees."""

import json
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from mesh_strategies import aplicacoes
from render_examples import servico

from caixa.manifest.canonical import to_lisp
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.package import Package
from caixa_proof_checker import judge
from caixa_renderers.proofs import Standing, prove


@cache
def member(nome):
    return servico(nome)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(aplicacoes())
def test_the_policies_of_any_mesh_are_exact_and_no_field_is_lost_in_silence(caixa):
    try:
        package = Package.from_text(to_lisp(caixa))
    except InvalidManifest:  # the strategy draws what the older system takes, too
        assume(False)
    report = prove(package, lambda nome, _: member(nome))
    standings = {each.name: (each.standing, each.because) for each in report.proofs}
    assert standings["policies"][0] is Standing.PROVED, standings["policies"]
    standing, why = standings["fields"]  # the only one that can stand in its place
    assert standing is Standing.PROVED or "no other value of it could be rendered" in why, standings["fields"]
    assert [each for each in judge(json.loads(json.dumps(report.to_json()))) if each[1] is not None] == []
