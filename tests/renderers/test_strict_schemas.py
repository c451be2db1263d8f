"""The check by published schemas refuses what a cluster would refuse: its negative controls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cel_rules import UNCHECKED, is_checked, rules_of
from published_schemas import COPY, condensed, names, published
from strict_schemas import problems, refusals

SHARED = Path(os.environ.get("CAIXA_SHARED") or Path(__file__).parents[2].parent / "shared") / "schemas"


def route(**rule: object) -> dict[str, object]:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "r", "namespace": "n"},
        "spec": {
            "parentRefs": [{"name": "g"}],
            "rules": [{"backendRefs": [{"name": "b", "port": 80}], **rule}],
        },
    }


def gateway(*listeners: dict[str, object]) -> dict[str, object]:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "g", "namespace": "n"},
        "spec": {"gatewayClassName": "cilium", "listeners": list(listeners)},
    }


def service(**spec: object) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": spec}


def policy(**rule: object) -> dict[str, object]:
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "p"},
        "spec": {"endpointSelector": {}, "ingress": [rule]},
    }


def release(**spec: object) -> dict[str, object]:
    chart = {"spec": {"chart": "c", "sourceRef": {"kind": "GitRepository", "name": "g"}}}
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": "r"},
        "spec": {"interval": "10m", "chart": chart, **spec},
    }


HTTP = {"name": "http", "port": 80, "protocol": "HTTP"}
MONITOR = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "m"},
    "spec": {"selector": {}, "endpoints": [{"port": "http"}]},
}
SCALED = {
    "apiVersion": "keda.sh/v1alpha1",
    "kind": "ScaledObject",
    "metadata": {"name": "s"},
    "spec": {"scaleTargetRef": {"name": "s"}, "triggers": [{"type": "nats-jetstream", "metadata": {}}]},
}


@pytest.mark.parametrize(
    "accepted",
    [
        route(),
        route(timeouts={"request": "30s"}),
        route(matches=[{"path": {"type": "PathPrefix", "value": "/api"}}]),
        gateway(HTTP),
        service(ports=[{"port": 80}]),
        SCALED,
        policy(fromEntities=["ingress"], toPorts=[{"ports": [{"port": "80", "protocol": "TCP"}]}]),
        release(),
        MONITOR,
    ],
)
def test_what_a_cluster_takes_is_accepted(accepted):
    assert problems(accepted) == []


REFUSED = [
    (policy(fromEntity=["ingress"]), "'fromEntity' was unexpected"),
    (policy(toPorts=[{"ports": [{"port": 80, "protocol": "TCP"}]}]), "is not of type 'string'"),
    (policy(toPorts=[{"ports": [{"port": "80", "protocol": "HTTP"}]}]), "is not one of"),
    (release(intervall="1m"), "'intervall' was unexpected"),
    (release(interval="often"), "does not match"),
    (release(chartRef={"kind": "OCIRepository", "name": "c"}), "either chart or chartRef must be set"),
    (MONITOR | {"spec": MONITOR["spec"] | {"endpoint": []}}, "'endpoint' was unexpected"),
    (route(timeout="30s"), "Additional properties"),
    (route(retry={"attempts": 2}), "'retry' was unexpected"),
    (route(matches=[{"path": {"type": "Prefix", "value": "/"}}]), "is not one of"),
    (route(matches=[{"path": {"type": "PathPrefix", "value": "api"}}]), "must be an absolute path"),
    (route(matches=[{"path": {"type": "PathPrefix", "value": "/a//b"}}]), "must not contain '//'"),
    (route(timeouts={"request": "1s", "backendRequest": "2s"}), "backendRequest timeout cannot be longer"),
    (route(backendRefs=[{"name": "b"}]), "Must have port for Service reference"),
    (gateway(HTTP, HTTP), "Listener name must be unique"),
    (gateway(HTTP | {"tls": {"mode": "Terminate"}}), "tls must not be specified"),
    (gateway(HTTP | {"port": 70000}), "greater than the maximum"),
    (service(ports=[{"port": 80}], selectors={}), "selectors"),
    (service(ports=[{"port": "http"}]), "is not of type 'integer'"),
    (SCALED | {"spec": {**SCALED["spec"], "minReplicaCount": 7, "maxReplicaCount": 5}}, "minReplicaCount"),
    (route() | {"metadata": {"name": "Not_A_Name"}}, "does not match"),
    (route() | {"metadata": {"name": "r", "labels": {"a": "x" * 64}}}, "is too long"),
    (route() | {"apiVersion": "gateway.networking.k8s.io/v9"}, "no schema"),
    ({"apiVersion": "acme.example/v1", "kind": "Thing"}, "no schema"),
    ({"apiVersion": "v1", "kind": "Thing"}, "no schema"),
]


@pytest.mark.parametrize(("refused", "why"), REFUSED)
def test_what_a_cluster_refuses_is_refused(refused, why):
    assert any(why in problem for problem in problems(refused)), problems(refused)


def test_the_experimental_channel_has_fields_that_the_standard_one_lacks():
    assert problems(route(retry={"attempts": 2}), "experimental") == []


def test_what_is_refused_is_told_by_object_and_what_is_no_object_is_passed_over():
    assert list(refusals([gateway(HTTP, HTTP), {"apiVersion": "v2", "name": "chart"}, route()])) == [
        "Gateway g"
    ]


def test_every_rule_that_is_not_evaluated_is_listed_with_its_reason():
    rules = {rule for name in names() for rule in rules_of(published(name))}
    assert {rule for rule in rules if not is_checked(rule)} == set(UNCHECKED)


def test_the_copy_is_what_was_published():
    if not SHARED.is_dir():
        pytest.skip(f"no published schemas at {SHARED}")
    assert {path: (COPY / path).read_text() for path in names()} == dict(condensed(SHARED))
