"""The caixas of the page: one of each kind, small enough to be read, and a mesh that asks for all there is."""

from __future__ import annotations

from typing import Final

from caixa.manifest.package import Package

__all__ = ["FORMS", "GREEDY", "INTRODUCTIONS", "member", "package"]

FORMS: Final = {
    "Servico": """\
(defcaixa
  :nome "catalog" :versao "0.1.0" :kind Servico
  :descricao "What there is to buy."
  :repositorio "github:pleme-io/catalog"
  :servicos ("servicos/catalog.computeunit.yaml")
  :capabilities ("http-in:0.0.0.0:8080" "env:LANG")
  :limits (:memory "64MiB" :fuel 1000000 :wall-clock "2s" :cpu "250m")
  :behavior (:on-call "lib/call.lisp")
  :upgrade-from ((:from "0.0.9" :instructions ((:kind load-module :module "catalog")))))""",
    "Supervisor": """\
(defcaixa
  :nome "shop-supervisor" :versao "0.1.0" :kind Supervisor
  :estrategia RestForOne :max-restarts 5 :restart-window "30s"
  :children ((:caixa "catalog" :versao "^0.1")
             (:caixa "cart" :versao "^0.1" :restart Transient)))""",
    "Aplicacao": """\
(defcaixa
  :nome "checkout" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id"))
  :politicas (:timeout "2s" :retries 2)
  :placement (:estrategia Replicated :clusters ("rio" "mar"))
  :entrada (:host "shop.quero.cloud" :para "cart" :paths ("/cart")))""",
    "Binario": """\
(defcaixa
  :nome "reprice" :versao "0.3.0" :kind Binario
  :descricao "Sets the prices anew."
  :exe ("exe/reprice.lisp"))""",
    "Biblioteca": """\
(defcaixa
  :nome "money" :versao "1.2.0" :kind Biblioteca
  :descricao "Sums of money."
  :bibliotecas ("lib/money.lisp"))""",
}
INTRODUCTIONS: Final = {
    "Servico": "One component that answers. It runs alone, below a supervisor, or as a member of a mesh.",
    "Supervisor": "A tree of units, each of which is started again as its strategy says.",
    "Aplicacao": "A mesh: members, who may call whom, where it runs, and its door.",
    "Binario": "A program, built by Nix.",
    "Biblioteca": "Code that others import, packed by Nix.",
}
GREEDY: Final = """\
(defcaixa
  :nome "greedy" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1") (:caixa "audit" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id")
              (:de "cart" :para "audit" :wit "nats:pub-sub" :subject "orders.charged")
              (:de "catalog" :para "audit" :wit "wasi:keyvalue/store" :slot "seen"))
  :politicas (:timeout "2s" :retries 2 :mtls-required #t :rate-limit "100/s"
              :circuit-breaker (:max-failures 5 :window "10s"))
  :placement (:estrategia Sharded :shard-key "$tenant" :clusters ("rio" "mar") :affinity "data-locality")
  :entrada (:host "shop.quero.cloud" :para "cart"))"""
_UNIT = "servicos/{nome}.computeunit.yaml"
_FILES: Final = {"lib/call.lisp": b"", "lib/money.lisp": b"", "exe/reprice.lisp": b""}


def package(form: str) -> Package:
    """Return the package of a form, with the files that it names but the ComputeUnit, which is proposed."""
    return Package.from_text(form, {path: data for path, data in _FILES.items() if path in form})


def member(nome: str, versao: str) -> Package | None:  # noqa: ARG001  # any requirement will do here
    """Return a Servico of that name: what the meshes of the page are made of."""
    if nome == "catalog":
        return package(FORMS["Servico"])
    path = _UNIT.format(nome=nome)
    return Package.from_text(f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico :servicos ("{path}"))')
