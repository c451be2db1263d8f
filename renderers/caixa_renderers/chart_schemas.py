"""The values.schema.json of the charts in `charts/`, from the declarations of the slots and of a unit's fields.

`python -m caixa_renderers.chart_schemas charts` writes them anew; a test compares.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from .servico.unit_schema import spec_properties
from .slot_schema import LABEL_PATTERN, closed

__all__ = ["OBJECT_KEYS", "schemas", "texts"]

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_FLAG: Final = {"type": "boolean"}
_TEXT: Final = {"type": "string", "minLength": 1}
_OPEN: Final = {"type": "object"}
_COUNT: Final = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_NAME: Final = {"type": "string", "pattern": LABEL_PATTERN, "maxLength": 63}
_TEXTS_BY_NAME: Final = {"type": "object", "additionalProperties": {"type": "string"}}
_LABEL: Final = {"type": "string", "maxLength": 63, "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}
_LABELS: Final = {"type": "object", "additionalProperties": _LABEL}
_PERIOD: Final = {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"}
_MONITOR: Final = closed({"enabled": _FLAG, "interval": _PERIOD})

# The keys of a unit's values that are about its objects and no fields of its spec; `_unit.tpl` names them too.
OBJECT_KEYS: Final = (
    "name",
    "namespace",
    "aplicacao",
    "versao",
    "placement",
    "labels",
    "annotations",
    "service",
    "function",
    "policy",
    "observability",
)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each chart's values, by the name of the chart."""
    return {
        "pleme-computeunit": _unit_values(),
        "lareira-fleet-programs": _fleet_values(),
        "lareira-tatara-stack": _stack_values(),
    }


def texts() -> dict[str, str]:
    """Return the schemas as the texts of their files."""
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas().items()}


def _root(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    whole = {"enabled": _FLAG | {"description": "Whether anything is rendered."}, "global": _OPEN} | properties
    return {"$schema": _DRAFT, "title": title} | closed(whole)


def _unit_values() -> dict[str, Any]:
    when_on = {"if": _is_on(), "then": {"required": ["module", "trigger"]}}
    return _root("A ComputeUnit", _object_properties() | spec_properties()) | when_on


def _is_on() -> dict[str, Any]:
    return {"properties": {"enabled": {"const": True}}, "required": ["enabled"]}


def _object_properties() -> dict[str, Any]:
    rule = closed(
        {"alert": _TEXT, "record": _TEXT, "expr": _TEXT, "for": _PERIOD, "keep_firing_for": _PERIOD}
        | {"labels": _TEXTS_BY_NAME, "annotations": _TEXTS_BY_NAME},
        ["expr"],
    )
    scaling = dict.fromkeys(("minReplicas", "maxReplicas", "pollingInterval", "cooldownPeriod"), _COUNT)
    kinds = {"type": "string", "enum": ["ClusterIP", "NodePort", "LoadBalancer"]}
    fields = (
        _NAME,
        _NAME,
        _NAME | {"description": "The mesh that the unit is a member of."},
        _TEXT | {"description": "Which version the mesh asked for."},
        _OPEN | {"description": "Where the mesh runs, and what this cluster is in that."},
        _LABELS,
        _TEXTS_BY_NAME,
        closed({"enabled": _FLAG, "type": kinds, "annotations": _TEXTS_BY_NAME}),
        closed({"scaling": closed(scaling)}),
        closed({"enabled": _FLAG, "apiVersion": _TEXT, "kind": _TEXT, "name": _NAME, "spec": _OPEN}),
        closed(
            {
                "serviceMonitor": _MONITOR,
                "prometheusRule": closed({"enabled": _FLAG, "rules": {"type": "array", "items": rule}}),
            }
        ),
    )
    return dict(zip(OBJECT_KEYS, fields, strict=True))


def _fleet_values() -> dict[str, Any]:
    entry = closed(_object_properties() | spec_properties(), ["name", "module", "trigger"])
    defaults = {"namespace": _NAME, "resources": spec_properties()["resources"]}
    return _root(
        "The programs of a cluster",
        {
            "defaultNamespace": _NAME,
            "defaults": closed(defaults),
            "programs": {"type": "array", "items": entry},
            "pleme-computeunit": _OPEN,
        },
    )


def _stack_values() -> dict[str, Any]:
    image = {"repository": _TEXT, "tag": _TEXT}
    policies = {"type": "string", "enum": ["Always", "IfNotPresent", "Never"]}
    spec = spec_properties()
    operator = {
        "enabled": _FLAG,
        "image": closed(image | {"pullPolicy": policies}),
        "replicas": _COUNT,
        "logLevel": {"type": "string", "enum": ["error", "warn", "info", "debug", "trace"]},
        **{name: spec[name] for name in ("resources", "nodeSelector", "tolerations", "affinity")},
    }
    return _root(
        "The runtime of ComputeUnits",
        {
            "operator": closed(operator),
            "engine": closed({"image": closed(image)}),
            "serviceAccount": closed({"create": _FLAG, "name": _NAME, "annotations": _TEXTS_BY_NAME}),
            "rbac": closed({"create": _FLAG}),
            "observability": closed({"serviceMonitor": _MONITOR, "prometheusRule": closed({"enabled": _FLAG})}),
            "lareira-fleet-programs": _OPEN,
        },
    )


if __name__ == "__main__":
    for chart, text in texts().items():
        (Path(sys.argv[1]) / chart / "values.schema.json").write_text(text)
