"""Objects checked as an API server with strict field validation checks them: an unknown field is an error.

| object | by |
|---|---|
| of Kubernetes itself | the package kubernetes-validate |
| of Cilium, Flux, the Gateway API, KEDA, Prometheus | the committed copy of their schemas (see there) |
| of ours | the definitions that `feira crds` prints |

For the two latter, defaults are filled in, fields that nothing declares are refused, the keys of lists that are
maps are unique, and CEL rules are evaluated (`cel_rules` has the list of those that are not).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from cel_rules import broken_rules
from jsonschema import Draft202012Validator
from published_schemas import published

KUBERNETES = "1.34"  # the version whose own objects are meant, unless another is asked for
OURS = frozenset(("caixa.pleme.io", "wasm.pleme.io", "mesh.pleme.io"))

_CORE_GROUPS = frozenset(("", "apps", "batch", "autoscaling", "policy"))
_FILES = {
    ("cilium.io", "CiliumClusterwideEnvoyConfig"): "cilium/ciliumclusterwideenvoyconfig_v2",
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): "cilium/ciliumclusterwidenetworkpolicy_v2",
    ("cilium.io", "CiliumEnvoyConfig"): "cilium/ciliumenvoyconfig_v2",
    ("cilium.io", "CiliumNetworkPolicy"): "cilium/ciliumnetworkpolicy_v2",
    ("gateway.networking.k8s.io", "BackendTLSPolicy"): "gateway-api/standard/backendtlspolicies",
    ("gateway.networking.k8s.io", "Gateway"): "gateway-api/{channel}/gateways",
    ("gateway.networking.k8s.io", "GatewayClass"): "gateway-api/standard/gatewayclasses",
    ("gateway.networking.k8s.io", "HTTPRoute"): "gateway-api/{channel}/httproutes",
    ("gateway.networking.k8s.io", "ReferenceGrant"): "gateway-api/standard/referencegrants",
    (
        "gateway.networking.x-k8s.io",
        "XBackendTrafficPolicy",
    ): "gateway-api/experimental/xbackendtrafficpolicies",
    ("helm.toolkit.fluxcd.io", "HelmRelease"): "flux/helmreleases",
    ("http.keda.sh", "HTTPScaledObject"): "keda/httpscaledobjects",
    ("http.keda.sh", "InterceptorRoute"): "keda/interceptorroutes",
    ("keda.sh", "ScaledJob"): "keda/scaledjobs",
    ("keda.sh", "ScaledObject"): "keda/scaledobjects",
    ("keda.sh", "TriggerAuthentication"): "keda/triggerauthentications",
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): "flux/kustomizations",
    ("monitoring.coreos.com", "PrometheusRule"): "monitoring/prometheusrule_v1",
    ("monitoring.coreos.com", "ServiceMonitor"): "monitoring/servicemonitor_v1",
    ("source.toolkit.fluxcd.io", "GitRepository"): "flux/gitrepositories",
    ("source.toolkit.fluxcd.io", "HelmChart"): "flux/helmcharts",
    ("source.toolkit.fluxcd.io", "HelmRepository"): "flux/helmrepositories",
    ("source.toolkit.fluxcd.io", "OCIRepository"): "flux/ocirepositories",
}
_LABELS = {
    "type": "object",
    "propertyNames": {"pattern": r"^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"},
    "additionalProperties": {
        "type": "string",
        "maxLength": 63,
        "pattern": r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
    },
}
_OWNER = {
    "type": "object",
    "required": ["apiVersion", "kind", "name", "uid"],
    "properties": {
        **{key: {"type": "string", "minLength": 1} for key in ("apiVersion", "kind", "name", "uid")},
        **{key: {"type": "boolean"} for key in ("controller", "blockOwnerDeletion")},
    },
    "additionalProperties": False,
}
METADATA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 253, "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},
        "namespace": {"type": "string", "maxLength": 63, "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
        "labels": _LABELS,
        "annotations": {
            "type": "object",
            "propertyNames": _LABELS["propertyNames"],
            "additionalProperties": {"type": "string"},
        },
        "ownerReferences": {"type": "array", "items": _OWNER},
    },
    "additionalProperties": False,
}


def is_object(document: Mapping[str, Any]) -> bool:
    """Return whether a document is an object of a cluster: a chart, its values and a fleet entry are not."""
    return "apiVersion" in document and "kind" in document


def refusals(documents: Iterable[Mapping[str, Any]], channel: str = "standard") -> dict[str, list[str]]:
    """Return what is refused in each object among `documents`, by kind and name; empty when all are good."""
    found = {
        f"{each['kind']} {each.get('metadata', {}).get('name')}": problems(each, channel)
        for each in documents
        if is_object(each)
    }
    return {what: wrong for what, wrong in found.items() if wrong}


def problems(document: Mapping[str, Any], channel: str = "standard", kubernetes: str = KUBERNETES) -> list[str]:
    """Return what a strict API server would refuse in `document`."""
    group, _, version = document["apiVersion"].rpartition("/")
    if group in _CORE_GROUPS or (group.endswith(".k8s.io") and (group, document["kind"]) not in _FILES):
        return _problems_of_core(document, kubernetes)
    schema = schema_of(document, channel)
    if schema is None:
        return [f"no schema for {document['apiVersion']} {document['kind']}"]
    whole = with_defaults(schema, document)
    validator = _validator(group, version, document["kind"], channel)
    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(whole)]
    return wrong or [*broken_rules(schema, whole), *_repeated_keys(schema, whole)]


def schema_of(document: Mapping[str, Any], channel: str = "standard") -> dict[str, Any] | None:
    """Return the schema of an object that Kubernetes itself does not know, or None if it is not here."""
    group, _, version = document["apiVersion"].rpartition("/")
    return _schema(group, version, document["kind"], channel)


def _problems_of_core(document: Mapping[str, Any], version: str) -> list[str]:
    import kubernetes_validate  # it takes more than a second

    try:
        kubernetes_validate.validate(dict(document), version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return [f"no schema for {document['apiVersion']} {document['kind']}"]
    except kubernetes_validate.ValidationError as error:
        return [str(error)]
    return []


@cache
def _schema(group: str, version: str, kind: str, channel: str) -> dict[str, Any] | None:
    definition = _ours(kind) if group in OURS else _published(group, kind, channel)
    if definition is None or "spec" not in definition:
        return definition  # a plain schema, of one version
    assert definition["spec"]["group"] == group
    assert definition["spec"]["names"]["kind"] == kind
    served = [each for each in definition["spec"]["versions"] if each["name"] == version and each["served"]]
    return served[0]["schema"]["openAPIV3Schema"] if served else None


def _published(group: str, kind: str, channel: str) -> dict[str, Any] | None:
    name = _FILES.get((group, kind))
    return None if name is None else published(f"{name.format(channel=channel)}.json")


def _ours(kind: str) -> dict[str, Any] | None:
    from caixa_renderers.crds import definitions

    return next((each for each in definitions() if each["spec"]["names"]["kind"] == kind), None)


@cache
def _validator(group: str, version: str, kind: str, channel: str) -> Draft202012Validator:
    schema = _strict(_schema(group, version, kind, channel))
    schema["properties"]["metadata"] = METADATA
    return Draft202012Validator(schema)


def _strict(schema: Any) -> Any:
    """Close every object whose fields are declared, unless its schema says that it is open."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _strict(value) for key, value in schema.items()}
    is_open = closed.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in closed
    if isinstance(closed.get("properties"), dict) and closed.get("type") == "object" and not is_open:
        closed["additionalProperties"] = False
    if closed.get("nullable") is True:
        closed["type"] = [closed["type"], "null"]
    return closed


def with_defaults(schema: Any, value: Any) -> Any:
    """Return `value` with the defaults of the schema filled in, as a server does before it validates."""
    if not isinstance(schema, dict):
        return value
    if isinstance(value, Mapping):
        named, other = schema.get("properties", {}), schema.get("additionalProperties")
        absent = {
            key: copy.deepcopy(part["default"])
            for key, part in named.items()
            if isinstance(part, dict) and "default" in part and key not in value
        }
        return {key: with_defaults(named.get(key, other), item) for key, item in {**value, **absent}.items()}
    if isinstance(value, list | tuple):
        return [with_defaults(schema.get("items"), item) for item in value]
    return value


def _repeated_keys(schema: Any, value: Any, path: str = "$") -> Iterator[str]:
    """Yield the items of a list that is a map or a set which stand in it twice."""
    if not isinstance(schema, dict):
        return
    if isinstance(value, dict):
        named, other = schema.get("properties", {}), schema.get("additionalProperties")
        for key, item in value.items():
            yield from _repeated_keys(named.get(key, other), item, f"{path}.{key}")
    elif isinstance(value, list):
        keys = [_key(schema, item) for item in value]
        yield from (f"{path}: {key} stands twice" for at, key in enumerate(keys) if key and key in keys[:at])
        for index, item in enumerate(value):
            yield from _repeated_keys(schema.get("items"), item, f"{path}[{index}]")


def _key(schema: dict[str, Any], item: Any) -> str | None:
    match schema.get("x-kubernetes-list-type"):
        case "set":
            return repr(item)
        case "map":
            return repr([item.get(key) for key in schema["x-kubernetes-list-map-keys"]])
    return None
