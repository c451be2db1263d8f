"""What a ComputeUnit may say, declared once: the charts' values schema and the findings both come from here.

The fields are the union of substrate.md section 1.6. Those that the manifest types follow from its slots; the
others are declared below.
"""

from __future__ import annotations

from typing import Any, Final

from caixa.manifest.slots import CAIXA

from ..slot_schema import closed, slot_schema

__all__ = ["CARRIED", "EVENT_SOURCES", "SHAPES", "spec_properties"]

# The slots that a ComputeUnit carries, by their JSON names (substrate.md section 1.3).
CARRIED: Final = (
    "limits",
    "behavior",
    "upgradeFrom",
    "capabilities",
    "stateSchema",
    "schemaMigrations",
    "snapshot",
    "receiveState",
    "activation",
    "onCapabilityMiss",
)

# The trigger decides the shape (substrate.md section 1.7).
SHAPES: Final = {
    "oneShot": "program",
    "cron": "job",
    "service": "service",
    "event": "function",
    "watch": "controller",
}

EVENT_SOURCES: Final = ("nats", "kafka", "sqs", "redis-stream", "rabbitmq")

_TEXT: Final = {"type": "string", "minLength": 1}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_OPEN: Final = {"type": "object", "additionalProperties": True}
_FLAG: Final = {"type": "boolean"}
_QUANTITY: Final = {
    "type": ["string", "number"],
    "pattern": "^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei)?$",
}
_SECONDS: Final = {"type": "integer", "minimum": 0}
_COUNT: Final = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_PORT: Final = {"type": "integer", "minimum": 1, "maximum": 65535}


def spec_properties() -> dict[str, Any]:
    """Return the schema of each field of a ComputeUnit's `spec`, by its name."""
    slots = {slot.json_name: slot for slot in CAIXA.slots}
    return {
        "module": _module(),
        "trigger": _trigger(),
        **{name: slot_schema(slots[name]) for name in CARRIED},
        "resources": _resources(),
        "config": _said(_OPEN, "Handed to the module as JSON, in PROGRAM_CONFIG."),
        "elasticity": _elasticity(),
        "breathability": _said(_breathability(), "How it scales to zero, if the trigger does not say."),
        "ttlSecondsAfterFinished": _said(_SECONDS, "How long a finished program stays."),
        "nodeSelector": _said(
            {"type": "object", "additionalProperties": {"type": "string"}}, "The nodes that its pods go to."
        ),
        "tolerations": _said({"type": "array", "items": _OPEN}, "The taints that its pods tolerate."),
        "affinity": _said(_OPEN, "Where its pods would rather be."),
        "serviceAccount": _said(_TEXT, "The service account of its pods."),
        "podSecurity": closed({"level": {"enum": ["restricted", "baseline", "privileged"], "type": "string"}}),
        "controller": _said(
            {"type": "object", "properties": {"zeroDowntime": _FLAG}, "additionalProperties": True},
            "How a controller hands over.",
        ),
        **{name: _said(_COMPOSED, "A composition of units.") for name in _COMPOSITIONS},
    }


_COMPOSITIONS: Final = ("flow", "dag", "chain", "saga", "compose", "with")
_COMPOSED: Final = {"type": ["object", "array"]}


def _said(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"description": description} | schema


def _module() -> dict[str, Any]:
    wire = closed({"from": _TEXT, "to": _TEXT}, ["from", "to"])
    component = closed(
        {"source": _TEXT, "instance_name": _TEXT, "wires": {"type": "array", "items": wire}}, ["source"]
    )
    upgrade = {
        "strategy": {"type": "string", "enum": ["hot-replace", "recreate", "manual", "blue-green"]},
        "gracePeriod": _TEXT,
        "preserveState": {"type": "string", "enum": ["off", "stable", "schema-evolving", "continuation"]},
        "rollbackOnSnapshotFailure": _FLAG,
        "attestationRequired": _FLAG,
    }
    fields = {
        "source": _said(_TEXT, "Where the module is: a path, a forge's shorthand, https or oci."),
        "blake3": _said(
            {"type": "string", "pattern": "^(blake3:)?[0-9a-f]{64}$"}, "The digest that its bytes must have."
        ),
        "oci": _said({"type": "string", "pattern": "^oci://.+"}, "An image that holds it, instead of source."),
        "contract": _said(_TEXTS, "The WIT interfaces that it speaks."),
        "components": {"type": "array", "items": component},
        "upgradePolicy": closed(upgrade),
    }
    return {
        "description": "The module that runs.",
        "anyOf": [{"required": ["source"]}, {"required": ["oci"]}],
    } | (closed(fields))


def _trigger() -> dict[str, Any]:
    service = {
        "port": _PORT,
        "paths": _TEXTS,
        "hosts": _TEXTS,
        "serviceType": {"type": "string", "enum": ["ClusterIP", "NodePort", "LoadBalancer"]},
        "breathability": _breathability(),
    }
    triggers = {
        "oneShot": _said(closed({"args": {"type": "array", "items": {"type": "string"}}}), "Runs once."),
        "cron": _said({"type": "string", "pattern": "^(@[a-z]+|(\\S+\\s+){4}\\S+)$"}, "Runs at these times."),
        "service": _said(closed(service), "Answers HTTP."),
        "event": _event(),
        "watch": _watch(),
    }
    what = "When it runs: exactly one of the five."
    return {"description": what, "minProperties": 1, "maxProperties": 1} | closed(triggers)


def _breathability() -> dict[str, Any]:
    return closed(
        {
            "enabled": _FLAG,
            "minReplicas": _COUNT,
            "maxReplicas": _COUNT | {"minimum": 1},
            "cooldownPeriod": _SECONDS,
            "targetPendingRequests": _COUNT | {"minimum": 1},
        }
    )


def _event() -> dict[str, Any]:
    names = (
        "queueGroup",
        "durableName",
        "stream",
        "natsMonitoring",
        "kafkaBootstrap",
        "consumerGroup",
        "awsRegion",
        "redisAddress",
        "rabbitmqHost",
    )
    fields = {
        "source": {"type": "string", "pattern": f"^({'|'.join(EVENT_SOURCES)}):.+$"},
        "batch_size": _COUNT | {"minimum": 1},
        "cooldown": {"type": "string", "pattern": "^[0-9]+(s|m|h)$"},
        "lagThreshold": {"type": ["integer", "string"], "pattern": "^[0-9]+$"},
        **dict.fromkeys(names, _TEXT),
    }
    return _said(closed(fields, ["source"]), "Runs for each message, or batch of messages.")


def _watch() -> dict[str, Any]:
    fields = {
        "group": {"type": "string"},
        "version": _TEXT,
        "kind": _TEXT,
        "namespaces": _TEXTS,
        "crd": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
        "and": {"type": "array", "items": closed({"group": {"type": "string"}, "kind": _TEXT}, ["kind"])},
    }
    both = {"anyOf": [{"required": ["kind"]}, {"required": ["crd"]}]}
    return _said(both | closed(fields), "Runs when a resource changes.")


def _resources() -> dict[str, Any]:
    amounts = {"type": "object", "additionalProperties": _QUANTITY}
    what = "What a pod asks for and may have; follows from `limits` when absent."
    return _said(closed({"requests": amounts, "limits": amounts}), what)


def _elasticity() -> dict[str, Any]:
    trigger = closed({"type": _TEXT, "metadata": {"type": "object", "additionalProperties": _TEXT}}, ["type"])
    fields = {
        "cooldownPeriod": _SECONDS,
        "pollingInterval": _SECONDS,
        "targetIdleReplicas": _COUNT,
        "program": closed({"ttlSecondsAfterFinished": _SECONDS}),
        "job": closed({"successfulJobsHistoryLimit": _COUNT, "failedJobsHistoryLimit": _COUNT}),
        "function": closed({"defaultBatchSize": _COUNT, "maxReplicas": _COUNT, "kedaTrigger": trigger}),
        "service": closed({"keepWarmPattern": _TEXT}),
        "controller": closed({"leaseAware": _FLAG, "maxReplicas": _COUNT}),
    }
    return _said(closed(fields), "What differs from the operator's own scaling.")
