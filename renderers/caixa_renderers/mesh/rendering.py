"""An Aplicacao as what clusters take: members for the fleet, objects that enforce it (caixa.md section 4.3).

The members' entries are Helm values and the manifests are Kubernetes objects; they never share a file (G4).
What the members' own manifests say (module, trigger, port) is fetched through `Members` (G5).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.aplicacao import check_aplicacao
from caixa.manifest.ground import Ground
from caixa.manifest.model import Caixa, Kind
from caixa.manifest.profile import Profile

from .. import yaml
from ..artifact import DEFAULTS, Artifact, Members, Options, Rendering, nobody
from ..errors import InvalidAplicacao, NotAnAplicacao
from ..names import CHANNEL
from ..servico import computeunit, flux
from .aplicacao import aplicacao
from .calls import Means, callees, means_of
from .enforcement import not_enforced
from .envoy import envoy_config
from .gateway import gateway
from .members import UNKNOWN, Member, Roster, findings_of, resolve, roster, sources_of
from .placement import clusters_of, groups_of, placement_of, with_shard
from .policy import policies
from .routes import call_routes

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = [
    "clusters_of",
    "manifests",
    "program",
    "programs",
    "render",
    "render_all",
    "render_programs",
    "render_units",
    "render_whole",
]


def programs(
    caixa: Caixa, members: Members = nobody, namespace: str = computeunit.DEFAULT_NAMESPACE
) -> tuple[dict[str, Any], ...]:
    """Return one fleet entry for each member, in order, with its own module and trigger where it resolves.

    These are those of the first group of clusters. Raises `NotAnAplicacao`.
    """
    _demand_aplicacao(caixa)
    found = resolve(caixa, members)
    return _entries(caixa, found, namespace, groups_of(caixa)[0])


def manifests(caixa: Caixa, options: Options = DEFAULTS, known: Roster = UNKNOWN) -> tuple[dict[str, Any], ...]:
    """Return the Kubernetes objects that enforce the mesh. Raises `NotAnAplicacao`, `InvalidAplicacao`.

    They are the policies of the network, what stands in front of each callee, and the entrance.
    """
    _demand_aplicacao(caixa)
    calls = _calls(caixa, known, options)
    return (*policies(caixa, known, options), *calls, *gateway(caixa, options))


def render_all(
    caixa: Caixa, members: Members = nobody, options: Options = DEFAULTS
) -> tuple[dict[str, Any], ...]:
    """Return everything in order: the members' entries, then the Kubernetes objects."""
    _demand_aplicacao(caixa)
    found = resolve(caixa, members)
    entries = _entries(caixa, found, options.namespace, groups_of(caixa)[0])
    return (*entries, *manifests(caixa, options, roster(found)))


def render(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the Aplicacao object and the manifests that enforce it, each a file that a cluster accepts whole.

    Raises `NotAnAplicacao`, or `InvalidAplicacao` with every error of the mesh.
    """
    found = _resolved(package, members)
    return Rendering(_files(package, found, options), _said(package, found, options), sources_of(found))


def render_programs(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the members' entries as values of the fleet's release, for each cluster of the placement."""
    found = _resolved(package, members)
    return Rendering(_fleets(package.caixa, found, options), findings_of(found), sources_of(found))


def render_whole(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the manifests and the members' entries, each member resolved once."""
    found = _resolved(package, members)
    artifacts = (*_files(package, found, options), *_fleets(package.caixa, found, options))
    return Rendering(artifacts, _said(package, found, options), sources_of(found))


def render_units(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the ComputeUnit of each member that resolves, labelled as part of the mesh."""
    caixa = package.caixa
    found = _resolved(package, members)
    where = clusters_of(caixa)
    artifacts = tuple(
        _unit_artifact(member.package.caixa, member, caixa.nome, options.namespace, where)
        for member in found
        if member.package is not None and member.unit is not None
    )
    return Rendering(artifacts, findings_of(found), sources_of(found))


def program(
    caixa: Caixa,
    member: Member,
    namespace: str = computeunit.DEFAULT_NAMESPACE,
    group: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the fleet entry of a member for a group of clusters.

    It is name, version, mesh and placement, then what the member's own manifest says. Its namespace is that of
    the mesh, since policies and routes only reach into their own.
    """
    nome, placement = member.membro.caixa, placement_of(caixa, group)
    head = {"name": nome, "versao": member.membro.versao, "aplicacao": caixa.nome, "placement": placement}
    if member.package is None or member.unit is None:
        return head
    entry = flux.program(member.package.caixa, member.unit, namespace, member.label)
    return with_shard(head | entry | head | {"namespace": namespace}, placement)


def _resolved(package: Package, members: Members) -> tuple[Member, ...]:
    _demand_aplicacao(package.caixa)
    return resolve(package.caixa, members, package.reading.span_of)


def _entries(
    caixa: Caixa, found: tuple[Member, ...], namespace: str, group: tuple[str, ...]
) -> tuple[dict[str, Any], ...]:
    return tuple(program(caixa, member, namespace, group) for member in found)


def _calls(caixa: Caixa, known: Roster, options: Options) -> Iterator[dict[str, Any]]:
    for callee in callees(caixa, known):
        match means_of(callee, options.channel):
            case Means.ROUTE:
                yield from call_routes(caixa.nome, callee, options.namespace, options.channel)
            case Means.ENVOY:
                yield envoy_config(caixa.nome, callee, options.namespace)


def _files(package: Package, found: tuple[Member, ...], options: Options) -> tuple[Artifact, Artifact]:
    caixa, where = package.caixa, clusters_of(package.caixa)
    declared = aplicacao(caixa, options.namespace, computeunit.package_label_of(package))
    documents = manifests(caixa, options, roster(found))
    needed = {each["metadata"]["labels"].get(CHANNEL) for each in documents}
    channel = "experimental" if "experimental" in needed else "standard"
    notice = f"Generated from {caixa.nome} {caixa.versao}. Gateway API: {channel} channel."
    text = yaml.dump_all(documents, comment=notice)
    folder = f"aplicacaos/{caixa.nome}"
    return (
        Artifact("manifests.yaml", f"{folder}/manifests.yaml", documents, text, "manifests", where),
        Artifact(
            "aplicacao.yaml", f"{folder}/aplicacao.yaml", (declared,), yaml.dump(declared), "manifests", where
        ),
    )


def _fleets(caixa: Caixa, found: tuple[Member, ...], options: Options) -> tuple[Artifact, ...]:
    groups = groups_of(caixa)
    return tuple(
        flux.programs_artifact(
            caixa.nome if len(groups) == 1 else f"{caixa.nome}.{group[0]}",
            _entries(caixa, found, options.namespace, group),
            group,
        )
        for group in groups
    )


def _said(package: Package, found: tuple[Member, ...], options: Options) -> tuple[Diagnostic, ...]:
    known = roster(found)
    lost = not_enforced(package.caixa, options, known, package.reading.span_of)
    return (*findings_of(found), *_wrong_port(package, known), *lost)


def _unit_artifact(
    caixa: Caixa, member: Member, aplicacao: str, namespace: str, clusters: tuple[str, ...]
) -> Artifact:
    assert member.unit is not None
    whole = computeunit.complete(
        caixa, member.unit, aplicacao=aplicacao, namespace=namespace, package_label=member.label
    )
    name = f"{caixa.nome}.computeunit.yaml"
    return Artifact(name, f"aplicacaos/{aplicacao}/{name}", (whole,), yaml.dump(whole), "manifests", clusters)


def _demand_aplicacao(caixa: Caixa) -> None:
    """Raise `NotAnAplicacao`, or `InvalidAplicacao` for a mesh that breaks a rule of section 2.4."""
    if caixa.kind is not Kind.APLICACAO:
        raise NotAnAplicacao(caixa.nome, caixa.kind)
    errors = tuple(
        finding for finding in check_aplicacao(caixa, Ground(profile=Profile.APRIL)) if finding.is_error
    )
    if errors:
        raise InvalidAplicacao(errors)


def _wrong_port(package: Package, known: Roster) -> tuple[Diagnostic, ...]:
    """Say if the entrance sends to another port than the one on which its member listens."""
    entrada = package.caixa.entrada
    listening = known.ports.get(entrada.para) if entrada else None
    if entrada is None or listening in (None, entrada.port):
        return ()
    return (
        Diagnostic(
            "entrada-port",
            Severity.WARNING,
            package.reading.span_of("entrada", "port"),
            f"the entrance sends to port {entrada.port}, and {entrada.para} listens on {listening}",
            why="the route names the port of the member's Service, and a request to another goes nowhere",
            fix=f"write :port {listening}",
            data={"port": entrada.port, "listening": listening},
        ),
    )
