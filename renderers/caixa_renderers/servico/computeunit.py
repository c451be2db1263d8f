"""The ComputeUnit of a Servico: read from its file, or proposed, and completed with the typed slots.

The object is `wasm.pleme.io/v1alpha1 ComputeUnit` (substrate.md section 1.6). Whatever the manifest types
(limits, behaviour, upgrades, capabilities, state) is carried into it, unless the file says its own; so are the
resources of its pods, and the labels by which policies and identities know it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from caixa.lacre.digest import label_digest
from caixa.lacre.package_digest import package_digest
from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source
from caixa.manifest.json import to_json
from caixa.manifest.model import Caixa, Kind

from .. import yaml
from ..artifact import Artifact, Rendering
from ..errors import (
    MalformedYaml,
    MissingComputeUnit,
    MissingField,
    NotAServico,
    RenderError,
    UnsupportedServicoCount,
)
from ..names import PACKAGE, PROGRAM, SHAPE, label_value, membership
from ..urls import image_reference
from .pod_resources import pod_resources
from .unit_findings import findings
from .unit_schema import CARRIED, SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caixa.manifest.package import Package

__all__ = [
    "API_VERSION",
    "DEFAULT_NAMESPACE",
    "DEFAULT_PORT",
    "Loaded",
    "complete",
    "granted",
    "head_of",
    "load",
    "loaded",
    "package_label_of",
    "propose",
    "read",
    "render",
    "service_port",
    "servico_path",
    "spec_of",
    "typed_slots",
    "unit_labels",
]

API_VERSION = "wasm.pleme.io/v1alpha1"
DEFAULT_NAMESPACE = "tatara-system"
DEFAULT_PORT = 8080


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


class Loaded(NamedTuple):
    """The unit of a package, what was found in it, and the package's label: read once for all renderers."""

    unit: dict[str, Any]
    findings: tuple[Diagnostic, ...]
    label: str


def loaded(package: Package) -> Loaded:
    """Return what every renderer of a Servico needs of its package. Raises as `load` does."""
    return Loaded(*load(package), package_label_of(package))


def propose(caixa: Caixa) -> dict[str, Any]:
    """Return a ComputeUnit for a Servico that has none yet: an HTTP service running its repository's module.

    It says what an author would write. What the form says follows when it is rendered, and so do namespace,
    labels and resources: written into the file, it would hide every later edit of the form.
    """
    spec: dict[str, Any] = {
        "module": {"source": _module_source(caixa)},
        "trigger": {"service": {"port": DEFAULT_PORT, "paths": ["/"]}},
    }
    if not caixa.capabilities:
        spec["capabilities"] = [f"http-in:0.0.0.0:{DEFAULT_PORT}"]
    head = {"apiVersion": API_VERSION, "kind": "ComputeUnit", "metadata": {"name": caixa.nome}}
    return head | {"spec": spec}


def complete(
    caixa: Caixa,
    unit: Mapping[str, Any],
    *,
    aplicacao: str | None = None,
    namespace: str | None = None,
    package_label: str | None = None,
) -> dict[str, Any]:
    """Return the unit as it is applied: named, labelled, with the typed slots and resources it does not set.

    `aplicacao` is the mesh that it is rendered for: policies select pods by that label. `namespace` wins over
    the unit's own, since a mesh lies in one. `package_label` is the package's digest as a label has it.
    """
    spec = unit.get("spec")
    if not isinstance(spec, dict):
        raise MissingField("spec", f"the ComputeUnit of {caixa.nome}")
    metadata = {**(unit.get("metadata") or {}), "name": caixa.nome}
    metadata["namespace"] = namespace or metadata.get("namespace") or DEFAULT_NAMESPACE
    metadata["labels"] = _labels(caixa, spec, aplicacao) | unit_labels(unit, package_label)
    if aplicacao:
        metadata["labels"] |= membership(caixa.nome, aplicacao)
    rest = {key: value for key, value in unit.items() if key not in ("apiVersion", "kind", "metadata", "spec")}
    head = {"apiVersion": unit.get("apiVersion", API_VERSION), "kind": unit.get("kind", "ComputeUnit")}
    whole = spec | _unset(caixa, spec)
    whole.setdefault("resources", pod_resources(_mapping(whole.get("limits"))))
    return head | {"metadata": metadata, "spec": whole} | rest


def unit_labels(unit: Mapping[str, Any], package_label: str | None = None) -> dict[str, str]:
    """Return the labels that the unit's file sets, and that of its package."""
    own = dict(_mapping(_mapping(unit.get("metadata")).get("labels")))
    return own | ({PACKAGE: package_label} if package_label else {})


def head_of(caixa: Caixa, unit: Mapping[str, Any], package_label: str | None = None) -> dict[str, Any]:
    """Return what the charts cannot know of a unit's metadata: the values `labels` and `annotations`."""
    metadata = _mapping(unit.get("metadata"))
    derived = _labels(caixa, _mapping(unit.get("spec")), None)
    labels = {
        key: value for key, value in unit_labels(unit, package_label).items() if derived.get(key) != value
    }
    annotations = _mapping(metadata.get("annotations"))
    return ({"labels": labels} if labels else {}) | ({"annotations": dict(annotations)} if annotations else {})


def package_label_of(package: Package) -> str:
    """Return the digest of a package as a label has it: 52 base32 characters (DESIGN section 6)."""
    return label_digest(package_digest(package))


def typed_slots(caixa: Caixa) -> dict[str, Any]:
    """Return the slots that a ComputeUnit carries in their JSON forms, those that are set and not empty."""
    slots = to_json(caixa)
    return {key: slots[key] for key in CARRIED if slots.get(key)}


def granted(package: Package) -> tuple[str, ...]:
    """Return the capability tokens of a Servico: its unit's, or the manifest's where no unit says any."""
    try:
        spec = _mapping(read(package).get("spec"))
    except RenderError:
        spec = {}
    tokens = spec.get("capabilities", package.caixa.capabilities)
    return (
        tuple(token for token in tokens if isinstance(token, str)) if isinstance(tokens, (list, tuple)) else ()
    )


def service_port(unit: Mapping[str, Any]) -> int | None:
    """Return the port that the unit's service trigger listens on, or None if it serves nothing."""
    trigger = _mapping(_mapping(unit.get("spec")).get("trigger"))
    if "service" not in trigger:
        return None
    port = _mapping(trigger["service"]).get("port", DEFAULT_PORT)
    return port if isinstance(port, int) else DEFAULT_PORT


def render(
    package: Package,
    *,
    namespace: str | None = None,
    usual_namespace: str = DEFAULT_NAMESPACE,
    read: Loaded | None = None,
) -> Rendering:
    """Render the ComputeUnit of a Servico as one file, `<nome>.computeunit.yaml`.

    `usual_namespace` is for a unit that names none, `namespace` for any. `read` spares reading the unit again.
    """
    unit, found, label = read or loaded(package)
    own = _mapping(unit.get("metadata")).get("namespace") or usual_namespace
    whole = complete(package.caixa, unit, namespace=namespace or own, package_label=label)
    name = f"{package.caixa.nome}.computeunit.yaml"
    return Rendering((Artifact(name, name, (whole,), yaml.dump(whole), "manifests"),), found)


def _labels(caixa: Caixa, spec: Mapping[str, Any], aplicacao: str | None) -> dict[str, str]:
    labels = membership(caixa.nome, aplicacao) if aplicacao else {PROGRAM: label_value(caixa.nome)}
    shapes = [SHAPES[key] for key in _mapping(spec.get("trigger")) if key in SHAPES]
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
