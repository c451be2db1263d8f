"""Proof `types`: what callers import against what callees export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .case import Case, mapping, shape

__all__ = ["rows"]

Row = dict[str, Any]


def rows(case: Case) -> list[Row] | None:
    """Return what the certificate has to say; None without contracts."""
    if not case.is_mesh or not case.contracts:
        return None
    found: list[Row] = []
    for index, contract in enumerate(case.contracts):
        kind = shape(contract)
        if kind == "Capability":
            found += _interface(case, index, contract)
            continue
        if kind == "Http":
            found.append(_endpoint(case, index, contract))
        found.append({"contract": index, "untyped": kind, "holds": None})
    return found


def _interface(case: Case, index: int, contract: Mapping[str, Any]) -> list[Row]:
    de, para, wit = contract["de"], contract["para"], contract["wit"]
    unbuilt = [name for name in (de, para) if name not in case.components]
    if unbuilt:
        return [{"contract": index, "unbuilt": unbuilt, "holds": None}]
    offered = {each["name"]: each for each in case.components[para]["exports"]}
    found: list[Row] = []
    for function in case.components[de]["imports"]:
        interface = function["name"].split("#")[0]
        if wit in (interface, interface.partition("@")[0]):
            found.append(_function(index, function, offered.get(function["name"])))
    return found or [{"contract": index, "interface": wit, "imported": [], "holds": False}]


def _function(index: int, wanted: Mapping[str, Any], offered: Mapping[str, Any] | None) -> Row:
    imported, exported = _written(wanted), None if offered is None else _written(offered)
    holds: bool | None = imported == exported
    if holds and not (wanted["plain"] and mapping(offered)["plain"]):
        holds = None
    row = {"contract": index, "function": wanted["name"], "imported": imported, "exported": exported}
    return row | {"holds": holds}


def _written(function: Mapping[str, Any]) -> str:
    params = ", ".join(f"{name}: {kind}" for name, kind in function["params"])
    return "(" + params + ")" + "".join(" -> " + each for each in function["results"])


def _endpoint(case: Case, index: int, contract: Mapping[str, Any]) -> Row:
    endpoint, para = contract.get("endpoint"), contract["para"]
    row: Row = {"contract": index, "endpoint": endpoint}
    if para not in case.units:
        return row | {"paths": None, "holds": None}
    trigger = mapping(mapping(case.units[para].get("spec")).get("trigger"))
    service = trigger.get("service")
    paths = [str(each) for each in service.get("paths") or ("/",)] if isinstance(service, Mapping) else []
    return row | {"paths": paths, "holds": any(_serves(path, endpoint or "") for path in paths)}


def _serves(path: str, endpoint: str) -> bool:
    """Whether `/a`, `/a/` or `/a/*` takes in an endpoint: it is that, or begins with `/a/`."""
    if endpoint == path:
        return True
    stem = path[:-1] if path.endswith("*") else path
    while stem.endswith("/"):
        stem = stem[:-1]
    return endpoint == stem or endpoint[: len(stem) + 1] == stem + "/"
