"""The rendered policies under the simulator: what is declared passes, in both directions, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from mesh_network import AROUND, rendered, unresolved
from mesh_strategies import aplicacoes
from render_examples import checkout, everyone, servico

from caixa.manifest.model import ContratoShape
from caixa_renderers import render
from caixa_renderers.mesh.backends import Backend, Backends
from caixa_renderers.mesh.policy import policies

TOKENS = """\
spec:
  module: {{source: "oci://x/y:1"}}
  trigger: {trigger}
  capabilities: [{tokens}]
"""


def granting(*tokens: str, trigger: str = "{service: {port: 8080}}"):
    """Return members of which `cart` is granted the tokens."""
    unit = TOKENS.format(trigger=trigger, tokens=", ".join(f'"{token}"' for token in tokens))
    return lambda nome, _: servico(nome, unit=unit if nome == "cart" else None)


def reached(*tokens: str, port: int, trigger: str = "{service: {port: 8080}}") -> list[str]:
    """Return whom `cart` reaches of those that lie around its mesh."""
    network = rendered(checkout(contratos="()"), granting(*tokens, trigger=trigger))
    return [each.name for each in AROUND if each.name != "dns" and network.calls("cart", each.name, port=port)]


def said(*tokens: str) -> list[str]:
    findings = render(checkout(contratos="()"), "mesh", granting(*tokens)).findings
    return [finding.message for finding in findings if "capability" in finding.message]


@given(aplicacoes())
@settings(max_examples=60, deadline=None)
def test_policies_admit_the_declared_calls_and_no_others(caixa):
    network = unresolved(caixa, policies(caixa))
    names = [membro.caixa for membro in caixa.membros]
    declared = {(c.de, c.para) for c in caixa.contratos if c.shape is not ContratoShape.PUBSUB}
    ports = {caixa.entrada.para: caixa.entrada.port} if caixa.entrada else {}
    pairs = [(de, para) for de in (*names, "stranger", "bystander", "gateway") for para in names]
    admitted = {(de, para) for de, para in pairs if _reaches(network, caixa, de, para, ports.get(para, 8080))}
    door = {("gateway", caixa.entrada.para)} if caixa.entrada else set()
    assert admitted == declared | door


def _reaches(network, caixa, de: str, para: str, port: int) -> bool:
    """Whether anything at all passes: bare bytes, or a request for a path that the mesh speaks of."""
    paths = [c.endpoint.replace(":id", "7").replace(":a", "1").replace(":b", "2") for c in caixa.contratos
             if c.endpoint] + (list(caixa.entrada.paths) if caixa.entrada else []) + ["/"]  # fmt: skip
    methods = {str(c.method) for c in caixa.contratos if c.method} | {"GET"}
    tries = [(path, method) for path in paths for method in methods]
    return network.calls(de, para, port=port) or any(
        network.calls(de, para, path, port=port, method=method) for path, method in tries
    )


def test_what_leaves_without_a_contract_is_refused_on_its_own_side():
    network = rendered(checkout(), everyone)
    assert not network.calls("cart", "bystander")
    assert not network.calls("catalog", "cart", "/api/cart")
    assert not network.calls("cart", "elsewhere", port=443)
    assert network.calls("cart", "payment", "/charge")


def test_every_member_asks_the_name_server_and_nothing_else_of_it():
    network = rendered(checkout(), everyone)
    assert all(network.asks(name, "anything.example") for name in ("catalog", "cart", "payment"))
    assert not network.calls("cart", "dns", port=8181)


def test_a_kafka_world_opens_kafka():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "kafka:orders" :subject "orders"))')
    network = rendered(package, everyone)
    assert network.calls("cart", "kafka", port=9092)
    assert network.calls("catalog", "kafka", port=9092)
    assert not network.calls("cart", "broker", port=4222)


def test_a_store_contract_opens_the_store_to_its_caller():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "wasi:keyvalue/store" :slot "sessions"))')
    network = rendered(package, everyone)
    assert network.calls("cart", "store", port=6379)
    assert not network.calls("payment", "store", port=6379)
    assert network.calls("cart", "catalog")  # whoever serves the slot


def test_a_store_that_a_token_names_takes_the_place_of_the_shared_one():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "kv:store" :slot "sessions"))')
    network = rendered(package, granting("kv-rw@store.store.svc:6380"))
    assert not network.calls("cart", "store", port=6379)
    assert network.calls("cart", "store", port=6380)


def test_a_rendering_is_told_where_what_a_mesh_shares_is():
    elsewhere = Backends(
        nats=Backend("kafka", (("app.kubernetes.io/name", "kafka"),), 4223),
        dns=Backend("nats", (("app.kubernetes.io/name", "nats"),), 5353),
    )
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "nats:orders" :subject "orders"))')
    network = rendered(package, everyone, backends=elsewhere)
    assert network.calls("cart", "kafka", port=4223)
    assert not network.calls("cart", "broker", port=4222)
    assert not network.asks("cart", "x.example")


@pytest.mark.parametrize(
    ("token", "port", "whom"),
    [
        ("http-out:api.github.com", 443, ["github"]),
        ("http-out:*.github.com", 443, ["github"]),
        ("http-out:*", 443, ["github", "elsewhere"]),
        ("http-out:api.github.com", 22, []),
        ("nats-publish@orders.>", 4222, ["broker"]),
        ("kube-pod-list", 443, ["api"]),
        ("kube-cr-watch@v1/services", 443, ["api"]),
        ("prom-query@broker.nats.svc:9090", 9090, ["broker"]),
        ("db-connect:postgres@postgres://store.store.svc/app", 5432, ["store"]),
        ("db-connect:postgres@store.store.svc.cluster.local:7", 7, ["store"]),
        ("oci-pull@api.github.com/x", 443, ["github"]),
        ("http-in:0.0.0.0:8080", 443, []),
        ("fs:/data:rw", 443, []),
        ("env", 443, []),
        ("db-connect:postgres@http://[", 5432, []),
        ("kv-rw@sessions", 6379, []),
        ("prom-query@x:99999", 443, []),
    ],
)
def test_g17_a_token_opens_what_it_names_and_nothing_more(token, port, whom):
    assert reached(token, port=port) == whom


@pytest.mark.parametrize(
    "host", ["catalog", "catalog.tatara-system.svc", "catalog.tatara-system.svc.cluster.local"]
)
def test_g17_a_token_that_names_a_member_opens_nothing_without_a_contract(host):
    network = rendered(checkout(contratos="()"), granting(f"http-out:{host}"))
    assert not network.calls("cart", "catalog", port=80)
    assert said(f"http-out:{host}") == []


def test_a_member_that_a_message_starts_reaches_its_broker():
    assert reached(port=4222, trigger='{event: {source: "nats:orders"}}') == ["broker"]
    assert reached(port=9092, trigger='{event: {source: "kafka:orders"}}') == ["kafka"]
    assert reached(port=4222, trigger='{event: {source: "sqs:orders"}}') == []


def test_a_token_that_names_no_address_is_said_to_open_nothing():
    (message,) = said("s3-read@bucket")
    assert message == "cart: capability s3-read@bucket is not enforced by any egress rule"


def test_a_token_that_names_a_service_is_said_to_open_its_namespace():
    (message,) = said("kv-rw@store.data.svc:6379")
    assert message.endswith("is not enforced for that service alone")
