"""What is wrong with a ComputeUnit as its file has it: what the charts would refuse, and what is said twice."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity

from ..slot_schema import closed
from .conformance import departures
from .unit_schema import SHAPES, spec_properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from caixa.manifest.model import Caixa

__all__ = ["findings"]


def findings(caixa: Caixa, unit: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what the charts would refuse: no module, not exactly one trigger, a field that there is not."""
    spec = unit.get("spec")
    if not isinstance(spec, dict):
        return ()  # a missing field, which `spec_of` raises
    path = caixa.servicos[0] if caixa.servicos else caixa.nome
    module = _mapping(spec.get("module"))
    found = []
    if not (module.get("source") or module.get("oci")):
        found.append(
            _refused("computeunit-module", path, "no spec.module.source", "add `module: {source: URL}`")
        )
    triggers = [key for key in _mapping(spec.get("trigger")) if key in SHAPES]
    if len(triggers) != 1:
        listed = ", ".join(SHAPES)
        shown = f"{len(triggers)} triggers" if triggers else "no trigger"
        found.append(_refused("computeunit-trigger", path, shown, f"keep exactly one of {listed}"))
    found.extend(_departures(spec, path))
    name = _mapping(unit.get("metadata")).get("name", caixa.nome)
    if name != caixa.nome:
        found.append(_misnamed(caixa.nome, name, path))
    granted = spec.get("capabilities")
    if caixa.capabilities and granted is not None and granted != list(caixa.capabilities):
        found.append(_overridden(path))
    return tuple(found)


@cache
def _fields() -> dict[str, Any]:
    """Return the schema of a spec, without the two demands that `findings` states in better words."""
    fields = spec_properties()
    fields["module"].pop("anyOf")
    return closed(fields)


def _departures(spec: Mapping[str, Any], path: str) -> Iterator[Diagnostic]:
    for where, message, fix in departures(spec, _fields(), "spec"):
        why = "the charts take no other, and a cluster with strict validation refuses it"
        yield Diagnostic(
            "computeunit-field",
            Severity.ERROR,
            None,
            f"{path}, {where}: {message}",
            why=why,
            fix=fix,
            data={"path": path, "field": where},
        )


def _overridden(path: str) -> Diagnostic:
    return Diagnostic(
        "capabilities-overridden",
        Severity.WARNING,
        None,
        f"{path} grants other capabilities than the manifest's :capabilities",
        why="the file's win, so what the manifest says is not what is granted",
        fix=f"say them once: take `capabilities` out of {path}",
        data={"path": path},
    )


def _misnamed(nome: str, name: object, path: str) -> Diagnostic:
    return Diagnostic(
        "computeunit-name",
        Severity.WARNING,
        None,
        f"{path} calls the unit {name}, and it is rendered as {nome}",
        why="entries of the fleet, policies, routes and Services know a program by the name of its caixa",
        fix=f"write `name: {nome}`, or leave metadata.name out",
        data={"path": path, "name": name, "nome": nome},
    )


def _refused(code: str, path: str, what: str, fix: str) -> Diagnostic:
    why = "the fleet chart fails on an entry without a module or without exactly one trigger"
    return Diagnostic(code, Severity.ERROR, None, f"{path} has {what}", why=why, fix=f"{fix} in {path}")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
