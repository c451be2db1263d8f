"""Valid meshes for property tests, the awkward names among them."""

from __future__ import annotations

from hypothesis import strategies as st

from caixa.manifest.model import (
    Caixa,
    CircuitBreaker,
    Contrato,
    Entrada,
    HttpMethod,
    Kind,
    Membro,
    Placement,
    PlacementEstrategia,
    Politicas,
    RateLimit,
)

NAMES = ("a", "b", "to", "a-to-b", "b-to-a", "to-b", "cart", "catalog", "m" * 63, "entrada", "default-deny")
PATHS = ("/", "/products/:id", "/v1.0/x", "/a+b/(c)", "/:a/:b")
SECOND = 10**9


@st.composite
def aplicacoes(draw: st.DrawFn) -> Caixa:
    """Return a mesh without a cycle of synchronous calls: those go from earlier members to later ones."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    contratos = draw(st.lists(_contratos(names), max_size=8, unique=True)) if len(names) > 1 else []
    return Caixa(
        nome=draw(st.sampled_from(("shop", "a", "x-to-y", "n" * 63))),
        versao="0.1.0",
        kind=Kind.APLICACAO,
        membros=tuple(Membro(name, "^0.1") for name in names),
        contratos=tuple(contratos),
        politicas=draw(st.none() | _politicas()),
        placement=draw(_placements()),
        entrada=draw(st.none() | _entradas(names)),
    )


@st.composite
def _contratos(draw: st.DrawFn, names: list[str]) -> Contrato:
    at = draw(st.integers(0, len(names) - 2))
    de, para = names[at], names[draw(st.integers(at + 1, len(names) - 1))]
    match draw(st.sampled_from(("http", "nats", "kv", "capability"))):
        case "http":
            endpoint, method = draw(st.sampled_from(PATHS)), draw(st.none() | st.sampled_from(HttpMethod))
            own = draw(st.none() | _politicas())
            return Contrato(de, para, "wasi:http/proxy", endpoint=endpoint, method=method, politicas=own)
        case "nats":
            return Contrato(para, de, "nats:pub-sub", subject="orders.charged")
        case "kv":
            return Contrato(de, para, "wasi:keyvalue/store", slot="sessions")
        case _:
            return Contrato(de, para, "acme:thing/go")


def _politicas() -> st.SearchStrategy[Politicas]:
    return st.builds(
        Politicas,
        timeout=st.none() | st.integers(1, 10**16),
        retries=st.none() | st.integers(1, 10),
        circuit_breaker=st.none() | st.just(CircuitBreaker(5, 60 * SECOND)),
        mtls_required=st.none() | st.booleans(),
        rate_limit=st.none() | st.just(RateLimit(100, 1)),
    )


def _placements() -> st.SearchStrategy[Placement]:
    clusters = st.lists(st.sampled_from(("rio", "mar", "plo")), min_size=1, max_size=3, unique=True).map(tuple)
    plain = st.sampled_from((PlacementEstrategia.REPLICATED, PlacementEstrategia.SINGLE_NODE))
    sharded = st.builds(Placement, st.just(PlacementEstrategia.SHARDED), clusters, shard_key=st.just("$tenant"))
    return st.builds(Placement, plain, clusters, st.none() | st.just("data-locality")) | sharded


def _entradas(names: list[str]) -> st.SearchStrategy[Entrada]:
    paths = st.lists(st.sampled_from(("/", "/api", "/api/cart")), max_size=3, unique=True).map(tuple)
    return st.builds(Entrada, st.just("shop.quero.cloud"), st.sampled_from(names), paths, st.integers(1, 65535))
