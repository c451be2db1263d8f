"""Published schemas, read as a cluster with strict field validation reads them: an unknown field is an error.

CEL rules (`x-kubernetes-validations`) are not evaluated.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

SHARED = Path(os.environ.get("CAIXA_SHARED") or Path(__file__).parents[2].parent / "shared")
SCHEMAS = SHARED / "schemas"

CRDS = {
    "GitRepository": "flux/gitrepositories.yaml",
    "HelmRelease": "flux/helmreleases.yaml",
    "Kustomization": "flux/kustomizations.yaml",
    "Gateway": "gateway-api/{channel}/gateways.yaml",
    "HTTPRoute": "gateway-api/{channel}/httproutes.yaml",
}
METADATA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 253, "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},
        "namespace": {"type": "string", "maxLength": 63, "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
        "labels": {
            "type": "object",
            "propertyNames": {"pattern": r"^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"},
            "additionalProperties": {
                "type": "string",
                "maxLength": 63,
                "pattern": r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
            },
        },
    },
    "additionalProperties": False,
}

needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"no published schemas at {SCHEMAS}")


def problems(document: dict[str, Any], channel: str = "standard") -> list[str]:
    """Return what a strict API server would refuse in `document`."""
    validator = _validator(document["kind"], document["apiVersion"], channel)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@cache
def _validator(kind: str, api_version: str, channel: str) -> Draft202012Validator:
    if kind == "CiliumNetworkPolicy":
        assert api_version == "cilium.io/v2"
        schema = json.loads((SCHEMAS / "cilium/ciliumnetworkpolicy_v2.json").read_text())
    else:
        crd = yaml.load((SCHEMAS / CRDS[kind].format(channel=channel)).read_text(), yaml.CSafeLoader)
        group, version = api_version.split("/")
        assert crd["spec"]["group"] == group
        served = {
            each["name"]: each["schema"]["openAPIV3Schema"]
            for each in crd["spec"]["versions"]
            if each["served"]
        }
        schema = served[version]
    schema = _strict(schema)
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
    return closed
