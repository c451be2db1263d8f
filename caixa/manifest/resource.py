"""A caixa as the Kubernetes resource `caixa.pleme.io/v1alpha1 Caixa`, and back (caixa.md section 7.2).

The way back is lossy, as the resource holds only names, versions and git sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Caixa, Dep, Fonte, GitFonte, Kind

__all__ = ["from_resource_spec", "to_resource"]

API_VERSION = "caixa.pleme.io/v1alpha1"
_RECONCILE = {"intervalSeconds": 300, "autoResolve": False, "includeDev": False}


def to_resource(caixa: Caixa, repo: str, git_ref: str) -> dict[str, Any]:
    """Return the resource of `caixa`, whose own source is at `git_ref` of `repo`."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Caixa",
        "metadata": {"name": caixa.nome},
        "spec": {
            "nome": caixa.nome,
            "versao": caixa.versao,
            "kind": caixa.kind.value,
            "source": {"repo": repo, "gitRef": git_ref},
            "reconcile": dict(_RECONCILE),
            "deps": [_to_dep(dep) for dep in caixa.deps],
        },
    }


def from_resource_spec(spec: Mapping[str, Any]) -> Caixa:
    """Return the caixa that a resource's `spec` describes; a kind that is none becomes Biblioteca."""
    known = {kind.value for kind in Kind}
    kind = spec.get("kind")
    return Caixa(
        nome=str(spec["nome"]),
        versao=str(spec["versao"]),
        kind=Kind(kind) if kind in known else Kind.BIBLIOTECA,
        repositorio=spec.get("source", {}).get("repo"),
        deps=tuple(_from_dep(dep) for dep in spec.get("deps", ())),
    )


def _to_dep(dep: Dep) -> dict[str, Any]:
    source = {} if dep.fonte is None else {"source": _to_source(dep.fonte)}
    return {"nome": dep.nome, "versao": dep.versao, **source}


def _to_source(fonte: Fonte) -> dict[str, str]:
    if isinstance(fonte, GitFonte):
        return {"repo": fonte.repo, "gitRef": fonte.rev or fonte.tag or fonte.branch or "main"}
    return {"repo": f"path:{fonte.caminho}", "gitRef": "HEAD"}


def _from_dep(dep: Mapping[str, Any]) -> Dep:
    source = dep.get("source")
    fonte = GitFonte(source["repo"], rev=source["gitRef"]) if source else None
    return Dep(str(dep["nome"]), str(dep["versao"]), fonte)
