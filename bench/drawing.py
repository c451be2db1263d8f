"""A mesh of 50 members as SVG, in an engine that is warm."""

from __future__ import annotations

import random
import time

from harness import Row, Target, main, median

from caixa.manifest.model import Caixa, Contrato, Kind, Membro, Placement, PlacementEstrategia
from caixa.runtime.engine import Engine
from caixa_renderers.graph import fold, mesh_graph, to_svg

MEMBERS, CALLS = 50, 80


def mesh() -> Caixa:
    """A mesh in which calls go to later members, the same each time."""
    chance = random.Random(1)
    names = [f"m{number:03}" for number in range(MEMBERS)]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < CALLS:
        at = chance.randrange(MEMBERS - 1)
        pairs.add((names[at], names[min(MEMBERS - 1, at + 1 + int(chance.expovariate(0.2)))]))
    return Caixa(
        nome="drawn",
        versao="0.1.0",
        kind=Kind.APLICACAO,
        membros=tuple(Membro(name, "^0.1") for name in names),
        contratos=tuple(Contrato(de, para, "wasi:http/proxy", endpoint="/x") for de, para in sorted(pairs)),
        placement=Placement(PlacementEstrategia.REPLICATED, ("rio",)),
    )


def measure(*, quick: bool) -> list[Row]:
    caixa, engine = mesh(), Engine()
    try:
        engine.svg("digraph { a -> b }")
        samples = []
        for _ in range(3 if quick else 15):
            begun = time.perf_counter()
            svg = to_svg(fold(mesh_graph(caixa)).overview, engine.svg)
            samples.append((time.perf_counter() - begun) * 1000)
            assert svg.count("<title>") > MEMBERS
    finally:
        engine.close()
    note = f"{CALLS} contracts; Graphviz in wasm, warm"
    return [
        Row("picture of 50 members", "ms", median(samples), None, Target(limit=200), Target(limit=50), note)
    ]


if __name__ == "__main__":
    main(measure)
