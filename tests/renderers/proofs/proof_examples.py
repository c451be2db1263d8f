"""A mesh of which everything is true, and ways to make one thing of it untrue."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from caixa.manifest.package import Package
from caixa_proof_checker import judge
from caixa_renderers.artifact import DEFAULTS
from caixa_renderers.proofs import (
    Proof,
    Report,
    admission,
    capabilities,
    contract_types,
    cycles,
    fields,
    limits,
    locality,
    prove,
)
from caixa_renderers.proofs.case import Case, ComponentType, Function

SHOP = """\
(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1") (:caixa "mail" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id")
              (:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/stock.json" :method POST)
              (:de "cart" :para "mail" :wit "nats:pub-sub" :subject "orders.charged")
              (:de "mail" :para "catalog" :wit "acme:names/look@0.1.0"))
  :politicas (:timeout "30s" :retries 3 :mtls-required #t)
  :placement (:estrategia Replicated :clusters ("rio" "mar"))
  :entrada (:host "shop.example" :para "cart" :paths ("/api") :port 8080))"""
TOKENS = {
    "cart": ["http-in:0.0.0.0:8080", "http-out:catalog", "nats-publish@orders.charged"],
    "catalog": ["http-in:0.0.0.0:9000"],
    "mail": ["nats-subscribe@orders.charged", "fs:/templates:ro"],
}
PORTS = {"cart": 8080, "catalog": 9000, "mail": 8081}
LIMITS = ':limits (:memory "64MiB" :fuel 1000000 :wall-clock "30s" :cpu "250m")'


def servico(nome: str, *, tokens: list[str] | None = None, slots: str = LIMITS, spec: str = "") -> Package:
    """Return a Servico of the shop; `spec` is more of its unit, as YAML at that depth."""
    path = f"servicos/{nome}.computeunit.yaml"
    text = f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico :servicos ("{path}") {slots})'
    granted = json.dumps(TOKENS.get(nome, []) if tokens is None else tokens)
    unit = (
        f"spec:\n  module: {{source: oci://example/{nome}}}\n"
        f"  trigger: {{service: {{port: {PORTS.get(nome, 8080)}, paths: [/]}}}}\n"
        f"  capabilities: {granted}\n{spec}"
    )
    return Package.from_text(text, {path: unit.encode()})


def shop(text: str = SHOP, **members: Package | None) -> Report:
    """Prove the shop, or what `text` says instead, some members in place of its own (None: not here)."""

    def find(nome: str, _versao: str) -> Package | None:
        return members[nome] if nome in members else own(nome)

    return prove(Package.from_text(text), find, DEFAULTS, COMPONENTS)


_CACHE: dict[str, Package] = {}


def own(nome: str) -> Package:
    """Return a member of the shop as it should be."""
    return _CACHE.setdefault(nome, servico(nome))


def component(*, imports: str | None = None, exports: str | None = None, kind: str = "u32") -> ComponentType:
    """Return a component that imports or exports one function, from `kind` to a string."""

    def functions(name: str | None) -> tuple[Function, ...]:
        return () if name is None else (Function(f"{name}#find", (("id", kind),), ("string",)),)

    return ComponentType("0" * 64, functions(imports), functions(exports))


COMPONENTS = {
    "mail": component(imports="acme:names/look@0.1.0"),
    "catalog": component(exports="acme:names/look@0.1.0"),
}
PROVERS: Mapping[str, Callable[[Case], Proof]] = {
    module.NAME: module.prove for module in (cycles, capabilities, locality, contract_types, admission, limits)
}
NAMES = (*PROVERS, fields.NAME)


def proof(report: Report, name: str) -> Proof:
    """Return one proof of a report."""
    return next(each for each in report.proofs if each.name == name)


def again(report: Report, name: str, **changed: Any) -> tuple[Proof, str | None]:
    """Prove one claim of a changed case, and return it with what the checker says of it."""
    case = dataclasses.replace(report.case, **changed)
    found = PROVERS[name](case)
    return found, judgement(dossier(report, case, found), name)


def dossier(report: Report, case: Case | None = None, *proofs: Proof) -> dict[str, Any]:
    """Return what the checker is given, some proofs in the place of the report's own, as plain data."""
    data = report.to_json()
    if case is not None:
        data["case"] = case.to_json()
    names = {each.name: each.to_json() for each in proofs}
    data["proofs"] = [names.get(each["name"], each) for each in data["proofs"]]
    return json.loads(json.dumps(data))


def judgement(data: dict[str, Any], name: str) -> str | None:
    """Return what the checker says of one certificate."""
    return dict(judge(data))[name]


def edited(rendered: Mapping[str, Any], name: str, edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return what is rendered with one object edited."""
    found = copy.deepcopy(dict(rendered))
    edit(found[name])
    return found
