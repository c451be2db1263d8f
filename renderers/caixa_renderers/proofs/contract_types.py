"""Proof 4: what a caller's component imports is what the callee's exports (substrate.md section 4.1, G1).

For a contract over an interface of its own (`ns:package/interface`), every function of it that the caller
imports has to be exported by the callee under the same name, version included, and with the same types. The
types are those that wasmtime reads from the built components. WIT says nothing of what an HTTP body, a message
or a stored value holds, so of those nothing is claimed; an HTTP endpoint has to be one that the callee serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import ContratoShape, Kind

from .model import Proof, Row, not_checked, shown, standing_of

if TYPE_CHECKING:
    from caixa.manifest.model import Contrato

    from .case import Case, Function

__all__ = ["CLAIM", "NAME", "prove", "served"]

NAME = "types"
CLAIM = "callers import what callees export"
_UNTYPED = {
    ContratoShape.HTTP: "WIT says nothing of what an HTTP body holds",
    ContratoShape.PUBSUB: "WIT says nothing of what a message holds",
    ContratoShape.STORE: "WIT says nothing of what a store holds",
}


def prove(case: Case) -> Proof:
    """Compare the two ends of every contract."""
    if case.caixa.kind is not Kind.APLICACAO:
        return not_checked(NAME, CLAIM, f"{case.caixa.kind.indefinite} has no contracts")
    if not case.caixa.contratos:
        return not_checked(NAME, CLAIM, "there are no contracts")
    rows = [row for index, contrato in enumerate(case.caixa.contratos) for row in _rows(case, index, contrato)]
    lines = [_line(case, row) for row in rows if row["holds"] is not True or "function" in row]
    return Proof(NAME, CLAIM, standing_of(rows), _because(case, rows), shown(lines), {"rows": rows})


def _rows(case: Case, index: int, contrato: Contrato) -> Iterator[Row]:
    if contrato.shape is not ContratoShape.CAPABILITY:
        if contrato.shape is ContratoShape.HTTP:
            yield _endpoint_row(case, index, contrato)
        yield {"contract": index, "untyped": contrato.shape.value, "holds": None}
        return
    ends = [case.components.get(name) for name in (contrato.de, contrato.para)]
    missing = [name for name, end in zip((contrato.de, contrato.para), ends, strict=True) if end is None]
    caller, callee = ends
    if caller is None or callee is None:
        yield {"contract": index, "unbuilt": missing, "holds": None}
        return
    wanted = [each for each in caller.imports if _is_of(each.name, contrato.wit)]
    if not wanted:
        yield {"contract": index, "interface": contrato.wit, "imported": [], "holds": False}
    offered = {each.name: each for each in callee.exports}
    for function in wanted:
        yield _function_row(index, function, offered.get(function.name))


def _function_row(index: int, wanted: Function, offered: Function | None) -> Row:
    row: dict[str, Any] = {
        "contract": index,
        "function": wanted.name,
        "imported": _type(wanted),
        "exported": None if offered is None else _type(offered),
    }
    same = offered is not None and offered.type == wanted.type
    # Two resources of one name may be different ones: that they are the same is not seen in a type.
    known = offered is None or not same or (wanted.is_plain and offered.is_plain)
    return {**row, "holds": same if known else None}


def _endpoint_row(case: Case, index: int, contrato: Contrato) -> Row:
    unit = case.units.get(contrato.para)
    paths = None if unit is None else paths_of(unit)
    holds = None if paths is None else any(served(path, contrato.endpoint or "") for path in paths)
    return {"contract": index, "endpoint": contrato.endpoint, "paths": paths, "holds": holds}


def paths_of(unit: Mapping[str, Any]) -> list[str]:
    """Return the paths that a unit's service answers; all of them if it names none."""
    spec = unit.get("spec")
    trigger = spec.get("trigger") if isinstance(spec, Mapping) else None
    service = trigger.get("service") if isinstance(trigger, Mapping) else None
    if not isinstance(service, Mapping):
        return []
    return [str(each) for each in service.get("paths") or ("/",)]


def served(path: str, endpoint: str) -> bool:
    """Whether a path of a service takes in an endpoint: itself, or what lies below it."""
    stem = path.removesuffix("*").rstrip("/")
    return endpoint in (path, stem) or endpoint.startswith(f"{stem}/")


def _is_of(function: str, wit: str) -> bool:
    """Whether a function is of the interface `wit`, which need not say its version."""
    interface = function.partition("#")[0]
    return wit in (interface, interface.partition("@")[0])


def _type(function: Function) -> str:
    params = ", ".join(f"{name}: {kind}" for name, kind in function.params)
    return f"({params})" + "".join(f" -> {each}" for each in function.results)


def _line(case: Case, row: Row) -> str:
    contrato = case.caixa.contratos[row["contract"]]
    edge = f"{contrato.de} → {contrato.para}"
    if "untyped" in row:
        return f"{edge}: not checked, because {_UNTYPED[contrato.shape]}"
    if "unbuilt" in row:
        names = " and ".join(row["unbuilt"])
        has = "has" if len(row["unbuilt"]) == 1 else "have"
        return f"{edge}: not checked, because {names} {has} no built component"
    if "endpoint" in row:
        if row["holds"] is None:
            return f"{edge}: not checked, because no unit of {contrato.para} is here"
        return f"{edge}: {contrato.para} serves {', '.join(row['paths']) or 'nothing'}, not {row['endpoint']}"
    if "function" not in row:
        return f"{edge}: {contrato.de} imports nothing of {contrato.wit}"
    exported = row["exported"] or "nothing of that name"
    verdict = {True: "the same", False: "DRIFT", None: "not checked, because it passes resources"}[row["holds"]]
    return f"{edge} {row['function']}: imported {row['imported']}, exported {exported}: {verdict}"


def _because(case: Case, rows: Sequence[Row]) -> str:
    for standing in (False, None):
        for row in rows:
            if row["holds"] is standing:
                return _line(case, row)
    return f"{len(rows)} functions have the same types on both sides"
