"""What a mesh shares with the rest of its cluster: brokers, a store, the name server (caixa.md 4.8, G12).

No slot says where these run, so a rendering is told by its options; the defaults are the labels that the
projects' own charts give their pods.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Backend", "Backends"]


@dataclass(frozen=True, slots=True)
class Backend:
    """The pods of a service that many share: their namespace, their labels, and the port they listen on."""

    namespace: str
    labels: tuple[tuple[str, str], ...]
    port: int


@dataclass(frozen=True, slots=True)
class Backends:
    """The services that contracts and every pod lean on."""

    nats: Backend = Backend("nats", (("app.kubernetes.io/name", "nats"),), 4222)
    kafka: Backend = Backend("kafka", (("app.kubernetes.io/name", "kafka"),), 9092)
    store: Backend = Backend("store", (("app.kubernetes.io/name", "valkey"),), 6379)
    dns: Backend = Backend("kube-system", (("k8s-app", "kube-dns"),), 53)
