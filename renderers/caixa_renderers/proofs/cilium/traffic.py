"""Who speaks to whom, and what they ask: the two ends of a connection and one request on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

__all__ = ["NAMESPACE", "Dns", "Endpoint", "Http", "Protocol", "Request", "gateway", "outside", "pod"]

NAMESPACE = "io.kubernetes.pod.namespace"
Protocol = Literal["TCP", "UDP"]


@dataclass(frozen=True)
class Endpoint:
    """One end of a connection.

    `labels` are a pod's, its namespace among them under Cilium's own label. `entities` are the reserved names
    that stand for it. `host` is the name and `address` the IP address of an end outside the cluster.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entities: frozenset[str] = frozenset()
    host: str | None = None
    address: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the endpoint as plain data."""
        return {"name": self.name, "labels": dict(self.labels), "host": self.host, "address": self.address}

    @property
    def is_managed(self) -> bool:
        """Whether it is a pod, on which Cilium enforces policies."""
        return NAMESPACE in self.labels


@dataclass(frozen=True, slots=True)
class Http:
    """An HTTP request; `path` is what stands in the request line, the query with it."""

    path: str
    method: str = "GET"
    host: str = ""


@dataclass(frozen=True, slots=True)
class Dns:
    """A question for a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is tried on a connection; without `says`, bytes of no protocol that a proxy knows."""

    port: int
    protocol: Protocol = "TCP"
    says: Http | Dns | None = None


def pod(name: str, namespace: str, labels: Mapping[str, str]) -> Endpoint:
    """Return a pod with its labels."""
    return Endpoint(name, {**labels, NAMESPACE: namespace}, frozenset({"cluster", "all"}))


def gateway() -> Endpoint:
    """Return Cilium's own proxy for what comes in through a Gateway: the reserved identity `ingress`."""
    labels = {"reserved:ingress": ""}
    return Endpoint("gateway", labels, frozenset({"ingress", "cluster", "all"}))


def outside(name: str, *, host: str | None = None, address: str | None = None) -> Endpoint:
    """Return an end outside the cluster, by its name or its address where they matter."""
    return Endpoint(name, {"reserved:world": ""}, frozenset({"world", "all"}), host, address)
