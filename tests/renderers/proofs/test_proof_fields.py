"""For every kind, each slot that can be set reaches an object or is listed as lost; what is listed is lost."""

import time
from dataclasses import replace

import pytest
from proof_examples import dossier, judgement, own, proof, servico

from caixa.manifest.package import Package
from caixa_renderers.artifact import DEFAULTS
from caixa_renderers.proofs import Standing, prove
from caixa_renderers.proofs.rendered import renderer_of
from caixa_renderers.proofs.variation import Variation
from caixa_renderers.unrendered import unrendered

ABOUT = """:edicao "2026" :descricao "A thing." :repositorio "github:o/x" :licenca "MIT" :autores ("alice")
  :etiquetas ("a") :deps-dev ((:nome "check" :versao "*"))
  :deps ((:nome "dep" :versao "^0.1" :fonte (:tipo git :repo "github:o/dep" :tag "v0.1.0") :opcional #t
          :caracteristicas ("tls")))"""
POLITICAS = """(:timeout "3s" :retries 2 :circuit-breaker (:max-failures 5 :window "60s") :mtls-required #t
  :rate-limit "5/s")"""
KINDS = {
    "Servico": """:servicos ("servicos/x.computeunit.yaml") :bibliotecas ("lib/a.lisp")
      :limits (:memory "64MiB" :fuel 10 :wall-clock "30s" :cpu "500m")
      :behavior (:on-init "lib/i.lisp" :on-call "lib/c.lisp" :on-cast "lib/a.lisp" :on-info "lib/b.lisp"
                 :on-state-change "lib/s.lisp" :on-terminate "lib/t.lisp")
      :upgrade-from ((:from "0.0.9" :instructions
        ((:kind load-module :module "h") (:kind state-change :script "lib/m.lisp")
         (:kind soft-purge :module "h") (:kind purge :module "h") (:kind restart))))
      :capabilities ("http-in:0.0.0.0:8080") :state-schema ((:nome "v" :tipo Int :padrao 0 :antes "h"))
      :schema-migrations ((:from "0.0.9" :to "0.1.0" :script "lib/m.lisp" :inverse "lib/n.lisp"))
      :snapshot "lib/s.lisp" :receive-state "lib/r.lisp" :activation OnDemand
      :on-capability-miss "lib/x.lisp" """,
    "Supervisor": """:estrategia OneForOne :max-restarts 5 :restart-window "60s"
      :children ((:caixa "w" :versao "^0.1" :restart Permanent))""",
    "Biblioteca": ':bibliotecas ("lib/x.lisp")',
    "Binario": ':exe ("exe/x.lisp") :bibliotecas ("lib/x.lisp")',
    "Aplicacao": f"""
      :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1") (:caixa "mail" :versao "^0.1"))
      :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id" :method GET
                   :politicas {POLITICAS})
                  (:de "cart" :para "mail" :wit "nats:x" :subject "a.b")
                  (:de "cart" :para "mail" :wit "kv:x" :slot "s")
                  (:de "catalog" :para "mail" :wit "acme:a/b"))
      :politicas {POLITICAS}
      :placement (:estrategia Sharded :clusters ("rio" "mar") :affinity "near" :shard-key "$t")
      :entrada (:host "shop.example" :para "cart" :paths ("/api/cart") :port 8080)""",
}


def package(kind):
    return Package.from_text(f'(defcaixa :nome "x" :versao "0.1.0" :kind {kind} {ABOUT} {KINDS[kind]})')


def find(nome, _versao):
    return own(nome)


@pytest.mark.parametrize("kind", KINDS)
def test_no_slot_of_a_kind_is_dropped_in_silence(kind):
    report = prove(package(kind), find)
    found = proof(report, "fields")
    assert found.standing is Standing.PROVED, found.evidence
    assert judgement(dossier(report), "fields") is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_slot_that_is_listed_as_lost_reaches_nothing(kind):
    about = package(kind)
    listed = {finding.data["slot"] for finding in unrendered(about.caixa)}
    renderer = renderer_of(about, find, DEFAULTS)
    for field, places in Variation(about.caixa, renderer.whole(), renderer.variant).places():
        assert not (places and str(field.path[0]).replace("_", "-") in listed), (field.pointer, places)


def test_the_objects_that_are_judged_are_those_that_are_rendered():
    from caixa_renderers import render

    about = package("Aplicacao")
    judged = prove(about, find).case.rendered
    for target in ("mesh", "computeunit"):
        for each in render(about, target, find).objects:
            metadata = each["metadata"]
            assert judged[f"{each['kind']}/{metadata['namespace']}/{metadata['name']}"] == each


def large(count):
    """Return a mesh of `count` members that each call the next three, and what finds them."""
    names = [f"m{number:03}" for number in range(count)]
    calls = [(a, b) for at, a in enumerate(names) for b in names[at + 1 : at + 4]]
    membros = " ".join(f'(:caixa "{name}" :versao "^0.1")' for name in names)
    contratos = " ".join(f'(:de "{a}" :para "{b}" :wit "http:x" :endpoint "/{b}/:id")' for a, b in calls)
    text = f"""(defcaixa :nome "big" :versao "0.1.0" :kind Aplicacao :membros ({membros})
      :contratos ({contratos}) :politicas {POLITICAS} :placement (:estrategia Replicated :clusters ("rio"))
      :entrada (:host "x.example" :para "m000" :port 8080))"""
    tokens = {name: [f"http-out:{b}" for a, b in calls if a == name] for name in names}
    found = {name: servico(name, tokens=[*tokens[name], "http-in:0.0.0.0:8080"]) for name in names}
    return Package.from_text(text), lambda nome, _: found[nome]


def seconds(count):
    mesh, members = large(count)
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        report = prove(mesh, members)
        best = min(best, time.process_time() - start)
    assert not report.is_refuted, [each.because for each in report.proofs]
    assert {each.name for each in report.proofs if each.standing is not Standing.PROVED} == {"types"}
    return best


def test_proving_takes_time_by_the_size_of_the_mesh_and_not_by_its_square():
    twenty_five, hundred = seconds(25), seconds(100)
    assert hundred < 10 * twenty_five  # 4 where growth is linear, 16 where it is square


def test_a_large_mesh_of_an_entrance_and_no_contracts_is_looked_at_too():
    membros = " ".join(f'(:caixa "m{number}" :versao "^0.1")' for number in range(6))
    text = f"""(defcaixa :nome "still" :versao "0.1.0" :kind Aplicacao :membros ({membros})
      :placement (:clusters ("rio")) :entrada (:host "x.example" :para "m0"))"""
    report = prove(Package.from_text(text), lambda nome, _: servico(nome))
    assert proof(report, "fields").standing is Standing.PROVED, proof(report, "fields").because


def test_all_of_a_large_mesh_is_judged_alike():
    mesh, members = large(20)
    report = prove(replace(mesh), members)
    assert all(judgement(dossier(report), each.name) is None for each in report.proofs)
