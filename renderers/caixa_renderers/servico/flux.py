"""What a GitOps repository gets: the fleet's entry, its upsert, three Flux objects (caixa.md section 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caixa.manifest.model import Kind

from .. import yaml
from ..artifact import DEFAULTS, Artifact, Options, Rendering
from ..errors import MissingField, NotAServico
from ..urls import git_url
from . import computeunit
from .helm import chart_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

__all__ = [
    "bundle",
    "git_repository",
    "helm_release",
    "kustomization",
    "program",
    "programs_artifact",
    "programs_entry",
    "render",
    "upsert_helm_release",
    "upsert_values",
]

_ORGANISATION = "https://github.com/pleme-io"


def program(
    caixa: Caixa,
    unit: Mapping[str, Any],
    namespace: str = computeunit.DEFAULT_NAMESPACE,
    package_label: str | None = None,
) -> dict[str, Any]:
    """Return the fleet's entry for a unit: name, namespace, its spec, then the typed slots it does not set.

    `namespace` is what a unit without one gets. Beyond section 4.2 the entry ends with the unit's own labels
    and annotations, and with `package_label`. Raises `NotAServico`, `UnsupportedServicoCount`, `MissingField`.
    """
    spec = computeunit.spec_of(caixa, unit)
    metadata = unit.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, dict) else None
    entry = {"name": caixa.nome, "namespace": own or namespace} | spec
    rest = computeunit.typed_slots(caixa) | computeunit.head_of(caixa, unit, package_label)
    return entry | {key: value for key, value in rest.items() if key not in entry}


def programs_entry(package: Package, options: Options = DEFAULTS) -> dict[str, Any]:
    """Return the fleet's entry for a Servico package."""
    unit, _ = computeunit.load(package)
    return program(package.caixa, unit, options.namespace, computeunit.package_label_of(package))


def upsert_values(document: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the chart values with `entry` in `programs`, and whether it is new there.

    The first entry of that name is replaced where it stands, else the entry goes last; nothing else changes.
    Raises `MissingField` if the entry has no name or the document is of another shape.
    """
    name = entry.get("name")
    if not isinstance(name, str):
        raise MissingField("name", "the programs entry")
    if not isinstance(document, dict):
        raise MissingField("a mapping", "the values document")
    programs = document.get("programs")
    if programs is not None and not isinstance(programs, list):
        raise MissingField("programs (a sequence)", "the values document")
    replaced, inserted = _upsert(programs or [], name, dict(entry))
    return {**document, "programs": replaced}, inserted


def upsert_helm_release(document: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the HelmRelease with `entry` in `spec.values.programs`, and whether it is new there."""
    if not isinstance(document, dict):
        raise MissingField("a mapping", "the HelmRelease")
    spec = document.get("spec")
    if not isinstance(spec, dict):
        raise MissingField("spec", "the HelmRelease")
    values = {} if spec.get("values") is None else spec["values"]
    if not isinstance(values, dict):
        raise MissingField("spec.values (a mapping)", "the HelmRelease")
    changed, inserted = upsert_values(values, entry)
    return {**document, "spec": {**spec, "values": changed}}, inserted


def git_repository(caixa: Caixa, options: Options = DEFAULTS) -> dict[str, Any]:
    """Return the GitRepository at which Flux fetches the caixa's release: an address, never a shorthand."""
    url = caixa.repositorio and git_url(caixa.repositorio)
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": caixa.nome, "namespace": options.namespace},
        "spec": {
            "interval": options.interval,
            "url": url or f"{_ORGANISATION}/{caixa.nome}",
            "ref": {"tag": f"v{caixa.versao}"},
        },
    }


def helm_release(caixa: Caixa, options: Options = DEFAULTS) -> dict[str, Any]:
    """Return the HelmRelease of the chart in the caixa's repository, where `feira chart` writes it (G26)."""
    chart = options.chart_path or f".caixa/chart/{chart_name(caixa)}"
    source = {"kind": "GitRepository", "name": caixa.nome, "namespace": options.namespace}
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": caixa.nome, "namespace": options.namespace},
        "spec": {
            "interval": options.interval,
            "chart": {"spec": {"chart": chart, "sourceRef": source}},
            "install": {"createNamespace": True, "remediation": {"retries": 3}},
            "upgrade": {"remediation": {"retries": 3, "remediateLastFailure": True}},
            "values": {options.dependency.alias or options.dependency.name: {"enabled": True}},
        },
    }


def kustomization(caixa: Caixa, cluster: str, options: Options = DEFAULTS) -> dict[str, Any]:
    """Return the Kustomization by which `cluster` takes the two others; it waits for a healthy release."""
    release = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "name": caixa.nome,
        "namespace": options.namespace,
    }
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": caixa.nome, "namespace": "flux-system"},
        "spec": {
            "interval": options.interval,
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
            "path": f"./clusters/{cluster}/services/{caixa.nome}",
            "healthChecks": [release],
            "timeout": "5m",
        },
    }


def bundle(caixa: Caixa, cluster: str, options: Options = DEFAULTS) -> tuple[Artifact, ...]:
    """Return the three Flux objects as files of `services/<nome>/` in the cluster's directory.

    Raises `NotAServico`.
    """
    if caixa.kind is not Kind.SERVICO:
        raise NotAServico(caixa.nome, caixa.kind)
    documents = {
        "gitrepository.yaml": git_repository(caixa, options),
        "helmrelease.yaml": helm_release(caixa, options),
        # `kustomization.yaml` is kustomize's own file, which Flux would then take this object for.
        "flux-kustomization.yaml": kustomization(caixa, cluster, options),
    }
    return tuple(_bundled(caixa, cluster, name, document) for name, document in documents.items())


def programs_artifact(nome: str, entries: Sequence[dict[str, Any]], clusters: tuple[str, ...] = ()) -> Artifact:
    """Return the entries as the Helm values that the fleet chart takes: they are no Kubernetes object."""
    values = {"programs": list(entries)}
    notice = (
        f"Values of lareira-fleet-programs: upsert these into the cluster's release.\nGenerated from {nome}."
    )
    text = yaml.dump(values, comment=notice)
    return Artifact("programs", f"programs/{nome}.yaml", (values,), text, "programs", clusters)


def render(package: Package, options: Options = DEFAULTS, read: computeunit.Loaded | None = None) -> Rendering:
    """Render a Servico's programs entry, and for a cluster also the three Flux objects.

    `read` spares reading the unit again.
    """
    unit, found, label = read or computeunit.loaded(package)
    caixa = package.caixa
    whole = program(caixa, unit, options.namespace, label)
    entry = programs_artifact(caixa.nome, (whole,))
    trio = bundle(caixa, options.cluster, options) if options.cluster else ()
    return Rendering((entry, *trio), found)


def _upsert(programs: list[Any], name: str, entry: dict[str, Any]) -> tuple[list[Any], bool]:
    for index, program_ in enumerate(programs):
        if isinstance(program_, dict) and program_.get("name") == name:
            return [*programs[:index], entry, *programs[index + 1 :]], False
    return [*programs, entry], True


def _bundled(caixa: Caixa, cluster: str, name: str, document: dict[str, Any]) -> Artifact:
    text = "---\n" + yaml.dump(document, comment=f"Generated from {caixa.nome} {caixa.versao}.")
    return Artifact(name, f"services/{caixa.nome}/{name}", (document,), text, "flux", (cluster,))
