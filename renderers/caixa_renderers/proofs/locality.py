"""Proof 3: no member keeps on one node what the placement spreads (substrate.md section 4.1, G3).

A member keeps state where it runs if it may write files (`fs:…:rw`), claims a volume that one node mounts, or is
declared the only one of its kind (`:activation Singleton`).

| placement | such a member |
|---|---|
| Sharded | refutes: an entity's state would be where its shard is not |
| Replicated on several clusters | a Singleton refutes, since each cluster runs one; other state is each cluster's own, which is said |
| SingleNode, or one cluster | is at home |
"""  # noqa: E501 - a table

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caixa.manifest.capability import Fs, parse_capability
from caixa.manifest.model import Activation, Kind, Placement, PlacementEstrategia

from .capabilities import tokens_of
from .model import Proof, Row, not_checked, shown, standing_of

if TYPE_CHECKING:
    from .case import Case

__all__ = ["CLAIM", "NAME", "prove"]

NAME = "locality"
CLAIM = "no member keeps on one node what the placement spreads"
SINGLETON = "activation Singleton"
_ONE_NODE = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})


def prove(case: Case) -> Proof:
    """Look in each member's unit and manifest for what ties it to a node."""
    caixa = case.caixa
    if caixa.kind is not Kind.APLICACAO:
        return not_checked(NAME, CLAIM, f"{caixa.kind.indefinite} has no placement")
    placement = caixa.placement or Placement()
    rows = [_row(case, member, placement) for member in case.members]
    lines = [line for row in rows if (line := _line(row))]
    return Proof(NAME, CLAIM, standing_of(rows), _because(placement, rows, lines), shown(lines), {"rows": rows})


def _row(case: Case, member: str, placement: Placement) -> Row:
    unit = case.units.get(member)
    if unit is None:
        return {"member": member, "state": None, "holds": None}
    package = case.packages.get(member)
    state = [*_tokens(unit), *_volumes(unit)]
    if package is not None and package.caixa.activation is Activation.SINGLETON:
        state.append(SINGLETON)
    return {"member": member, "state": state, "holds": _is_at_home(state, placement)}


def _is_at_home(state: Sequence[str], placement: Placement) -> bool:
    if placement.estrategia is PlacementEstrategia.SHARDED:
        return not state
    spread = placement.estrategia is PlacementEstrategia.REPLICATED and len(placement.clusters) > 1
    return not (spread and SINGLETON in state)


def _tokens(unit: Mapping[str, Any]) -> Iterator[str]:
    for token in tokens_of(unit):
        parsed = parse_capability(token)
        if isinstance(parsed, Fs) and parsed.is_writable:
            yield token


def _volumes(unit: Mapping[str, Any]) -> Iterator[str]:
    """Yield the volumes of one node anywhere in a unit, by the path of their place."""
    waiting: list[tuple[str, Any]] = [("", unit)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            modes = value.get("accessModes")
            if isinstance(modes, list) and _ONE_NODE & {str(each) for each in modes}:
                yield f"volume {path or '/'}"
            if "hostPath" in value:
                yield f"volume {path}/hostPath"
            waiting += [(f"{path}/{key}", each) for key, each in reversed(list(value.items()))]
        elif isinstance(value, list):
            waiting += [(f"{path}/{at}", each) for at, each in reversed(list(enumerate(value)))]


def _line(row: Row) -> str | None:
    if row["holds"] is None:
        return f"{row['member']}: not checked, because no unit of it is here"
    if not row["state"]:
        return None
    verdict = "is tied to a node" if row["holds"] is False else "keeps state of its own in each place"
    return f"{row['member']} {verdict}: {', '.join(row['state'])}"


def _because(placement: Placement, rows: Sequence[Row], lines: Sequence[str]) -> str:
    refuted = [_line(row) for row in rows if row["holds"] is False]
    if refuted or any(row["holds"] is None for row in rows):
        return str((refuted or lines)[0])
    tied = sum(bool(row["state"]) for row in rows)
    return (
        f"{placement.estrategia.value} on {len(placement.clusters)}: {tied} of {len(rows)} members keep state"
    )
