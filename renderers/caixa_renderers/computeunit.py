"""The ComputeUnit of a Servico: read from its file, or proposed, and completed with the typed slots.

The object is `wasm.pleme.io/v1alpha1 ComputeUnit` (substrate.md section 1.6). Whatever the manifest types
(limits, behaviour, upgrades, capabilities, state) is carried into it, unless the file says its own.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source
from caixa.manifest.json import to_json
from caixa.manifest.model import Caixa, Kind

from . import yaml
from .artifact import Artifact, Rendering
from .errors import MalformedYaml, MissingComputeUnit, MissingField, NotAServico, UnsupportedServicoCount
from .names import PROGRAM, SHAPE, label_value, membership
from .urls import image_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caixa.manifest.package import Package

__all__ = [
    "API_VERSION",
    "DEFAULT_NAMESPACE",
    "DEFAULT_PORT",
    "complete",
    "findings",
    "load",
    "propose",
    "read",
    "render",
    "service_port",
    "servico_path",
    "spec_of",
    "typed_slots",
]

API_VERSION = "wasm.pleme.io/v1alpha1"
DEFAULT_NAMESPACE = "tatara-system"
DEFAULT_PORT = 8080

# What the manifest types and whoever runs the unit has to know.
_CARRIED = (
    "limits",
    "behavior",
    "upgradeFrom",
    "capabilities",
    "stateSchema",
    "schemaMigrations",
    "snapshot",
    "receiveState",
    "activation",
    "onCapabilityMiss",
)
# The trigger decides the shape (substrate.md section 1.7).
_SHAPES = {
    "oneShot": "program",
    "cron": "job",
    "service": "service",
    "event": "function",
    "watch": "controller",
}


def servico_path(caixa: Caixa) -> str:
    """Return the path of the one ComputeUnit.

    Raises `NotAServico`, then `UnsupportedServicoCount` (the preconditions of caixa.md section 4.1, in its
    order).
    """
    if caixa.kind is not Kind.SERVICO:
        raise NotAServico(caixa.nome, caixa.kind)
    if len(caixa.servicos) != 1:
        raise UnsupportedServicoCount(caixa.nome, len(caixa.servicos))
    return caixa.servicos[0]


def spec_of(caixa: Caixa, unit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the string-keyed entries of the unit's `spec`, in order; raises as section 4.1 demands."""
    path = servico_path(caixa)
    spec = unit.get("spec")
    if not isinstance(spec, dict):
        raise MissingField("spec", path)
    return {key: value for key, value in spec.items() if isinstance(key, str)}


def read(package: Package) -> dict[str, Any]:
    """Return the ComputeUnit as the package's file has it.

    Raises `NotAServico`, `UnsupportedServicoCount`, `MissingComputeUnit` or `MalformedYaml` (with the place).
    """
    path = posixpath.normpath(servico_path(package.caixa))
    data = package.files.get(path)
    if data is None:
        raise MissingComputeUnit(path, package.reading.span_of("servicos"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(path, data.decode("utf-8", "replace"))
        at = len(data[: error.start].decode("utf-8", "replace"))
        raise MalformedYaml(source, "the file is not UTF-8", source.span(at, at + 1)) from error
    return yaml.load(Source(path, text))


def load(package: Package) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """Return the ComputeUnit of the package's file, or the proposal for it with a warning that says so."""
    try:
        unit = read(package)
    except MissingComputeUnit as missing:
        return propose(package.caixa), (_proposed(missing),)
    return unit, findings(package.caixa, unit)


def propose(caixa: Caixa) -> dict[str, Any]:
    """Return a ComputeUnit for a Servico that has none yet: an HTTP service running its repository's module."""
    unit = {
        "apiVersion": API_VERSION,
        "kind": "ComputeUnit",
        "metadata": {"name": caixa.nome},
        "spec": {
            "module": {"source": _module_source(caixa)},
            "trigger": {"service": {"port": DEFAULT_PORT, "paths": ["/"]}},
            "capabilities": list(caixa.capabilities) or [f"http-in:0.0.0.0:{DEFAULT_PORT}"],
        },
    }
    return complete(caixa, unit)


def complete(
    caixa: Caixa, unit: Mapping[str, Any], *, aplicacao: str | None = None, namespace: str | None = None
) -> dict[str, Any]:
    """Return the unit as it is applied: named, labelled, and with the typed slots that its `spec` does not set.

    `aplicacao` is the mesh that it is rendered for: policies select pods by that label. `namespace` wins over
    the unit's own, since a mesh lies in one.
    """
    spec = unit.get("spec")
    if not isinstance(spec, dict):
        raise MissingField("spec", f"the ComputeUnit of {caixa.nome}")
    metadata = dict(unit.get("metadata") or {})
    metadata.setdefault("name", caixa.nome)
    metadata["namespace"] = namespace or metadata.get("namespace") or DEFAULT_NAMESPACE
    metadata["labels"] = _labels(caixa, spec, aplicacao) | dict(metadata.get("labels") or {})
    if aplicacao:
        metadata["labels"] |= membership(caixa.nome, aplicacao)
    rest = {key: value for key, value in unit.items() if key not in ("apiVersion", "kind", "metadata", "spec")}
    head = {"apiVersion": unit.get("apiVersion", API_VERSION), "kind": unit.get("kind", "ComputeUnit")}
    return head | {"metadata": metadata, "spec": spec | _unset(caixa, spec)} | rest


def typed_slots(caixa: Caixa) -> dict[str, Any]:
    """Return the slots that a ComputeUnit carries in their JSON forms, those that are set and not empty."""
    slots = to_json(caixa)
    return {key: slots[key] for key in _CARRIED if slots.get(key)}


def service_port(unit: Mapping[str, Any]) -> int | None:
    """Return the port that the unit's service trigger listens on, or None if it serves nothing."""
    trigger = _mapping(_mapping(unit.get("spec")).get("trigger"))
    if "service" not in trigger:
        return None
    port = _mapping(trigger["service"]).get("port", DEFAULT_PORT)
    return port if isinstance(port, int) else DEFAULT_PORT


def findings(caixa: Caixa, unit: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what the fleet chart would refuse (no module, not exactly one trigger), and a grant said twice."""
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
    triggers = [key for key in _mapping(spec.get("trigger")) if key in _SHAPES]
    if len(triggers) != 1:
        listed = ", ".join(_SHAPES)
        shown = f"{len(triggers)} triggers" if triggers else "no trigger"
        found.append(_refused("computeunit-trigger", path, shown, f"keep exactly one of {listed}"))
    granted = spec.get("capabilities")
    if caixa.capabilities and granted is not None and granted != list(caixa.capabilities):
        found.append(_overridden(path))
    return tuple(found)


def render(package: Package, *, aplicacao: str | None = None, namespace: str | None = None) -> Rendering:
    """Render the ComputeUnit of a Servico as one file, `<nome>.computeunit.yaml`."""
    unit, found = load(package)
    whole = complete(package.caixa, unit, aplicacao=aplicacao, namespace=namespace)
    name = f"{package.caixa.nome}.computeunit.yaml"
    return Rendering((Artifact(name, name, (whole,), yaml.dump(whole), "manifests"),), found)


def _labels(caixa: Caixa, spec: Mapping[str, Any], aplicacao: str | None) -> dict[str, str]:
    labels = membership(caixa.nome, aplicacao) if aplicacao else {PROGRAM: label_value(caixa.nome)}
    shapes = [_SHAPES[key] for key in _mapping(spec.get("trigger")) if key in _SHAPES]
    return labels | ({SHAPE: shapes[0]} if len(shapes) == 1 else {})


def _unset(caixa: Caixa, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in typed_slots(caixa).items() if key not in spec}


def _module_source(caixa: Caixa) -> str:
    image = caixa.repositorio and image_reference(caixa.repositorio, caixa.versao)
    return image or f"./{caixa.nome}.wasm"


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _proposed(missing: MissingComputeUnit) -> Diagnostic:
    return Diagnostic(
        "computeunit-proposed",
        Severity.WARNING,
        missing.diagnostic.span,
        f"{missing.path} is not in the package; what is shown is a proposal for it",
        why="the ComputeUnit says which module runs, on which trigger, with which capabilities",
        fix=f"write {missing.path}: the proposal is a beginning",
        data={"path": missing.path},
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


def _refused(code: str, path: str, what: str, fix: str) -> Diagnostic:
    why = "the fleet chart fails on an entry without a module or without exactly one trigger"
    return Diagnostic(code, Severity.ERROR, None, f"{path} has {what}", why=why, fix=f"{fix} in {path}")
