"""`deploy`, `app deploy`: into a cluster's GitOps repository, the diff first (caixa.md section 5).

A Servico becomes an entry of the cluster's programs release, an Aplicacao its manifests and an entry for each
member. Nothing is written before the diff is made, and nothing at all when what would be written has errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source
from caixa.manifest.model import Kind, PlacementEstrategia

from ..errors import DeployRefused, FileProblem, NotDeployable, ReleaseMissing, UsageProblem
from ..results import Piece, Result, Role, aside, diff_pieces, finding_pieces, plural
from ..sources import Chained
from ..targets import repository_path
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.cluster.gitops import GitOpsRepository, Push
    from caixa.cluster.plan import Plan
    from caixa.manifest.package import Package
    from caixa_renderers.artifact import Channel, Members, Options, Rendering

__all__ = ["Deployment", "Mode", "PlanShown", "app_deploy", "deploy"]


class Mode(StrEnum):
    """How far a deploy goes; each step includes those before it."""

    DRY_RUN = "dry-run"
    COMMIT = "commit"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Deployment(Result):
    """What a deploy would do or did: the plan with its diff, the findings, the commit and the push."""

    nome: str
    cluster: str
    repository: str
    mode: Mode
    plan: Plan
    findings: tuple[Diagnostic, ...]
    commit: str | None = None
    push: Push | None = None
    is_diff_shown: bool = False
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether this could be committed."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield the diff, the findings, and how far it went."""
        yield from self.diff()
        yield from finding_pieces(self.findings, self.sources)
        yield from self.outcome()

    def diff(self) -> Iterator[Piece]:
        """Yield the diff, unless somebody saw it before."""
        if not self.is_diff_shown:
            yield from diff_pieces(self.plan.diff)

    def outcome(self) -> Iterator[Piece]:
        """Yield how far it went."""
        for line in self._outcome():
            yield aside(line, Role.ADDED if self.ok else Role.WARNING)

    def _outcome(self) -> Iterator[str]:
        place = f"{self.cluster} in {self.repository}"
        if not self.plan:
            yield f"= {self.nome} is already up to date for {place}"
        elif self.mode is Mode.DRY_RUN:
            advice = "--commit writes it" if self.ok else "--commit will refuse: see the errors above"
            yield f"{plural(len(self.plan.files), 'file')} would change for {place}; {advice}"
        if self.commit is not None:
            yield f"✓ committed {self.commit[:12]} for {place}"
        if self.push is not None:
            verb = "pushed" if self.push.updated else "nothing to push:"
            yield f"✓ {verb} {self.push.branch} to {self.push.remote}"

    def to_json(self) -> dict[str, Any]:
        """Return the plan, the findings and how far it went."""
        return {
            "nome": self.nome,
            "cluster": self.cluster,
            "repository": self.repository,
            "mode": self.mode.value,
            "ok": self.ok,
            "upToDate": not self.plan,
            "files": list(self.plan.paths),
            "diff": self.plan.diff,
            "findings": [finding.to_json() for finding in self.findings],
            "commit": self.commit,
            "push": self.push
            and {"remote": self.push.remote, "branch": self.push.branch, "updated": self.push.updated},
        }


@dataclass(frozen=True, slots=True)
class PlanShown(Result):
    """The diff of a deploy, before anything is written."""

    plan: Plan

    def pieces(self) -> Iterator[Piece]:
        """Yield the diff."""
        yield from diff_pieces(self.plan.diff)

    def to_json(self) -> dict[str, Any]:
        """Return the files and the diff."""
        return {"files": list(self.plan.paths), "diff": self.plan.diff}


def deploy(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    *,
    cluster: str,
    repository: str | None = None,
    programs_yaml: str | None = None,
    gateway_api: str = "experimental",
    namespace: str = "tatara-system",
    issuer: str | None = None,
    dry_run: bool = False,
    commit: bool = False,
    apply: bool = False,
) -> Deployment:
    """Deploy a Servico, or the mesh of an Aplicacao, to `cluster` of a GitOps repository.

    Without `commit` or `apply` only the diff is made. Raises UsageProblem for flags that exclude each other,
    NotDeployable for another kind, DeployRefused if what would be committed has errors, ReleaseMissing, and the
    GitOpsErrors.
    """
    mode = _mode(dry_run=dry_run, commit=commit, apply=apply)
    package = workspace.package(subject)
    if package.caixa.kind not in (Kind.SERVICO, Kind.APLICACAO):
        raise NotDeployable(package.nome, package.caixa.kind)
    from caixa.cluster.gitops import GitOpsRepository  # noqa: PLC0415 - only a deploy reaches a repository

    target = GitOpsRepository(repository_path(workspace, repository))
    folder = target.require_cluster(cluster)
    release = f"{folder}/programs/release.yaml" if programs_yaml is None else programs_yaml
    options = _options(gateway_api, namespace, issuer)
    rendering = _on(cluster, _rendering(package, workspace.members_of(package), options))
    changes, departed = _changes(package, rendering, target, folder, release)
    findings = (*_refusals(package), *rendering.findings, *_misplaced(package, cluster), *departed)
    plan = target.plan(changes)
    sources = Chained(rendering.sources, workspace.sources)
    shown = Deployment(package.nome, cluster, str(target.path), mode, plan, findings, sources=sources)
    return shown if mode is Mode.DRY_RUN else _carry_out(workspace, shown, target, package)


def app_deploy(workspace: Workspace, subject: str | None = None, **flags: Any) -> Deployment:
    """Deploy an Aplicacao, as `deploy` does. Raises NotAnAplicacao for any other kind."""
    from caixa_renderers.errors import NotAnAplicacao  # noqa: PLC0415 - a terminal starts without renderers

    package = workspace.package(subject)
    if package.caixa.kind is not Kind.APLICACAO:
        raise NotAnAplicacao(package.nome, package.caixa.kind)
    return deploy(workspace, subject, **flags)


def _mode(*, dry_run: bool, commit: bool, apply: bool) -> Mode:
    chosen = [mode for mode, is_set in zip(Mode, (dry_run, commit, apply), strict=True) if is_set]
    if len(chosen) > 1:
        flags = " and ".join(f"--{mode.value}" for mode in chosen)
        raise UsageProblem(
            f"{flags} exclude each other", fix="give one: --apply commits too, --dry-run only shows"
        )
    return chosen[0] if chosen else Mode.DRY_RUN


def _options(gateway_api: str, namespace: str, issuer: str | None) -> Options:
    from caixa_renderers import Options  # noqa: PLC0415 - as above

    return Options(channel=cast("Channel", gateway_api), namespace=namespace, issuer=issuer)


def _rendering(package: Package, members: Members, options: Options) -> Rendering:
    """Return the entries of the fleet's release and, for a mesh, its manifests."""
    from caixa_renderers import render  # noqa: PLC0415 - as above

    return render(package, "all" if package.caixa.kind is Kind.APLICACAO else "flux", members, options)


def _on(cluster: str, rendering: Rendering) -> Rendering:
    """Return what of a rendering goes to `cluster`; all of it where the placement does not name it at all."""
    here = tuple(each for each in rendering.artifacts if cluster in each.clusters)
    return replace(rendering, artifacts=here) if here else rendering


def _changes(
    package: Package, rendering: Rendering, target: GitOpsRepository, folder: str, release: str
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the new contents by path in the repository, and the findings on members that left a mesh."""
    from caixa_renderers.mesh.fleet import departures, fan_out  # noqa: PLC0415 - as above

    before = target.read(release)
    if before is None:
        raise ReleaseMissing(release)
    text = _decoded(before, release)
    values = [each.objects[0] for each in rendering.artifacts if each.kind == "programs"]
    entries = [entry for each in values for entry in each["programs"]]
    aplicacao = package.nome if package.caixa.kind is Kind.APLICACAO else None
    done = fan_out(text, entries, aplicacao, name=release)
    manifests = {f"{folder}/{each.path}": each.text for each in rendering.artifacts if each.kind == "manifests"}
    return {release: done.text} | manifests, departures(done.departed, package.nome, release)


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileProblem.not_utf8(path, error.start) from error


def _refusals(package: Package) -> tuple[Diagnostic, ...]:
    return tuple(finding for finding in package.diagnostics() if finding.is_error)


def _misplaced(package: Package, cluster: str) -> tuple[Diagnostic, ...]:
    """Return an error if the placement of a mesh does not name the cluster (caixa.md G14)."""
    placement = package.caixa.placement
    if package.caixa.kind is not Kind.APLICACAO or placement is None or not placement.clusters:
        return ()
    from caixa_renderers.mesh.rendering import clusters_of  # noqa: PLC0415 - as above

    allowed = clusters_of(package.caixa)
    if cluster in allowed:
        return ()
    listing = ", ".join(allowed)
    first = " first" if placement.estrategia is PlacementEstrategia.SINGLE_NODE else ""
    return (
        Diagnostic(
            "cluster-outside-placement",
            Severity.ERROR,
            package.reading.span_of("placement", "clusters"),
            f"{package.nome} is not placed on {cluster}",
            why=f"its placement is {placement.estrategia.value} on {listing}",
            fix=f"deploy to {listing}, or name {cluster}{first} in :placement :clusters",
            data={"cluster": cluster, "clusters": list(allowed)},
        ),
    )


def _carry_out(
    workspace: Workspace, shown: Deployment, target: GitOpsRepository, package: Package
) -> Deployment:
    shown = replace(shown, is_diff_shown=workspace.show(PlanShown(shown.plan)))
    errors = [finding for finding in shown.findings if finding.is_error]
    if errors:
        raise DeployRefused(shown.nome, errors)
    done = replace(shown, commit=target.commit(shown.plan, _message(package, shown.cluster)))
    return replace(done, push=target.push()) if shown.mode is Mode.APPLY else done


def _message(package: Package, cluster: str) -> str:
    from caixa.lacre.package_digest import package_digest  # noqa: PLC0415 - brings in blake3

    headline = f"Deploy {package.nome} {package.caixa.versao} to {cluster}"
    return f"{headline}\n\nPackage digest: {package_digest(package)}\n"
