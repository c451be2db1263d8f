"""Proof 1: no member waits for itself (substrate.md section 4.1, G4).

Every contract but one over a broker makes its caller wait. Proved by an order in which each caller comes before
what it calls; refuted by a closed path.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from caixa.manifest.aplicacao import find_cycle
from caixa.manifest.model import Kind

from .model import Proof, Standing, not_checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from .case import Case

__all__ = ["CLAIM", "NAME", "prove"]

NAME = "cycle"
CLAIM = "no call waits for itself"


def prove(case: Case) -> Proof:
    """Look for an order of the members, or for a cycle."""
    caixa = case.caixa
    if caixa.kind is not Kind.APLICACAO:
        return not_checked(NAME, CLAIM, f"{caixa.kind.indefinite} has no contracts")
    calls: dict[str, set[str]] = {membro.caixa: set() for membro in caixa.membros}
    for contrato in caixa.contratos:
        if contrato.shape.is_synchronous:
            calls.setdefault(contrato.de, set()).add(contrato.para)
    cycle = find_cycle(calls)
    if cycle is not None:
        path = " → ".join(cycle)
        return Proof(NAME, CLAIM, Standing.REFUTED, f"a closed path: {path}", certificate={"cycle": cycle})
    order = _order(calls)
    because = f"an order in which calls only go forward: {_short(order)}"
    return Proof(NAME, CLAIM, Standing.PROVED, because, certificate={"order": order})


def _order(calls: Mapping[str, Set[str]]) -> list[str]:
    """Return the names with every caller before what it calls, else in the order of the manifest."""
    waiting = dict.fromkeys(calls, 0)
    for targets in calls.values():
        for target in targets:
            waiting[target] = waiting.get(target, 0) + 1
    ready = deque(name for name, count in waiting.items() if not count)
    order: list[str] = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for target in sorted(calls.get(name, ())):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order


def _short(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:7])} … {names[-1]}"
