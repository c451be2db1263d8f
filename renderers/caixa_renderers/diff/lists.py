"""How Kubernetes reads each list: as a set, as a map by some keys of its items, or in its order.

The API's own kinds say so in their schemas (`x-kubernetes-list-type`, merge keys); of Cilium, the Gateway API,
Flux and others the documentation says what order means. A list that nobody tells of is read in its order, since
an API server takes it so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["FORM", "ListRule", "label_of", "labels_of", "rule_for"]


@dataclass(frozen=True, slots=True)
class ListRule:
    """How a list is read: items by the values of `keys` or as they are, and whether order says anything."""

    keys: tuple[str, ...] = ()
    is_ordered: bool = True


SET: Final = ListRule(is_ordered=False)
SEQUENCE: Final = ListRule()
BY_NAME: Final = ListRule(("name",), is_ordered=False)
NAMED_SEQUENCE: Final = ListRule(("name",))
FORM: Final = "(defcaixa)"  # stands for a kind: the manifest as plain data


def _by(*keys: str) -> ListRule:
    return ListRule(keys, is_ordered=False)


# By the last keys of a path, items left out; the longest that fits holds.
_OBJECTS: Final = {
    "metadata.finalizers": SET,
    "metadata.ownerReferences": _by("kind", "name"),
    "status.conditions": _by("type"),
}
_PODS: Final = {
    "containers": BY_NAME,
    "ephemeralContainers": BY_NAME,
    "initContainers": NAMED_SEQUENCE,  # they run one after another
    "volumes": BY_NAME,
    "env": NAMED_SEQUENCE,  # a later one may use an earlier one
    "volumeMounts": _by("mountPath"),
    "volumeDevices": _by("devicePath"),
    "containers.ports": _by("containerPort", "protocol"),
    "initContainers.ports": _by("containerPort", "protocol"),
    "imagePullSecrets": BY_NAME,
    "hostAliases": _by("ip"),
    "topologySpreadConstraints": _by("topologyKey", "whenUnsatisfiable"),
    "tolerations": SET,
    "capabilities.add": SET,
    "capabilities.drop": SET,
    "matchExpressions": SET,
    "values": SET,
}
_ROUTE: Final = {
    "spec.parentRefs": _by("name", "sectionName", "port"),
    "spec.hostnames": SET,
    "rules.matches": SET,
    "rules.backendRefs": _by("kind", "name", "port"),
    "matches.headers": BY_NAME,
    "matches.queryParams": BY_NAME,
    "retry.codes": SET,
}
_UNIT: Final = {
    "capabilities": SET,
    "service.paths": SET,
    "upgradeFrom": _by("from"),
    "metadata.finalizers": SET,
}
_RBAC: Final = {"rules": SET, "verbs": SET, "apiGroups": SET, "resources": SET, "resourceNames": SET}
_KINDS: Final[Mapping[str, Mapping[str, ListRule]]] = {
    **dict.fromkeys(
        ("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"), _OBJECTS | _PODS
    ),
    **dict.fromkeys(("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"), _OBJECTS | _ROUTE),
    **dict.fromkeys(("Role", "ClusterRole"), _OBJECTS | _RBAC),
    **dict.fromkeys(
        ("RoleBinding", "ClusterRoleBinding"), _OBJECTS | {"subjects": _by("kind", "namespace", "name")}
    ),
    "Service": _OBJECTS
    | {"spec.ports": _by("port", "protocol"), "externalIPs": SET, "loadBalancerSourceRanges": SET},
    "ServiceAccount": _OBJECTS | {"secrets": BY_NAME, "imagePullSecrets": BY_NAME},
    "Gateway": _OBJECTS
    | {
        "spec.listeners": BY_NAME,
        "spec.addresses": SET,
        "allowedRoutes.kinds": SET,
        "tls.certificateRefs": SET,
    },
    "ReferenceGrant": _OBJECTS | {"spec.from": SET, "spec.to": SET},
    "CiliumEnvoyConfig": _OBJECTS
    | {"spec.services": _by("namespace", "name"), "spec.backendServices": _by("namespace", "name")},
    "HelmRelease": _OBJECTS
    | {"spec.dependsOn": _by("namespace", "name"), "values.programs": BY_NAME}
    | {f"programs.{path}": rule for path, rule in _UNIT.items()},
    "Kustomization": _OBJECTS
    | {
        "spec.dependsOn": _by("namespace", "name"),
        "spec.healthChecks": _by("kind", "namespace", "name"),
        "spec.images": BY_NAME,
    },
    "ComputeUnit": _OBJECTS | _UNIT,
    "Tree": _OBJECTS | {"spec.children": ListRule(("caixa",))},  # they start one after another
    "Aplicacao": _OBJECTS
    | {
        "membros": _by("caixa"),
        "contratos": SET,
        "entrada.paths": SET,
    },
    "ServiceMonitor": _OBJECTS | {"spec.endpoints": SET},
    "PrometheusRule": _OBJECTS | {"spec.groups": BY_NAME},
    "ScaledObject": _OBJECTS | {"spec.triggers": SET},
    "HTTPScaledObject": _OBJECTS | {"spec.hosts": SET, "spec.pathPrefixes": SET},
    "Certificate": _OBJECTS | {"spec.dnsNames": SET, "spec.ipAddresses": SET, "spec.usages": SET},
    "CustomResourceDefinition": _OBJECTS
    | {"spec.versions": BY_NAME, "shortNames": SET, "categories": SET, "required": SET, "enum": SET},
    "": _UNIT | {"programs": BY_NAME, "keywords": SET, "maintainers": BY_NAME, "dependencies": BY_NAME},
    FORM: {
        "membros": _by("caixa"),
        "contratos": SET,
        "children": ListRule(("caixa",)),
        "deps": _by("nome"),
        "deps-dev": _by("nome"),
        "depsDev": _by("nome"),
        "upgradeFrom": _by("from"),
        "upgrade-from": _by("from"),
        "etiquetas": SET,
        "autores": SET,
        "caracteristicas": SET,
        "capabilities": SET,
        "bibliotecas": SET,
        "servicos": SET,
        "exe": SET,
        "paths": SET,
    },
}
# Rules of these only allow or only refuse, and each stands for itself: no list of theirs has an order.
_UNORDERED: Final = frozenset(("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "NetworkPolicy"))
_DEFAULTS: Final = {"protocol": "TCP"}  # what a key means where an item does not say it


def rule_for(kind: str, path: Sequence[str], *lists: Sequence[Any]) -> ListRule:
    """Return how the lists at `path` of an object of `kind` are read; `path` has its keys, not its items.

    A list of no rule whose items all have a name of their own is told by these, in its order.
    """
    if kind in _UNORDERED:
        return SET
    rules = _KINDS.get(kind, _OBJECTS)
    for start in range(len(path)):
        rule = rules.get(".".join(path[start:]))
        if rule is not None:
            return (
                rule
                if not rule.keys or all(_are_known(items, rule.keys) for items in lists)
                else _unkeyed(rule)
            )
    return NAMED_SEQUENCE if all(_are_known(items, ("name",)) for items in lists) else SEQUENCE


def _unkeyed(rule: ListRule) -> ListRule:
    """Return how a list is read whose items break its rule: two of one key, or one without."""
    return ListRule(is_ordered=rule.is_ordered)


def _are_known(items: Sequence[Any], keys: tuple[str, ...]) -> bool:
    if not all(isinstance(item, Mapping) and any(key in item for key in keys) for item in items):
        return False
    return len({label_of(item, keys) for item in items}) == len(items)


def label_of(item: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Return how an item is called: the values of its keys, what says nothing left out."""
    values = [item.get(key, _DEFAULTS.get(key)) for key in keys]
    said = [str(value) for value in values if value is not None]
    return ("/" if "/" not in "".join(said) else " ").join(said)


def labels_of(items: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> list[str]:
    """Return how each item is called."""
    return [label_of(item, keys) for item in items]
