"""Meshes of any size for the tests of pictures, the same for the same words."""

from __future__ import annotations

import random

from caixa.manifest.model import Caixa, Contrato, Entrada, Kind, Membro, Placement, PlacementEstrategia

FAMILIES = (
    "billing",
    "cart",
    "catalog",
    "identity",
    "search",
    "shipping",
    "media",
    "ledger",
    "notify",
    "report",
)


def mesh(size: int, *, families: bool = False, seed: int = 1) -> Caixa:
    """Return a mesh of `size` members in which calls go to later ones, and events back to earlier ones."""
    chance = random.Random(seed)
    names = [_name(at, size, families) for at in range(size)]
    pairs: set[tuple[int, int, str]] = set()
    while len(pairs) < size * 8 // 5:
        at = chance.randrange(size - 1)
        other = min(size - 1, at + 1 + int(chance.expovariate(12 / (size + 12))))
        pairs.add((at, other, chance.choice(("http", "nats", "kv"))))
    return Caixa(
        nome=f"mesh{size}",
        versao="0.1.0",
        kind=Kind.APLICACAO,
        membros=tuple(Membro(name, "^0.1") for name in names),
        contratos=tuple(_contrato(names[at], names[other], shape) for at, other, shape in sorted(pairs)),
        placement=Placement(PlacementEstrategia.REPLICATED, ("rio", "mar")),
        entrada=Entrada("shop.quero.cloud", names[0], ("/",), 8080),
    )


def _name(at: int, size: int, families: bool) -> str:
    return f"{FAMILIES[at * len(FAMILIES) // size]}-{at:03}" if families else f"m{at:03}"


def _contrato(de: str, para: str, shape: str) -> Contrato:
    match shape:
        case "http":
            return Contrato(de, para, "wasi:http/proxy", endpoint=f"/v1/{para}/:id")
        case "nats":
            return Contrato(para, de, "nats:pub-sub", subject=f"{para}.changed")
    return Contrato(de, para, "wasi:keyvalue/store", slot="s")
