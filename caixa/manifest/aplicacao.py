"""Meshes: the rules of caixa.md section 2.4, every breach of them at its own place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from itertools import count
from typing import Any, Final

from caixa.lisp.diagnostics import Diagnostic

from .decoding import closest
from .ground import Ground
from .model import Caixa, Contrato, ContratoShape, Kind, Placement, PlacementEstrategia
from .reading import Path

__all__ = ["check_aplicacao", "find_cycle", "target_of"]

_MOST_GUESSES: Final = 20  # looking for what a name was meant to be costs as much as there are members


def check_aplicacao(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what section 2.4 refuses, in its order."""
    if caixa.kind is not Kind.APLICACAO:
        return
    names = {membro.caixa for membro in caixa.membros}
    whole = ground.is_whole("membros")
    if not names and whole:
        yield ground.error(
            "no-membros",
            ("membros",),
            f"{caixa.nome} is an Aplicacao without members",
        )
    guesses = count()
    for index, contrato in enumerate(caixa.contratos):
        if whole:
            yield from _check_members(index, contrato, names, guesses, ground)
        yield from _check_payload(index, contrato, ground)
    yield from _check_cycle(caixa.contratos, ground)
    yield from _check_entrada(caixa, names if whole else None, ground)
    if ground.is_whole("placement"):
        yield from _check_placement(caixa.placement or Placement(), ground)


def _check_members(
    index: int, contrato: Contrato, names: Set[str], guesses: Iterator[int], ground: Ground
) -> Iterator[Diagnostic]:
    for end, name in (("de", contrato.de), ("para", contrato.para)):
        if name not in names:
            known = names if next(guesses) < _MOST_GUESSES else ()
            yield _not_a_member(
                "contrato-member-missing", ("contratos", index, end), name, known, ground, caixa=name
            )


def _not_a_member(
    code: str, path: Path, name: str, names: Collection[str], ground: Ground, **data: Any
) -> Diagnostic:
    near = closest(name, names)
    return ground.error(
        code,
        path,
        f'"{name}" is not a member',
        fix=f'Did you mean "{near}"?' if near else f'Add (:caixa "{name}" :versao "*") to :membros.',
        rewrite=f'"{near}"' if near else None,
        **data,
    )


def target_of(contrato: Contrato, path: Path = (), ground: Ground | None = None) -> Diagnostic | None:
    """Return what is wrong with the payload of a contract, or None; its shape allows one slot (section 1.3)."""
    ground = ground or Ground()
    wanted = contrato.shape.payload_slot
    present = [slot for slot in ("endpoint", "subject", "slot") if getattr(contrato, slot) is not None]
    data: dict[str, Any] = {
        "de": contrato.de,
        "para": contrato.para,
        "wit": contrato.wit,
        "expected": wanted or "none",
    }
    wrong = [slot for slot in present if slot != wanted]
    if wrong:
        fix = f"Write :{wanted} instead." if wanted else f"Remove :{wrong[0]}."
        return ground.error(
            "contrato-wrong-target",
            (*path, wrong[0]),
            f"a {contrato.wit} contract has no :{wrong[0]}",
            why=f"Its shape is {contrato.shape}, which takes {f':{wanted} alone' if wanted else 'no target'}.",
            fix=fix,
            edits=ground.removal((*path, wrong[0])) if wanted in present or not wanted else (),
            **data,
        )
    if wanted and not present:
        return ground.error(
            "contrato-missing-target",
            path,
            f"the contract {contrato.de} → {contrato.para} has no :{wanted}",
            why=f"{contrato.wit} makes it {contrato.shape}.",
            fix=f"Add :{wanted}.",
            **data,
        )
    return None


def _check_payload(index: int, contrato: Contrato, ground: Ground) -> Iterator[Diagnostic]:
    path: Path = ("contratos", index)
    if not contrato.wit:
        yield ground.error(
            "empty-wit",
            (*path, "wit"),
            f"the contract {contrato.de} → {contrato.para} names no WIT world",
            de=contrato.de,
            para=contrato.para,
        )
        return
    problem = target_of(contrato, path, ground)
    if problem:
        yield problem


def _check_cycle(contratos: Sequence[Contrato], ground: Ground) -> Iterator[Diagnostic]:
    edges: dict[str, set[str]] = {}
    for contrato in contratos:
        if contrato.shape.is_synchronous:
            edges.setdefault(contrato.de, set()).add(contrato.para)
    cycle = find_cycle(edges)
    if cycle:
        closing = next(
            index
            for index, each in enumerate(contratos)
            if (each.de, each.para) == (cycle[-2], cycle[-1]) and each.shape is not ContratoShape.PUBSUB
        )
        yield ground.error(
            "contrato-cycle",
            ("contratos", closing),
            f"calls go round in a circle: {' → '.join(cycle)}",
            cycle=cycle,
        )


def find_cycle(edges: Mapping[str, Set[str]]) -> list[str] | None:
    """Return the first cycle of a depth-first search, as `[x, …, x]`, or None.

    Roots and neighbours are taken in sorted order (section 2.4). The path is kept here, not on Python's stack.
    """
    done: set[str] = set()
    for root in sorted(edges):
        trail = [root]
        at = {root: 0}
        waiting = [iter(sorted(edges[root]))] if root not in done else []
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
                finished = trail.pop()
                at.pop(finished)
                done.add(finished)
            elif node in at:
                return [*trail[at[node] :], node]
            elif node not in done:
                at[node] = len(trail)
                trail.append(node)
                waiting.append(iter(sorted(edges.get(node, ()))))
    return None


def _check_entrada(caixa: Caixa, names: Set[str] | None, ground: Ground) -> Iterator[Diagnostic]:
    entrada = caixa.entrada
    if entrada is None:
        return
    if names is not None and entrada.para not in names:
        path = ("entrada", "para")
        yield _not_a_member("entrada-member-missing", path, entrada.para, names, ground, para=entrada.para)
    if not entrada.host:
        yield ground.error("empty-entrada-host", ("entrada", "host"), "the entrada has no host")


def _check_placement(placement: Placement, ground: Ground) -> Iterator[Diagnostic]:
    sharded = placement.estrategia is PlacementEstrategia.SHARDED
    if sharded and placement.shard_key is None:
        yield ground.error(
            "sharded-without-key",
            ("placement",),
            "a Sharded placement has no :shard-key",
        )
    if not placement.clusters and (ground.is_strict or not sharded):
        yield ground.error(
            "placement-without-clusters",
            ("placement",),
            f"a {placement.estrategia} placement names no cluster",
            estrategia=placement.estrategia.value,
        )
