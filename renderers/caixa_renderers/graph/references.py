"""What an object needs of others before it works: whom it names, who owns it, and who guards it.

The table says where each kind names another one. An object is known by kind and name here: a reference that
gives no version means the one there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from ..supervision import SUPERVISOR

__all__ = ["Reference", "guarded_by", "references"]


class Reference(NamedTuple):
    """An object by kind, namespace and name."""

    kind: str
    namespace: str
    name: str


# Where a kind names others, and of which kind these are where the reference does not say; `*` is each item.
_PLACES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "HTTPRoute": (("spec.parentRefs.*", "Gateway"), ("spec.rules.*.backendRefs.*", "Service")),
    "Gateway": (("spec.listeners.*.tls.certificateRefs.*", "Secret"),),
    "HelmRelease": (
        ("spec.chart.spec.sourceRef", "GitRepository"),
        ("spec.chartRef", "OCIRepository"),
        ("spec.dependsOn.*", "HelmRelease"),
        ("spec.valuesFrom.*", "ConfigMap"),
    ),
    "Kustomization": (
        ("spec.sourceRef", "GitRepository"),
        ("spec.dependsOn.*", "Kustomization"),
        ("spec.healthChecks.*", "HelmRelease"),
    ),
    "ScaledObject": (("spec.scaleTargetRef", "Deployment"),),
    "ComputeUnit": (("spec.serviceAccountName", "ServiceAccount"),),
}


def references(document: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield what an object names: its owners, and the places of the table."""
    metadata = document.get("metadata") or {}
    namespace = str(metadata.get("namespace") or "")
    places = (("metadata.ownerReferences.*", ""), *_PLACES.get(str(document.get("kind")), ()))
    for path, kind in places:
        for found in _at(document, path.split(".")):
            named = {"name": found} if isinstance(found, str) else found
            if isinstance(named, Mapping) and isinstance(named.get("name"), str):
                where = str(named.get("namespace") or namespace)
                yield Reference(str(named.get("kind") or kind), where, named["name"])
    supervisor = (metadata.get("labels") or {}).get(SUPERVISOR)
    if supervisor and document.get("kind") != "Tree":
        yield Reference("Tree", namespace, str(supervisor))


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "*":
        for item in value if isinstance(value, list | tuple) else ():
            yield from _at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def guarded_by(policy: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a network policy selects pods with `labels`; one that cannot be read selects none."""
    spec = policy.get("spec") or {}
    selector = spec.get("endpointSelector", spec.get("podSelector")) if isinstance(spec, Mapping) else None
    if not isinstance(selector, Mapping) or selector.get("matchExpressions"):
        return False
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items())
