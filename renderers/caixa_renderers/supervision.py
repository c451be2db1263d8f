"""A Supervisor as objects: the Tree that names strategy and children, and the children's units (defect G16).

`Tree` is `wasm.pleme.io/v1alpha1`, beside ComputeUnit; its spec is the supervisor's view in JSON (section 1.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.codecs import print_duration
from caixa.manifest.model import Caixa, Child, Kind
from caixa.manifest.supervisor import supervisor_view

from . import computeunit, yaml
from .artifact import DEFAULTS, Artifact, Members, Options, Rendering, nobody
from .errors import MalformedYaml, NotASupervisor, RenderError
from .names import label_value

if TYPE_CHECKING:
    from caixa.lisp.source import Span
    from caixa.manifest.package import Package

__all__ = ["SUPERVISOR", "render", "tree"]

SUPERVISOR = "pleme.pleme.io/supervisor"


def tree(caixa: Caixa, namespace: str = computeunit.DEFAULT_NAMESPACE) -> dict[str, Any]:
    """Return the Tree object. Raises `NotASupervisor`."""
    view = supervisor_view(caixa)
    if view is None:
        raise NotASupervisor(caixa.nome, caixa.kind)
    spec = {
        "estrategia": str(view.estrategia),
        "maxRestarts": view.max_restarts,
        **({"restartWindow": print_duration(view.restart_window)} if view.restart_window else {}),
        "children": [_child(child) for child in view.children],
    }
    return {
        "apiVersion": computeunit.API_VERSION,
        "kind": "Tree",
        "metadata": {
            "name": caixa.nome,
            "namespace": namespace,
            "labels": {SUPERVISOR: label_value(caixa.nome)},
        },
        "spec": spec,
    }


def render(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the Tree, then the unit of each child that resolves to a Servico.

    A child that is a Supervisor itself is rendered by its own package. Raises `NotASupervisor`.
    """
    caixa = package.caixa
    document = tree(caixa, options.namespace)
    name = f"{caixa.nome}.tree.yaml"
    whole = Rendering((Artifact(name, name, (document,), yaml.dump(document), "manifests"),))
    for index, child in enumerate(caixa.children):
        whole += _unit(caixa, child, members, options, package.reading.span_of("children", index))
    return whole


def _child(child: Child) -> dict[str, str]:
    return {"caixa": child.caixa, "versao": child.versao, "restart": str(child.restart)}


def _unit(caixa: Caixa, child: Child, members: Members, options: Options, span: Span | None) -> Rendering:
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
    return Rendering(tuple(_owned(artifact, caixa) for artifact in rendered.artifacts), rendered.findings)


def _owned(artifact: Artifact, caixa: Caixa) -> Artifact:
    (unit,) = artifact.objects
    metadata = unit["metadata"] | {"labels": unit["metadata"]["labels"] | {SUPERVISOR: label_value(caixa.nome)}}
    whole = unit | {"metadata": metadata}
    return Artifact(artifact.name, artifact.path, (whole,), yaml.dump(whole), artifact.kind)


def _unresolved(child: Child, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "child-unresolved",
        Severity.ERROR,
        span,
        f"{child.caixa} {child.versao} is not here, so the tree names a unit that is not rendered with it",
        why="a supervisor starts its children; one that is nowhere cannot start",
        fix=f"define {child.caixa} in this session or directory, at a version that {child.versao} takes",
        data={"caixa": child.caixa, "versao": child.versao},
    )
