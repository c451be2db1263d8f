"""`add`: a dependency written into caixa.lisp; comments, order and layout stay (caixa.md section 5)."""

from __future__ import annotations

from collections.abc import Sequence

from ..editing import ManifestEdited, edit_manifest
from ..errors import AlreadyADependency, UsageProblem
from ..workspace import Workspace

__all__ = ["add"]


def add(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    nome: str,
    subject: str | None = None,
    *,
    versao: str = "*",
    dev: bool = False,
    git: str | None = None,
    tag: str | None = None,
    rev: str | None = None,
    branch: str | None = None,
    caminho: str | None = None,
    opcional: bool = False,
    caracteristica: Sequence[str] = (),
) -> ManifestEdited:
    """Add a dependency to a package. Raises AlreadyADependency, UsageProblem, InvalidManifest, FileProblem."""
    from caixa.manifest.model import Dep, GitFonte, PathFonte  # noqa: PLC0415 - a terminal starts without manifests

    from ..dependencies import DEPS, DEPS_DEV, dependency_text, with_dependency  # noqa: PLC0415 - the same

    pins = [name for name, value in (("--tag", tag), ("--rev", rev), ("--branch", branch)) if value]
    if (pins and git is None) or len(pins) > 1 or (git is not None and caminho is not None):
        fix = "give --git URL with at most one of --tag, --rev and --branch, or --caminho DIR"
        raise UsageProblem("these flags do not name one source", usage="feira add NAME [--git URL]", fix=fix)
    fonte = GitFonte(git, tag, rev, branch) if git else PathFonte(caminho) if caminho else None
    package = workspace.package(subject)
    if nome == package.nome:
        raise UsageProblem(f"{nome} is the package itself", fix="name another; a package does not need itself")
    there = package.caixa.deps_dev if dev else package.caixa.deps
    if any(dep.nome == nome for dep in there):
        raise AlreadyADependency(nome, package.nome)
    text = dependency_text(Dep(nome, versao, fonte, opcional, tuple(caracteristica)))
    slot = DEPS_DEV if dev else DEPS
    return edit_manifest(
        workspace, subject, lambda source: with_dependency(source, slot, text), f"+ {nome} {versao}"
    )
