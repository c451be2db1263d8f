"""The rules of section 2: meshes, supervisors, layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .registry import APRIL, Outcome, caixa_of, failure, operation, pascal


@operation("aplicacao_validate")
def _aplicacao_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import check_aplicacao

    return _first(check_aplicacao(caixa_of(given["src"]), _april_ground()))


@operation("supervisor_validate")
def _supervisor_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import check_supervisor

    return _first(check_supervisor(caixa_of(given["src"]), _april_ground())) | _supervisor_view(given)


@operation("supervisor_view")
def _supervisor_view(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import supervisor_view

    view = supervisor_view(caixa_of(given["src"]))
    return {"view": view and _view_json(view)}


@operation("supervisor_default")
def _supervisor_default(_given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import SupervisorSpec

    return {"view": _view_json(SupervisorSpec())}


def _view_json(view: Any) -> dict[str, Any]:
    from caixa.manifest.codecs import print_duration
    from caixa.manifest.slots import CHILD

    window = (
        {} if view.restart_window is None else {"restartWindow": print_duration(view.restart_window, APRIL)}
    )
    children = [CHILD.to_json(child, APRIL) for child in view.children]
    return {
        "estrategia": view.estrategia.value,
        "maxRestarts": view.max_restarts,
        **window,
        "children": children,
    }


@operation("contrato_target")
def _contrato_target(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import target_of
    from caixa.manifest.json import record_from_json
    from caixa.manifest.slots import CONTRATO

    contrato = record_from_json(CONTRATO, given["contrato"], APRIL)
    found = target_of(contrato)
    if found:
        return failure(found)
    shape = contrato.shape.value
    return {"target": shape if contrato.payload is None else {shape: contrato.payload}}


@operation("layout_verify")
def _layout_verify(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import check_aplicacao
    from caixa.manifest.layout import verify
    from caixa.manifest.supervisor import check_supervisor

    caixa, ground = caixa_of(given["src"]), _april_ground()
    found = verify(caixa, given["exists"].__contains__, ground)
    if found:
        return _rooted(failure(found[0]), given["root"])
    for rules in (check_supervisor, check_aplicacao):
        for issue in rules(caixa, ground):
            cause = pascal(issue.code)
            return {"ok": False, "error": f"{caixa.kind}Violation", "caixa": caixa.nome, "cause": cause}
    return {}


def _rooted(outcome: Outcome, root: str) -> Outcome:
    """Return the outcome with its paths as the older system says them: below the root."""
    paths = {"path", "expected"} | (
        {"value"} if "path" in outcome and outcome["value"] == outcome["path"] else set()
    )
    return {key: f"{root}/{value}" if key in paths else value for key, value in outcome.items()}


def _april_ground() -> Any:
    from caixa.manifest.ground import Ground

    return Ground(profile=APRIL)


def _first(findings: Any) -> Outcome:
    found = next(iter(findings), None)
    return failure(found) if found else {}
