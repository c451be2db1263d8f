"""Where a member's capability tokens lead, as the egress rules that let its pods go there (substrate.md 1.8).

A token that names a member of the mesh opens nothing here: that a contract does. One that names no address
(`s3-read@bucket`) cannot be opened, and `unopened` says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from caixa.manifest.capability import HttpOut, KubeBuiltin, Other, PromQuery, parse_capability

from .backends import Backend, Backends
from .network import NAMESPACE, ports_of

__all__ = ["Surroundings", "backend_rule", "event_rules", "token_rules", "unopened", "widened"]

_WEB = (80, 443)
_DATABASES = {"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379}
_HOST_AND_PORT = re.compile(r"(?P<host>[^:/\s]+|\[[0-9a-fA-F:.]+\]):(?P<port>\d{1,5})")
_BROKERS = ("nats", "kafka")
_ON_THE_NETWORK = re.compile(r"(s3|git|prom|kv|db|oci)-[a-z+-]+@")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tells names apart: the members, their namespace, and what the cluster shares."""

    members: Collection[str]
    namespace: str
    backends: Backends


def backend_rule(backend: Backend) -> dict[str, Any]:
    """Return the rule that lets a pod reach a shared service."""
    selector = {NAMESPACE: backend.namespace, **dict(backend.labels)}
    return {"toEndpoints": [{"matchLabels": selector}], "toPorts": [ports_of(backend.port)]}


def event_rules(source: str | None, around: Surroundings) -> Iterator[dict[str, Any]]:
    """Yield the rule for the broker from which a member takes its messages."""
    kind = (source or "").partition(":")[0]
    if kind in _BROKERS:
        yield backend_rule(getattr(around.backends, kind))


def token_rules(tokens: Sequence[str], around: Surroundings) -> Iterator[dict[str, Any]]:
    """Yield the rules that capability tokens ask for, in their order."""
    for token in tokens:
        yield from _rules(token, around)


def unopened(tokens: Sequence[str], around: Surroundings) -> Iterator[str]:
    """Yield the tokens about the network that no rule can open, since they name no address."""
    for token in tokens:
        if _ON_THE_NETWORK.match(token) and not any(_rules(token, around)) and not _is_of_mesh(token, around):
            yield token


def widened(tokens: Sequence[str], around: Surroundings) -> Iterator[str]:
    """Yield the tokens that name a service of the cluster: its pods are not known, only their namespace."""
    for token in tokens:
        for rule in _rules(token, around):
            if any(set(each["matchLabels"]) == {NAMESPACE} for each in rule.get("toEndpoints", ())):
                yield token


def _rules(token: str, around: Surroundings) -> Iterator[dict[str, Any]]:
    match parse_capability(token):
        case HttpOut(host):
            yield from _to_host(host, _WEB, around)
        case PromQuery(service, port):
            yield from _to_host(service, (port,), around)
        case Other(text):
            yield from _others(text, around)
        case KubeBuiltin():
            yield _KUBERNETES
        case capability if type(capability).__name__.startswith("Kube"):
            yield _KUBERNETES


_KUBERNETES: dict[str, Any] = {"toEntities": ["kube-apiserver"]}


def _others(token: str, around: Surroundings) -> Iterator[dict[str, Any]]:
    kind, _, scope = token.partition("@")
    if kind in ("nats-publish", "nats-subscribe"):
        yield backend_rule(around.backends.nats)
    elif kind.startswith("kv-") and (found := _HOST_AND_PORT.fullmatch(scope)):
        yield from _to_host(found["host"], (int(found["port"]),), around)
    elif kind.startswith("oci-") and scope:
        yield from _to_host(scope.partition("/")[0], (443,), around)
    elif kind.startswith("db-connect"):
        yield from _to_database(scope, around)


def _to_database(address: str, around: Surroundings) -> Iterator[dict[str, Any]]:
    """Yield the rule for a database, which is written as a URL or as host and port."""
    try:
        url = urlsplit(address if "://" in address else f"//{address}")
        host, port = url.hostname, url.port or _DATABASES.get(url.scheme, 5432)
    except ValueError:
        return
    if host:
        yield from _to_host(host, (port,), around)


def _to_host(host: str, ports: Sequence[int], around: Surroundings) -> Iterator[dict[str, Any]]:
    """Yield the rule for a host outside, a service of the cluster, or every host (`*`); none for a member."""
    host = host.strip("[]").rstrip(".").lower()
    if not host or _member_named(host, around) or not all(0 < port < 65536 for port in ports):
        return
    to_ports = {"toPorts": [ports_of(*ports)]}
    if host == "*":
        yield {"toEntities": ["world"]} | to_ports
    elif (block := _block(host)) is not None:
        yield {"toCIDR": [block]} | to_ports
    elif (namespace := _namespace(host, around)) is not None:
        yield {"toEndpoints": [{"matchLabels": {NAMESPACE: namespace}}]} | to_ports
    else:
        yield {"toFQDNs": [{"matchPattern" if "*" in host else "matchName": host}]} | to_ports


def _block(host: str) -> str | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return f"{address}/{address.max_prefixlen}"


def _namespace(host: str, around: Surroundings) -> str | None:
    """Return the namespace of a service's name within the cluster, None for a name of the world."""
    labels = host.removesuffix(".cluster.local").removesuffix(".svc").split(".")
    if len(labels) == 1 and "*" not in host:
        return around.namespace
    return labels[1] if host.endswith((".svc", ".svc.cluster.local")) and len(labels) == 2 else None


def _member_named(host: str, around: Surroundings) -> bool:
    name = host.partition(".")[0]
    return name in around.members and (name == host or _namespace(host, around) == around.namespace)


def _is_of_mesh(token: str, around: Surroundings) -> bool:
    scope = token.partition("@")[2]
    return scope.partition(":")[0].partition(".")[0] in around.members or token.startswith("kv-")
