"""Reading and validating a mesh of 1,000 members and 5,000 contracts, and of up to ten times as many.

The peer of a row is the smallest mesh, scaled up: 1x is exactly linear. Process time, since it is our own work
that may not grow faster than the manifest; the best of a few, since a busy machine only ever adds.
"""

from __future__ import annotations

import time

from harness import Row, Target, main

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest

MEMBERS, CONTRACTS_EACH = 1_000, 5
SCALES = (1, 2, 5, 10)
LIMIT = 1.0  # seconds at 1x


def mesh(members: int) -> str:
    """A mesh whose calls only go to members further on, so that no cycle ends the search early."""
    membros = "\n".join(f'    (:caixa "member-{at}" :versao "^0.1")' for at in range(members))
    edges = (edge(at, members) for at in range(members * CONTRACTS_EACH))
    contratos = "\n".join(
        f'    (:de "member-{de}" :para "member-{para}" :wit "wasi:http/proxy" :endpoint "/r{at}/:id")'
        for at, (de, para) in enumerate(edges)
    )
    return (
        f'(defcaixa\n  :nome "shop"\n  :versao "0.1.0"\n  :kind Aplicacao\n  :membros (\n{membros})\n'
        f'  :contratos (\n{contratos})\n  :placement (:clusters ("rio")))\n'
    )


def edge(at: int, members: int) -> tuple[int, int]:
    de = at % (members - 1)
    return de, de + 1 + at * 7919 % (members - 1 - de)


def read_once(text: str) -> float:
    """Seconds of this process to read a manifest and find nothing wrong with it."""
    begun = time.process_time()
    reading = read_manifest(Source("caixa.lisp", text))
    took = time.process_time() - begun
    assert reading.diagnostics == (), reading.diagnostics[:3]
    return took


def measure(*, quick: bool) -> list[Row]:
    runs = 1 if quick else 3
    took = {}
    for scale in SCALES[:2] if quick else SCALES:
        text = mesh(MEMBERS * scale)
        took[scale] = min(read_once(text) for _ in range(runs))
    return [row(scale, seconds, took[1] * scale) for scale, seconds in took.items()]


def row(scale: int, seconds: float, linear: float) -> Row:
    members = MEMBERS * scale
    title = f"read and validate {members:,} members, {members * CONTRACTS_EACH:,} contracts"
    reach, prize = Target(1.5, LIMIT * scale), Target(1.2, LIMIT * scale / 2)
    return Row(title, "s", seconds, linear, reach, prize, "the peer is the smallest mesh, scaled up")


if __name__ == "__main__":
    main(measure)
