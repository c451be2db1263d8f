"""Hypothesis strategies for caixas of every kind, from the model alone."""

from __future__ import annotations

from hypothesis import strategies as st

from caixa.manifest import model
from caixa.manifest.model import Caixa, Kind

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
OPTIONAL = st.none() | TEXT
MILLISECONDS = st.integers(0, 10**10).map(lambda count: count * 10**6)
U32 = st.integers(0, 2**32 - 1)

FONTE = st.builds(model.PathFonte, TEXT) | st.builds(model.GitFonte, TEXT, OPTIONAL, OPTIONAL, OPTIONAL)
DEP = st.builds(model.Dep, TEXT, TEXT, st.none() | FONTE, st.booleans(), TEXTS)
LIMITS = st.builds(
    model.Limits,
    st.none() | st.integers(0, 2**64 - 1),
    st.none() | st.integers(0, 2**63 - 1),
    st.none() | MILLISECONDS | st.integers(0, 10**12),
    st.none() | U32,
)
BEHAVIOR = st.builds(model.Behavior, *[OPTIONAL] * 6)
INSTRUCTION = st.one_of(
    st.builds(model.LoadModule, TEXT),
    st.builds(model.StateChange, TEXT),
    st.builds(model.SoftPurge, TEXT),
    st.builds(model.Purge, TEXT),
    st.just(model.Restart()),
)
UPGRADE = st.builds(model.UpgradeFrom, TEXT, st.lists(INSTRUCTION, max_size=3).map(tuple))
LITERAL = st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
STATE_FIELD = st.builds(model.StateField, TEXT, st.sampled_from(model.StateType), st.none() | LITERAL, OPTIONAL)
MIGRATION = st.builds(model.Migration, TEXT, TEXT, TEXT, OPTIONAL)
CHILD = st.builds(model.Child, TEXT, TEXT, st.sampled_from(model.RestartKind))
POLITICAS = st.builds(
    model.Politicas,
    st.none() | MILLISECONDS,
    st.none() | U32,
    st.none() | st.builds(model.CircuitBreaker, U32, MILLISECONDS),
    st.none() | st.booleans(),
    st.none() | st.builds(model.RateLimit, U32, st.sampled_from([1, 60, 3600])),
)
METHOD = st.none() | st.sampled_from(model.HttpMethod)
CONTRATO = st.builds(
    model.Contrato, TEXT, TEXT, TEXT, OPTIONAL, OPTIONAL, OPTIONAL, METHOD, st.none() | POLITICAS
)
PLACEMENT = st.builds(model.Placement, st.sampled_from(model.PlacementEstrategia), TEXTS, OPTIONAL, OPTIONAL)
ENTRADA = st.builds(model.Entrada, TEXT, TEXT, TEXTS, st.integers(0, 65535))

_COMMON = {
    "nome": TEXT,
    "versao": TEXT,
    "edicao": OPTIONAL,
    "descricao": OPTIONAL,
    "repositorio": OPTIONAL,
    "licenca": OPTIONAL,
    "autores": TEXTS,
    "etiquetas": TEXTS,
    "deps": st.lists(DEP, max_size=2).map(tuple),
    "deps_dev": st.lists(DEP, max_size=1).map(tuple),
}
_CODE = {
    "bibliotecas": TEXTS,
    "limits": st.none() | LIMITS,
    "behavior": st.none() | BEHAVIOR,
    "upgrade_from": st.lists(UPGRADE, max_size=2).map(tuple),
}
_BY_KIND = {
    Kind.BIBLIOTECA: _CODE,
    Kind.BINARIO: _CODE | {"exe": TEXTS, "capabilities": TEXTS},
    Kind.SERVICO: _CODE
    | {
        "servicos": TEXTS,
        "capabilities": TEXTS,
        "state_schema": st.lists(STATE_FIELD, max_size=2).map(tuple),
        "schema_migrations": st.lists(MIGRATION, max_size=2).map(tuple),
        "snapshot": OPTIONAL,
        "receive_state": OPTIONAL,
        "activation": st.none() | st.sampled_from(model.Activation),
        "on_capability_miss": OPTIONAL,
    },
    Kind.SUPERVISOR: {
        "estrategia": st.none() | st.sampled_from(model.Estrategia),
        "max_restarts": st.none() | U32,
        "restart_window": OPTIONAL,
        "children": st.lists(CHILD, max_size=3).map(tuple),
    },
    Kind.APLICACAO: {
        "membros": st.lists(st.builds(model.Membro, TEXT, TEXT), max_size=3).map(tuple),
        "contratos": st.lists(CONTRATO, max_size=3).map(tuple),
        "politicas": st.none() | POLITICAS,
        "placement": st.none() | PLACEMENT,
        "entrada": st.none() | ENTRADA,
    },
}


def caixas(kind: Kind) -> st.SearchStrategy[Caixa]:
    """Caixas of one kind, with any text in any place."""
    return st.builds(Caixa, kind=st.just(kind), **_COMMON, **_BY_KIND[kind])
