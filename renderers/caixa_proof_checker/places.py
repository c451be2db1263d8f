"""Proof `locality`: what ties a member to one node, against the placement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .case import Case

__all__ = ["rows"]

_SINGLETON = "activation Singleton"


def rows(case: Case) -> list[dict[str, Any]] | None:
    """Return what the certificate has to say; None for what has no placement."""
    if not case.is_mesh:
        return None
    placement = case.manifest.get("placement") or {}
    strategy = placement.get("estrategia", "Replicated")
    several = len(placement.get("clusters") or ()) > 1
    found: list[dict[str, Any]] = []
    for member in case.members:
        if member not in case.units:
            found.append({"member": member, "state": None, "holds": None})
            continue
        tokens = case.tokens(member) or []
        state = [each for each in tokens if re.fullmatch(r"fs:.+:rw", each)]
        state += _volumes(case.units[member], "")
        if case.manifests.get(member, {}).get("activation") == "Singleton":
            state.append(_SINGLETON)
        refuted = bool(state) if strategy == "Sharded" else (
            strategy == "Replicated" and several and _SINGLETON in state
        )  # fmt: skip
        found.append({"member": member, "state": state, "holds": not refuted})
    return found


def _volumes(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        modes = value.get("accessModes")
        if isinstance(modes, list) and ("ReadWriteOnce" in modes or "ReadWriteOncePod" in modes):
            yield f"volume {path or '/'}"
        if "hostPath" in value:
            yield f"volume {path}/hostPath"
        for key, inner in value.items():
            yield from _volumes(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _volumes(inner, f"{path}/{at}")
