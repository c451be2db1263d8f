"""Nothing is green by default: each verdict is proved by something, refuted by something, or says why not."""

import pytest

from caixa.manifest.package import Package, nobody
from caixa.session.verdicts import Standing, verdicts

from .strategies import package

APLICACAO = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products"))
  :placement (:estrategia Replicated :clusters ("rio")))"""


def judged(package, members=nobody, **given):
    return {verdict.claim: verdict for verdict in verdicts(package, members, **given)}


def session_of(*packages):
    found = {package.nome: package for package in packages}
    return lambda nome, versao: found.get(nome)


def test_a_form_is_proved_by_its_canonical_text():
    assert judged(package("cart"))["form"].standing is Standing.PROVED


def test_a_missing_file_refutes_and_is_named():
    verdict = judged(package("cart"))["files"]
    assert verdict.standing is Standing.REFUTED
    assert "servicos/cart.computeunit.yaml" in verdict.because


def test_files_that_are_there_prove():
    whole = package("cart", files={"servicos/cart.computeunit.yaml": b"spec: {}"})
    assert judged(whole)["files"].standing is Standing.PROVED


@pytest.mark.parametrize(
    ("members", "standing"),
    [
        (nobody, Standing.REFUTED),
        (session_of(package("cart")), Standing.REFUTED),
        (session_of(package("cart"), package("catalog")), Standing.PROVED),
    ],
)
def test_members_are_proved_by_being_there(members, standing):
    assert judged(Package.from_text(APLICACAO), members)["members"].standing is standing


def test_no_deadlock_is_proved_by_an_order():
    verdict = judged(Package.from_text(APLICACAO))["no deadlock"]
    assert verdict.standing is Standing.PROVED
    assert verdict.because == "answering in the order catalog, cart"


@pytest.mark.parametrize("has_component", [False, True])
def test_a_component_is_never_taken_on_trust(has_component):
    verdict = judged(package("cart"), has_component=has_component)["component"]
    assert verdict.standing is Standing.UNCHECKED
    assert verdict.because
