"""A caixa as the Kubernetes resource `caixa.pleme.io/v1alpha1 Caixa`, and back (caixa.md section 7.2).

Beside the fields that operators resolve by, `spec.manifest` holds every slot, so that nothing is lost on the
way: tags stay tags, paths stay paths. The older system writes no `manifest`; of its resources the fields are
read, in which each ref is a revision and the package's own source is its `:repositorio`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .json import from_json, to_json
from .model import Caixa, Dep, Fonte, GitFonte, Kind, PathFonte
from .profile import Profile

__all__ = ["API_VERSION", "from_resource_spec", "to_resource"]

API_VERSION = "caixa.pleme.io/v1alpha1"
_RECONCILE = {"intervalSeconds": 300, "autoResolve": False, "includeDev": False}
_PATH = "path:"


def to_resource(caixa: Caixa, repo: str, git_ref: str, profile: Profile = Profile.STRICT) -> dict[str, Any]:
    """Return the resource of `caixa`, whose own source is at `git_ref` of `repo`.

    The APRIL profile leaves `spec.manifest` out, as the older system does.
    """
    whole = {} if profile is Profile.APRIL else {"manifest": to_json(caixa)}
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
            **whole,
        },
    }


def from_resource_spec(spec: Mapping[str, Any]) -> Caixa:
    """Return the caixa that a resource's `spec` describes: what `manifest` says, else what the fields say.

    Without a manifest a kind that is none becomes Biblioteca. Raises InvalidManifest for a manifest that does
    not decode.
    """
    if "manifest" in spec:
        return from_json(spec["manifest"])
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
    return {"repo": f"{_PATH}{fonte.caminho}", "gitRef": "HEAD"}


def _from_dep(dep: Mapping[str, Any]) -> Dep:
    source = dep.get("source")
    return Dep(str(dep["nome"]), str(dep["versao"]), _from_source(source) if source else None)


def _from_source(source: Mapping[str, str]) -> Fonte:
    repo = source["repo"]
    if repo.startswith(_PATH):
        return PathFonte(repo.removeprefix(_PATH))
    return GitFonte(repo, rev=source["gitRef"])
