"""Packages that the tests of the renderers share."""

from __future__ import annotations

from caixa.manifest.package import Package

UNIT = """\
apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata:
  name: {nome}
spec:
  module:
    source: oci://ghcr.io/pleme-io/{nome}:v0.1.0
  trigger:
    service:
      port: {port}
      paths:
      - /
  capabilities:
  - http-in:0.0.0.0:{port}
"""

TYPED = """
  :limits (:memory "64MiB" :fuel 1000000 :wall-clock "30s" :cpu "500m")
  :behavior (:on-init "lib/init.lisp" :on-call "lib/call.lisp")
  :upgrade-from ((:from "0.0.9" :instructions ((:kind load-module :module "hello"))))"""

CHECKOUT = """\
(defcaixa :nome "checkout" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "catalog" :versao "^0.1") (:caixa "cart" :versao "^0.1") (:caixa "payment" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id")
              (:de "cart" :para "payment" :wit "wasi:http/proxy" :endpoint "/charge"))
  :politicas (:timeout "30s" :retries 3 :mtls-required #t)
  :placement (:estrategia Replicated :clusters ("rio" "mar"))
  :entrada (:host "checkout.quero.cloud" :para "cart" :paths ("/api/cart") :port 8080))"""


def servico(nome: str = "hello", *, port: int = 8080, slots: str = "", unit: str | None = None) -> Package:
    """Return a Servico with a ComputeUnit; `slots` is more manifest text."""
    path = f"servicos/{nome}.computeunit.yaml"
    text = f"""(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico
  :repositorio "github:pleme-io/{nome}" :servicos ("{path}"){slots})"""
    data = UNIT.format(nome=nome, port=port) if unit is None else unit
    return Package.from_text(text, {path: data.encode(), "lib/init.lisp": b"", "lib/call.lisp": b""})


def checkout(text: str = CHECKOUT, **replaced: str) -> Package:
    """Return the mesh of the example, each key of `replaced` a text to be put in place of the slot's value."""
    for old, new in replaced.items():
        start = text.index(f":{old} ") + len(old) + 2
        depth, end = 0, start
        while depth or end == start:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + new + text[end:]
    return Package.from_text(text)


def everyone(nome: str, versao: str) -> Package:
    """Resolve any member, to a Servico of that name."""
    return servico(nome)
