"""`publish`: an annotated tag for this version, pushed to a remote (caixa.md section 5).

What is tagged is what others resolve, so the tag must tell the truth: it has the version of the manifest, at
the top of a clean work tree. If the push fails the tag is taken back, so that publishing again starts afresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PublishRefused
from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.git import Ended, GitProcess
    from caixa.manifest.package import Package

__all__ = ["Published", "publish"]

_SECONDS = 180.0
_IDENTITY = {"user.name": "feira", "user.email": "feira@localhost"}  # where the person has configured none


@dataclass(frozen=True, slots=True)
class Published(Result):
    """A release: its tag, its commit, where it was pushed (None: nowhere), and what others cannot resolve."""

    nome: str
    versao: str
    tag: str
    rev: str
    remote: str | None
    local_paths: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        """Yield what was tagged, pushed, and what to think of."""
        for nome in self.local_paths:
            yield aside(f"warning: {nome} has a path source, which others do not have", Role.WARNING)
        pushed = f", pushed to {self.remote}" if self.remote else ""
        yield aside(f"✓ {self.nome} {self.versao}: tagged {self.rev[:12]}{pushed}", Role.ADDED)
        yield Piece(self.tag + "\n", Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return the release."""
        return {
            "nome": self.nome,
            "versao": self.versao,
            "tag": self.tag,
            "rev": self.rev,
            "remote": self.remote,
            "local_paths": list(self.local_paths),
        }


def publish(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    *,
    versao: str | None = None,
    prefix: str = "v",
    remote: str = "origin",
    no_push: bool = False,
) -> Published:
    """Tag HEAD with the version of the package, and push the tag to `remote` unless `no_push`.

    Raises PublishRefused for another version than the manifest's, a dirty tree, a tag that is there, and what
    git refuses.
    """
    from caixa.git import GitProcess  # noqa: PLC0415 - most verbs start no git

    package = workspace.package(subject)
    git = GitProcess(workspace.root_of(package))
    tag = _checked_tag(package, versao, prefix, remote)
    _require_clean(git, package)
    if _run(git, "tag", "--list", tag).output.strip():
        fix = "raise :versao in caixa.lisp; a tag that others may have is not moved"
        raise PublishRefused(f"the tag {tag} is there already", fix=fix, tag=tag)
    if not no_push and remote not in _run(git, "remote").output.decode().split():
        fix = f"git remote add {remote} URL, or --no-push"
        raise PublishRefused(f"the repository has no remote {remote!r}", fix=fix, remote=remote)
    _tag_and_push(git, package, tag, None if no_push else remote)
    rev = _run(git, "rev-parse", "HEAD").output.decode().strip()
    paths = tuple(dep.nome for dep in package.caixa.deps if dep.fonte is not None and dep.fonte.tipo == "path")
    return Published(package.nome, package.caixa.versao, tag, rev, None if no_push else remote, paths)


def _checked_tag(package: Package, versao: str | None, prefix: str, remote: str) -> str:
    """Return the tag of a version that is the manifest's, and that git takes for a name."""
    from caixa.lacre.errors import UnsafeSource  # noqa: PLC0415 - most verbs name no refs
    from caixa.lacre.origins import checked_ref  # noqa: PLC0415 - the same

    said = package.caixa.versao
    if versao is not None and versao != said:
        fix = f'set :versao "{versao}" in caixa.lisp and commit, or publish {said}'
        raise PublishRefused(f"{package.nome} is at version {said}, not {versao}", fix=fix, versao=said)
    try:
        checked_ref(package.nome, remote)
        return checked_ref(package.nome, prefix + said)
    except UnsafeSource as error:
        fix = "choose another --prefix or --remote"
        raise PublishRefused("git takes no such name", why=error.diagnostics[0].message, fix=fix) from error


def _require_clean(git: GitProcess, package: Package) -> None:
    """Refuse what is not committed, and a package that is not at the top, where resolvers look."""
    top = Path(_top(git, package))
    if top.resolve() != git.directory.resolve():
        why = "others read caixa.lisp at the top of the repository"
        fix = "give the package a repository of its own"
        raise PublishRefused(f"{package.nome} is not at the top of {top}", why=why, fix=fix)
    changed = _run(git, "status", "--porcelain", "-z").output.decode("utf-8", "replace").split("\0")
    paths = [line[3:] for line in changed if line]
    if paths:
        listing = ", ".join(paths[:5]) + (" …" if len(paths) > 5 else "")
        message = f"{plural(len(paths), 'file')} not committed: {listing}"
        raise PublishRefused(
            message, why="a tag is of what is committed", fix="commit or discard them", paths=paths
        )
    if git.execute("ls-files", "--error-unmatch", "--", "caixa.lisp").status != 0:
        raise PublishRefused("caixa.lisp is not in the repository", fix="add and commit it")


def _top(git: GitProcess, package: Package) -> str:
    """Return the top of the repository that the package is in. Raises PublishRefused."""
    try:
        return _run(git, "rev-parse", "--show-toplevel").output.decode().strip()
    except PublishRefused as error:
        said = error.diagnostics[0].why
        if "not a git repository" not in said:
            raise
        fix = "git init, commit the package, and git remote add origin URL"
        raise PublishRefused(f"{package.nome} is not in a git repository", why=said, fix=fix) from error


def _tag_and_push(git: GitProcess, package: Package, tag: str, remote: str | None) -> None:
    message = f"{package.nome} {package.caixa.versao} ({tag})"
    _run(git, "tag", "--annotate", "--message", message, "--", tag, settings=_identity(git))
    if remote is None:
        return
    try:
        _run(git, "push", "--quiet", "--", remote, f"refs/tags/{tag}:refs/tags/{tag}")
    except BaseException:  # also Stop: a tag that nobody else has would be in the way of the next attempt
        git.execute("tag", "--delete", tag)
        raise


def _identity(git: GitProcess) -> list[str]:
    asked = ((key, git.execute("config", "--get", key)) for key in _IDENTITY)
    return [f"{key}={_IDENTITY[key]}" for key, ended in asked if not ended.output.strip()]


def _run(git: GitProcess, *words: str, settings: list[str] | None = None) -> Ended:
    """Return how a command ended that must succeed. Raises PublishRefused."""
    try:
        ended = git.execute(*words, settings=settings or [], within=_SECONDS)
    except FileNotFoundError as error:
        raise PublishRefused("git is not installed, or not on PATH", fix="install git") from error
    except TimeoutError as error:
        raise PublishRefused(str(error), fix="try again") from error
    if ended.status != 0:
        said = " ".join(line for line in ended.said.split("\n") if line and not line.startswith("hint:"))
        raise PublishRefused(
            f"git {words[0]} failed", why=said, fix="put right what git names", command=words[0]
        )
    return ended
