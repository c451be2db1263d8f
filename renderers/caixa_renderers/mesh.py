"""An Aplicacao as what clusters take: members for the fleet, objects that enforce it (caixa.md section 4.3).

The members' entries are Helm values and the manifests are Kubernetes objects; they never share a file (G4).
What the members' own manifests say (module, trigger, port) is fetched through `Members` (G5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.aplicacao import check_aplicacao
from caixa.manifest.ground import Ground
from caixa.manifest.model import Caixa, Kind, PlacementEstrategia
from caixa.manifest.profile import Profile

from . import computeunit, flux, yaml
from .artifact import DEFAULTS, Artifact, Members, Options, Rendering, nobody
from .enforcement import not_enforced
from .errors import InvalidAplicacao, MalformedYaml, NotAnAplicacao, RenderError
from .gateway import gateway, needed_channel
from .policy import policies

if TYPE_CHECKING:
    from caixa.lisp.source import Source, Span
    from caixa.manifest.model import Membro
    from caixa.manifest.package import Package

__all__ = [
    "Member",
    "clusters_of",
    "manifests",
    "program",
    "programs",
    "render",
    "render_all",
    "render_programs",
    "render_units",
    "render_whole",
    "resolve",
]


@dataclass(frozen=True, slots=True)
class Member:
    """A member as far as it could be resolved: its package and unit, or None and what is wrong."""

    membro: Membro
    package: Package | None = None
    unit: dict[str, Any] | None = None
    findings: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


def programs(
    caixa: Caixa, members: Members = nobody, namespace: str = computeunit.DEFAULT_NAMESPACE
) -> tuple[dict[str, Any], ...]:
    """Return one fleet entry for each member, in order, with its own module and trigger where it resolves.

    Raises `NotAnAplicacao`.
    """
    return tuple(program(caixa, member, namespace) for member in resolve(caixa, members))


def manifests(
    caixa: Caixa, options: Options = DEFAULTS, ports: Mapping[str, int] | None = None
) -> tuple[dict[str, Any], ...]:
    """Return the Kubernetes objects of the mesh: policies, gateway and routes. Raises `NotAnAplicacao`."""
    _demand_aplicacao(caixa)
    namespace = options.namespace
    return (*policies(caixa, ports, namespace), *gateway(caixa, namespace, options.channel))


def render_all(
    caixa: Caixa, members: Members = nobody, options: Options = DEFAULTS
) -> tuple[dict[str, Any], ...]:
    """Return everything in order: the members' entries, then the Kubernetes objects."""
    found = resolve(caixa, members)
    entries = (program(caixa, member, options.namespace) for member in found)
    return (*entries, *manifests(caixa, options, _ports(found)))


def render(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the manifests of a mesh as one file that a cluster accepts whole.

    Raises `NotAnAplicacao`, or `InvalidAplicacao` with every error of the mesh.
    """
    return _manifests(package, resolve(package.caixa, members, package.reading.span_of), options)


def render_whole(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the manifests and the members' entries, each member resolved once."""
    found = resolve(package.caixa, members, package.reading.span_of)
    return _manifests(package, found, options) + _programs(package, found, options)


def _manifests(package: Package, found: tuple[Member, ...], options: Options) -> Rendering:
    caixa = package.caixa
    documents = manifests(caixa, options, _ports(found))
    channel = needed_channel(caixa, options.channel)
    notice = f"Generated from {caixa.nome} {caixa.versao}. Gateway API: {channel} channel."
    text = yaml.dump_all(documents, comment=notice)
    path = f"aplicacaos/{caixa.nome}/manifests.yaml"
    artifact = Artifact("manifests.yaml", path, documents, text, "manifests", clusters_of(caixa))
    limits = _wrong_port(package, found) + tuple(not_enforced(caixa, options.channel, package.reading.span_of))
    return Rendering((artifact,), _findings(found) + limits, _sources(found))


def render_programs(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the members' entries as values of the fleet's release, for each cluster of the placement."""
    return _programs(package, resolve(package.caixa, members, package.reading.span_of), options)


def _programs(package: Package, found: tuple[Member, ...], options: Options) -> Rendering:
    caixa = package.caixa
    entries = tuple(program(caixa, member, options.namespace) for member in found)
    artifact = flux.programs_artifact(caixa.nome, entries, clusters_of(caixa))
    return Rendering((artifact,), _findings(found), _sources(found))


def render_units(package: Package, members: Members = nobody, options: Options = DEFAULTS) -> Rendering:
    """Render the ComputeUnit of each member that resolves, labelled as part of the mesh."""
    caixa = package.caixa
    found = resolve(caixa, members, package.reading.span_of)
    where = clusters_of(caixa)
    artifacts = tuple(
        _unit_artifact(member.package.caixa, member.unit, caixa.nome, options.namespace, where)
        for member in found
        if member.package is not None and member.unit is not None
    )
    return Rendering(artifacts, _findings(found), _sources(found))


def clusters_of(caixa: Caixa) -> tuple[str, ...]:
    """Return the clusters that a mesh is written to: the first for SingleNode, else all of its placement."""
    placement = caixa.placement
    if placement is None:
        return ()
    if placement.estrategia is PlacementEstrategia.SINGLE_NODE:
        return placement.clusters[:1]
    return placement.clusters


def resolve(
    caixa: Caixa, members: Members, span_of: Callable[..., Span | None] = lambda *_: None
) -> tuple[Member, ...]:
    """Return every member with its package and unit, or with an error that says why there is none."""
    _demand_aplicacao(caixa)
    return tuple(_resolve(membro, members, span_of("membros", i)) for i, membro in enumerate(caixa.membros))


def program(caixa: Caixa, member: Member, namespace: str = computeunit.DEFAULT_NAMESPACE) -> dict[str, Any]:
    """Return the fleet entry of a member: name, version and mesh, then what its own manifest says.

    Its namespace is that of the mesh, since policies and routes only reach into their own.
    """
    head = {"name": member.membro.caixa, "versao": member.membro.versao, "aplicacao": caixa.nome}
    if member.package is None or member.unit is None:
        return head
    entry = flux.program(member.package.caixa, member.unit, namespace)
    return head | entry | head | {"namespace": namespace}


def _resolve(membro: Membro, members: Members, span: Span | None) -> Member:
    package = members(membro.caixa, membro.versao)
    if package is None:
        return Member(membro, findings=(_unresolved(membro, span),))
    try:
        unit, found = computeunit.load(package)
        computeunit.spec_of(package.caixa, unit)
    except RenderError as error:
        sources = (error.source,) if isinstance(error, MalformedYaml) else ()
        return Member(
            membro, findings=(_unrenderable(membro, error, span), *error.diagnostics), sources=sources
        )
    return Member(membro, package, unit, found)


def _ports(found: tuple[Member, ...]) -> dict[str, int]:
    ports = {member.membro.caixa: computeunit.service_port(member.unit) for member in found if member.unit}
    return {nome: port for nome, port in ports.items() if port is not None}


def _unit_artifact(
    caixa: Caixa, unit: dict[str, Any], aplicacao: str, namespace: str, clusters: tuple[str, ...]
) -> Artifact:
    whole = computeunit.complete(caixa, unit, aplicacao=aplicacao, namespace=namespace)
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


def _findings(found: tuple[Member, ...]) -> tuple[Diagnostic, ...]:
    return tuple(finding for member in found for finding in member.findings)


def _sources(found: tuple[Member, ...]) -> tuple[Source, ...]:
    return tuple(source for member in found for source in member.sources)


def _wrong_port(package: Package, found: tuple[Member, ...]) -> tuple[Diagnostic, ...]:
    """Say if the entrance sends to another port than the one on which its member listens."""
    entrada = package.caixa.entrada
    listening = _ports(found).get(entrada.para) if entrada else None
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


def _unresolved(membro: Membro, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "member-unresolved",
        Severity.ERROR,
        span,
        f"{membro.caixa} {membro.versao} is not here, so its entry has no module and no trigger",
        why="the fleet chart fails on an entry without them",
        fix=f"define {membro.caixa} in this session or directory, at a version that {membro.versao} takes",
        data={"caixa": membro.caixa, "versao": membro.versao},
    )


def _unrenderable(membro: Membro, error: RenderError, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "member-unresolved",
        Severity.ERROR,
        span,
        f"{membro.caixa} has no unit that could run in a mesh: {error.diagnostic.message}",
        why="a member is a Servico with one ComputeUnit",
        fix=error.diagnostic.fix,
        data={"caixa": membro.caixa, "versao": membro.versao, "because": error.diagnostic.code},
    )
