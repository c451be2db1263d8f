"""A Supervisor as objects: the Tree that names strategy and children, and the children's units (defect G16).

`Tree` is `wasm.pleme.io/v1alpha1`, beside ComputeUnit; its spec is the supervisor's view in JSON (section 1.3),
and what the manifest says for people is in its annotations. A unit says in `spec.supervisor` which tree starts
it, where in the order, and when it is restarted.

An owner reference holds the uid of the owner, which the API server gives it when it is created: a wrong one
makes the garbage collector delete the unit. So a rendered file has none; `owned` sets it once the Tree exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.codecs import print_duration
from caixa.manifest.model import Caixa, Child, Kind
from caixa.manifest.profile import Profile
from caixa.manifest.slots import CAIXA
from caixa.manifest.supervisor import supervisor_view

from . import yaml
from .artifact import DEFAULTS, Artifact, Members, Options, Rendering, nobody
from .errors import MalformedYaml, MissingField, NotASupervisor, RenderError
from .names import PACKAGE, label_value
from .servico import computeunit

if TYPE_CHECKING:
    from caixa.lisp.source import Span
    from caixa.manifest.package import Package
    from caixa.manifest.shapes import Shape

__all__ = ["ANNOTATIONS", "SUPERVISOR", "owned", "render", "tree"]

SUPERVISOR: Final = "pleme.pleme.io/supervisor"
ANNOTATIONS: Final = "caixa.pleme.io/"
_IDENTITY: Final = frozenset(("nome", "versao", "kind"))


def tree(
    caixa: Caixa, namespace: str = computeunit.DEFAULT_NAMESPACE, package_label: str | None = None
) -> dict[str, Any]:
    """Return the Tree object. Raises `NotASupervisor`.

    Without `:restart-window` it has none either: restarts are then never forgotten.
    """
    view = supervisor_view(caixa)
    if view is None:
        raise NotASupervisor(caixa.nome, caixa.kind)
    spec = {
        "versao": caixa.versao,
        "estrategia": str(view.estrategia),
        "maxRestarts": view.max_restarts,
        **({"restartWindow": print_duration(view.restart_window)} if view.restart_window else {}),
        "children": [_child(child) for child in view.children],
    }
    annotations = _annotations(caixa)
    metadata = {
        "name": caixa.nome,
        "namespace": namespace,
        "labels": {SUPERVISOR: label_value(caixa.nome)} | ({PACKAGE: package_label} if package_label else {}),
        **({"annotations": annotations} if annotations else {}),
    }
    return {"apiVersion": computeunit.API_VERSION, "kind": "Tree", "metadata": metadata, "spec": spec}


def render(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the Tree, then the unit of each child that resolves to a Servico.

    A child that is a Supervisor itself is rendered by its own package. Raises `NotASupervisor`.
    """
    caixa = package.caixa
    document = tree(caixa, options.namespace, computeunit.package_label_of(package))
    name = f"{caixa.nome}.tree.yaml"
    whole = Rendering((Artifact(name, name, (document,), yaml.dump(document), "manifests"),))
    for index in range(len(caixa.children)):
        whole += _unit(caixa, index, members, options, package.reading.span_of("children", index))
    units = whole.objects[1:]
    return whole + Rendering(
        findings=(_ownership(caixa, package.reading.span_of("children")),) if units else ()
    )


def owned(units: Iterable[Mapping[str, Any]], owner: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the units with a reference to `owner`, the Tree as the API server has it: their controller.

    Then deleting the tree deletes its units; a unit of another tree stays as it is. Raises `MissingField` for a
    Tree that has no uid yet.
    """
    metadata = owner["metadata"]
    if not metadata.get("uid"):
        raise MissingField("metadata.uid", f"the Tree {metadata['name']}, which the cluster does not know yet,")
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return tuple(
        {**unit, "metadata": {**unit["metadata"], "ownerReferences": [reference]}}
        if unit["spec"].get("supervisor", {}).get("tree") == metadata["name"]
        else dict(unit)
        for unit in units
    )


def _child(child: Child) -> dict[str, str]:
    return {"caixa": child.caixa, "versao": child.versao, "restart": str(child.restart)}


def _annotations(caixa: Caixa) -> dict[str, str]:
    """Return what every kind may say and no field of the spec holds: texts as they are, lists as JSON."""
    return {
        f"{ANNOTATIONS}{slot.json_name}": value if isinstance(value, str) else _compact(slot.shape, value)
        for slot, value in CAIXA.written(caixa)
        if not slot.kinds and slot.keyword not in _IDENTITY and value
    }


def _compact(shape: Shape, value: Any) -> str:
    return json.dumps(shape.to_json(value, Profile.STRICT), separators=(",", ":"), ensure_ascii=False)


def _unit(caixa: Caixa, index: int, members: Members, options: Options, span: Span | None) -> Rendering:
    child = caixa.children[index]
    package = members(child.caixa, child.versao)
    if package is None:
        return Rendering(findings=(_unresolved(child, span),))
    if package.caixa.kind is Kind.SUPERVISOR:
        return Rendering()
    try:
        rendered = computeunit.render(package, namespace=options.namespace)
    except RenderError as error:
        sources = (error.source,) if isinstance(error, MalformedYaml) else ()
        return Rendering((), error.diagnostics, sources)
    return Rendering(
        tuple(_supervised(artifact, caixa, index) for artifact in rendered.artifacts), rendered.findings
    )


def _supervised(artifact: Artifact, caixa: Caixa, index: int) -> Artifact:
    (unit,) = artifact.objects
    metadata = unit["metadata"] | {"labels": unit["metadata"]["labels"] | {SUPERVISOR: label_value(caixa.nome)}}
    place = {"tree": caixa.nome, "restart": str(caixa.children[index].restart), "position": index}
    whole = unit | {"metadata": metadata, "spec": unit["spec"] | {"supervisor": place}}
    return Artifact(artifact.name, artifact.path, (whole,), yaml.dump(whole), artifact.kind)


def _ownership(caixa: Caixa, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "owner-reference-pending",
        Severity.INFO,
        span,
        f"the units do not refer to their owner, the Tree {caixa.nome}, yet",
        why="an owner reference holds the owner's uid, which the cluster gives it when it is created",
        fix="the operator sets it by spec.supervisor; deleting the tree before that leaves its units",
        data={"tree": caixa.nome},
    )


def _unresolved(child: Child, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "child-unresolved",
        Severity.ERROR,
        span,
        f"{child.caixa} {child.versao} is not here, so the tree names a unit that is not rendered with it",
        why="a supervisor starts its children; one that is nowhere cannot start",
        fix=f"say where it is with --members DIR, or define it here, at a version that {child.versao} takes",
        data={"caixa": child.caixa, "versao": child.versao},
    )
