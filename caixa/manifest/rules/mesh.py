"""The rules on meshes: members, contracts, the entrance and the placement."""

from __future__ import annotations

from typing import Final

from .rule import Rule, Where

__all__ = ["MESH"]


def _edge(rest: str) -> str:
    return f':contratos ((:de "cart" :para "catalog" {rest}))'


_HTTP = ':wit "wasi:http/proxy" :endpoint "/products/:id"'
_DOOR = ':entrada (:host "shop.example" :para "cart"{})'

_MEMBERS: Final = (
    Rule(
        "no-membros",
        Where.APLICACAO,
        "A mesh has at least one member.",
        'Add :membros ((:caixa "cart" :versao "^0.1")).',
        ':membros ((:caixa "cart" :versao "^0.1"))',
        ":membros ()",
        is_april=True,
    ),
    Rule(
        "membro-duplicate",
        Where.APLICACAO,
        "A member is listed once.",
        "Remove one of them.",
        ':membros ((:caixa "a" :versao "*") (:caixa "b" :versao "*"))',
        ':membros ((:caixa "a" :versao "*") (:caixa "a" :versao "^1"))',
    ),
    Rule(
        "membro-is-self",
        Where.APLICACAO,
        "A mesh is not a member of itself.",
        "Remove it.",
        ':nome "shop" :membros ((:caixa "cart" :versao "*"))',
        ':nome "shop" :membros ((:caixa "shop" :versao "*"))',
    ),
)

_CONTRACTS: Final = (
    Rule(
        "contrato-member-missing",
        Where.APLICACAO,
        "A contract joins two members of the mesh.",
        "Name a member, or add one to :membros.",
        _edge(_HTTP),
        f':contratos ((:de "cart" :para "catlog" {_HTTP}))',
        mends=True,
        is_april=True,
    ),
    Rule(
        "empty-wit",
        Where.APLICACAO,
        "A contract names the WIT world that the two speak.",
        'Write one, as in "wasi:http/proxy".',
        _edge(_HTTP),
        _edge(':wit ""'),
        is_april=True,
    ),
    Rule(
        "contrato-wrong-target",
        Where.APLICACAO,
        "The prefix of :wit decides which of :endpoint, :subject and :slot a contract has.",
        "Write the one that belongs to it.",
        _edge(_HTTP),
        _edge(':wit "nats:orders" :endpoint "/orders" :subject "orders"'),
        mends=True,
        is_april=True,
    ),
    Rule(
        "contrato-missing-target",
        Where.APLICACAO,
        "An HTTP contract has an :endpoint, a pub-sub one a :subject, a store one a :slot.",
        "Add it.",
        _edge(_HTTP),
        _edge(':wit "wasi:http/proxy"'),
        is_april=True,
    ),
    Rule(
        "contrato-cycle",
        Where.APLICACAO,
        "Calls that wait for an answer never go round in a circle.",
        "Make one edge asynchronous, with a `nats:` or `kafka:` world.",
        _edge(_HTTP),
        ':contratos ((:de "cart" :para "catalog" :wit "custom:a")'
        ' (:de "catalog" :para "cart" :wit "custom:b"))',
        is_april=True,
    ),
    Rule(
        "contrato-duplicate",
        Where.APLICACAO,
        "A contract is written once; what holds on it stands in its own :politicas.",
        "Remove one of them.",
        _edge(_HTTP),
        f':contratos ((:de "cart" :para "catalog" {_HTTP})'
        f' (:de "cart" :para "catalog" {_HTTP} :politicas (:retries 2)))',
    ),
    Rule(
        "contrato-endpoint-empty",
        Where.APLICACAO,
        "An endpoint is not empty.",
        "Write it.",
        _edge(_HTTP),
        _edge(':wit "wasi:http/proxy" :endpoint ""'),
    ),
    Rule(
        "contrato-endpoint-not-absolute",
        Where.APLICACAO,
        "An endpoint begins with a slash.",
        "Put a / before it.",
        _edge(_HTTP),
        _edge(':wit "wasi:http/proxy" :endpoint "products"'),
        mends=True,
    ),
    Rule(
        "contrato-endpoint-invalid",
        Where.APLICACAO,
        "An endpoint is the path of a URL.",
        "Leave out blanks, `?` and `#`.",
        _edge(_HTTP),
        _edge(':wit "wasi:http/proxy" :endpoint "/products?id=1"'),
    ),
    Rule(
        "contrato-method-unused",
        Where.APLICACAO,
        "Only an HTTP contract has a method.",
        "Remove it.",
        _edge(f"{_HTTP} :method GET"),
        _edge(':wit "nats:orders" :subject "orders" :method GET'),
        mends=True,
    ),
    Rule(
        "contrato-subject-empty",
        Where.APLICACAO,
        "A subject is not empty.",
        "Write it.",
        _edge(':wit "nats:orders" :subject "orders"'),
        _edge(':wit "nats:orders" :subject ""'),
    ),
    Rule(
        "contrato-subject-invalid",
        Where.APLICACAO,
        "A subject is words joined by dots, without blanks; `*` stands for one, a last `>` for the rest.",
        'Write it as in "orders.charged".',
        _edge(':wit "nats:orders" :subject "orders.*.charged"'),
        _edge(':wit "nats:orders" :subject "orders..charged"'),
    ),
    Rule(
        "contrato-slot-empty",
        Where.APLICACAO,
        "The slot of a store is not empty.",
        "Write it.",
        _edge(':wit "kv:store" :slot "sessions"'),
        _edge(':wit "kv:store" :slot ""'),
    ),
    Rule(
        "contrato-slot-invalid",
        Where.APLICACAO,
        "The slot of a store is words joined by dots, without blanks.",
        'Write it as in "sessions".',
        _edge(':wit "kv:store" :slot "sessions"'),
        _edge(':wit "kv:store" :slot "my sessions"'),
    ),
)

_ENTRANCE: Final = (
    Rule(
        "entrada-member-missing",
        Where.APLICACAO,
        "The entrance leads to a member of the mesh.",
        "Name a member, or add one to :membros.",
        _DOOR.format(""),
        ':entrada (:host "shop.example" :para "cat")',
        mends=True,
        is_april=True,
    ),
    Rule(
        "empty-entrada-host",
        Where.APLICACAO,
        "The entrance has a host name.",
        'Write it, as in "shop.example".',
        _DOOR.format(""),
        ':entrada (:host "" :para "cart")',
        is_april=True,
    ),
    Rule(
        "entrada-host-invalid",
        Where.APLICACAO,
        "A host is DNS labels joined by dots, at most 253 characters; the first label may be `*`.",
        'Write it as in "shop.example".',
        _DOOR.format(""),
        ':entrada (:host "my shop" :para "cart")',
    ),
    Rule(
        "entrada-path-empty",
        Where.APLICACAO,
        "A path of the entrance is not empty.",
        'Write it as in "/api".',
        _DOOR.format(' :paths ("/api")'),
        _DOOR.format(' :paths ("")'),
    ),
    Rule(
        "entrada-path-not-absolute",
        Where.APLICACAO,
        "A path of the entrance begins with a slash.",
        "Put a / before it.",
        _DOOR.format(' :paths ("/api")'),
        _DOOR.format(' :paths ("api")'),
        mends=True,
    ),
    Rule(
        "entrada-path-invalid",
        Where.APLICACAO,
        "A path of the entrance is the path of a URL.",
        "Leave out blanks, `?` and `#`.",
        _DOOR.format(' :paths ("/api")'),
        _DOOR.format(' :paths ("/api#top")'),
    ),
    Rule(
        "entrada-path-duplicate",
        Where.APLICACAO,
        "A path of the entrance is listed once.",
        "Remove one of them.",
        _DOOR.format(' :paths ("/api" "/shop")'),
        _DOOR.format(' :paths ("/api" "/api")'),
        mends=True,
    ),
)

_PLACES: Final = (
    Rule(
        "placement-without-clusters",
        Where.APLICACAO,
        "A mesh runs on the clusters that are named.",
        'Add :placement (:clusters ("rio")).',
        ':placement (:clusters ("rio"))',
        ":placement ()",
        is_april=True,
    ),
    Rule(
        "cluster-duplicate",
        Where.APLICACAO,
        "A cluster is listed once.",
        "Remove one of them.",
        ':placement (:clusters ("rio" "mar"))',
        ':placement (:clusters ("rio" "rio"))',
        mends=True,
    ),
    Rule(
        "placement-affinity-empty",
        Where.APLICACAO,
        "An affinity is not empty.",
        "Write it, or leave :affinity out.",
        ':placement (:clusters ("rio") :affinity "data-locality")',
        ':placement (:clusters ("rio") :affinity "")',
    ),
    Rule(
        "sharded-without-key",
        Where.APLICACAO,
        "A Sharded placement has the key by which entities are spread.",
        'Add :shard-key "$tenantId".',
        ':placement (:estrategia Sharded :clusters ("rio") :shard-key "$tenantId")',
        ':placement (:estrategia Sharded :clusters ("rio"))',
        is_april=True,
    ),
    Rule(
        "sharded-key-empty",
        Where.APLICACAO,
        "A shard key is not empty.",
        "Write it.",
        ':placement (:estrategia Sharded :clusters ("rio") :shard-key "$tenantId")',
        ':placement (:estrategia Sharded :clusters ("rio") :shard-key "")',
    ),
    Rule(
        "shard-key-on-non-sharded",
        Where.APLICACAO,
        "Only a Sharded placement spreads entities by a key.",
        "Remove :shard-key, or write :estrategia Sharded.",
        ':placement (:estrategia Sharded :clusters ("rio") :shard-key "$tenantId")',
        ':placement (:clusters ("rio") :shard-key "$tenantId")',
    ),
)

MESH: Final = _MEMBERS + _CONTRACTS + _ENTRANCE + _PLACES
