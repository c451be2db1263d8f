"""Proof `cycle`: an order of the members in which calls go forward, or a closed path of calls."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from .case import Case, shape

__all__ = ["problem"]


def problem(case: Case, proof: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the order, or with the path."""
    certificate, standing = proof["certificate"], proof["standing"]
    if not case.is_mesh or certificate is None:
        nothing = not case.is_mesh and certificate is None and standing == "not checked"
        return None if nothing else "a mesh has calls, and nothing else has"
    calls = {(each["de"], each["para"]) for each in case.contracts if shape(each) != "PubSub"}
    if set(certificate) == {"order"} and standing == "proved":
        return _order(case, certificate["order"], calls)
    if set(certificate) == {"cycle"} and standing == "refuted":
        return _cycle(certificate["cycle"], calls)
    return f"{' and '.join(certificate) or 'nothing'} does not make it {standing}"


def _order(case: Case, order: list[str], calls: set[tuple[str, str]]) -> str | None:
    if sorted(order) != sorted({*case.members, *(end for call in calls for end in call)}):
        return "the order is not one of the members, each once"
    at = {name: index for index, name in enumerate(order)}
    for caller, callee in sorted(calls):
        if at[caller] >= at[callee]:
            return f"{caller} calls {callee}, and does not come before it"
    return None


def _cycle(cycle: list[str], calls: set[tuple[str, str]]) -> str | None:
    if len(cycle) < 2 or cycle[0] != cycle[-1]:
        return "the path is not closed"
    for step in pairwise(cycle):
        if step not in calls:
            return f"{step[0]} does not call {step[1]}"
    return None
