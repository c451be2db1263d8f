"""Charts, fleet entries, meshes and flakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caixa.lisp.source import Source

from .registry import Outcome, caixa_of, operation


@operation("helm_chart")
def _helm_chart(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.servico import helm

    caixa = caixa_of(given["src"])
    values = helm.chart_values(caixa, given["computeunit"])
    documents = {
        "Chart.yaml": helm.chart_metadata(caixa),
        "values.yaml": values,
        "README.md": helm.readme(caixa),
    }
    return {"dir": helm.chart_name(caixa), "files": list(documents), **documents, "json": documents}


@operation("helm_values")
def _helm_values(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.servico import helm

    return {"json": helm.chart_values(caixa_of(given["src"]), given["computeunit"])}


@operation("programs_entry")
def _programs_entry(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.servico import flux

    return {"json": flux.program(caixa_of(given["src"]), given["computeunit"])}


@operation("upsert_values")
def _upsert_values(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.servico import flux

    document, inserted = flux.upsert_values(given["doc"], given["entry"])
    return {"doc": document, "inserted": inserted}


@operation("upsert_helmrelease")
def _upsert_helmrelease(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.servico import flux

    document, inserted = flux.upsert_helm_release(given["doc"], given["entry"])
    return {"doc": document, "inserted": inserted}


@operation("programs_for_aplicacao")
def _programs_for_aplicacao(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.mesh import rendering as mesh

    return {"json": list(mesh.programs(caixa_of(given["src"])))}


@operation("network_policies", "cilium_policies")
def _network_policies(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.mesh import policy

    return {"json": list(policy.policies(caixa_of(given["src"])))}


@operation("gateway_routes")
def _gateway_routes(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.mesh import gateway

    return {"json": list(gateway.gateway(caixa_of(given["src"])))}


@operation("parse_flake")
def _parse_flake(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.nix import defflake

    return {"json": defflake.to_json(defflake.parse_flake(Source("flake.lisp", given["src"])))}


@operation("render_flake")
def _render_flake(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.nix import defflake, flake

    return {"text": flake.render_flake(defflake.parse_flake(Source("flake.lisp", given["src"])))}


@operation("render_all")
def _render_all(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.mesh import rendering as mesh

    return {"json": list(mesh.render_all(caixa_of(given["src"])))}


@operation("crd")
def _crd(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers.crds import definitions

    return {"json": next(each for each in definitions() if each["spec"]["names"]["kind"] == given["kind"])}
