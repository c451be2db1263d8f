"""The shapes that Cilium's policies are made of: the policy itself, whom it speaks of, and which ports."""

from __future__ import annotations

from typing import Any

from ..names import APLICACAO, PACKAGE, label_value, membership

__all__ = ["NAMESPACE", "network_policy", "peer", "ports_of", "whole_mesh"]

NAMESPACE = "k8s:io.kubernetes.pod.namespace"


def network_policy(
    aplicacao: str, name: str, namespace: str, spec: dict[str, Any], labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return a CiliumNetworkPolicy of a mesh."""
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {APLICACAO: label_value(aplicacao)} | (labels or {}),
        },
        "spec": spec,
    }


def whole_mesh(aplicacao: str) -> dict[str, Any]:
    """Return the selector of every member's pods."""
    return {"matchLabels": {APLICACAO: label_value(aplicacao)}}


def peer(program: str, aplicacao: str, package_label: str | None = None) -> dict[str, Any]:
    """Return the selector of a member's pods: of those that run exactly that package, where it is known."""
    exactly = {} if package_label is None else {PACKAGE: package_label}
    return {"matchLabels": membership(program, aplicacao) | exactly}


def ports_of(*ports: int, protocols: tuple[str, ...] = ("TCP",)) -> dict[str, Any]:
    """Return ports as a rule's `toPorts` has them."""
    return {"ports": [{"port": str(port), "protocol": protocol} for port in ports for protocol in protocols]}
