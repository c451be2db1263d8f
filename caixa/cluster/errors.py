"""What can go wrong between a rendered manifest and a cluster, as one tree.

    Reportable
    └── ClusterError
        ├── KubeconfigUnreadable          a kubeconfig is not the YAML it should be
        └── GitOpsError                   a GitOps repository cannot take the change
            ├── GitMissing                no git program on PATH
            ├── RepositoryMissing         nothing at that path
            ├── NotARepository            a folder, but not a work tree of git
            ├── ClusterMissing            no such folder under clusters/
            ├── PathOutside               a planned file would leave the repository
            ├── DirtyFiles                planned files hold changes of someone else
            ├── PlanOutdated              planned files changed since the diff was shown
            ├── DetachedHead              there is no branch to push
            ├── RemoteMissing             there is no such remote
            ├── RepositoryBusy            another git process holds the lock
            ├── PushRejected              the remote has commits that this repository lacks
            ├── RemoteUnreachable         the remote does not answer or refuses the user
            ├── HookRefused               a hook of the repository or of the remote said no
            └── GitFailed                 anything else git says

git's own words are turned into this tree in one place, `from_git`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = [
    "ClusterError",
    "ClusterMissing",
    "DetachedHead",
    "DirtyFiles",
    "GitFailed",
    "GitMissing",
    "GitOpsError",
    "HookRefused",
    "KubeconfigUnreadable",
    "NotARepository",
    "PathOutside",
    "PlanOutdated",
    "PushRejected",
    "RemoteMissing",
    "RemoteUnreachable",
    "RepositoryBusy",
    "RepositoryMissing",
    "from_git",
]


class ClusterError(Reportable):
    """A deploy target that cannot be used as it is."""

    code: ClassVar[str] = "cluster"

    def __init__(self, message: str, *, why: str = "", fix: str = "", **data: Any) -> None:
        """Say what happened, why and what to do; `data` are the values a program would want."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix, data=data))


class KubeconfigUnreadable(ClusterError, ValueError):
    """A kubeconfig file that is not readable as YAML."""

    code = "kubeconfig-unreadable"


class GitOpsError(ClusterError):
    """A GitOps repository that cannot take the change."""

    code = "gitops"


class GitMissing(GitOpsError, FileNotFoundError):
    """There is no git program on PATH."""

    code = "git-missing"

    def __init__(self) -> None:
        """Say how to get git."""
        super().__init__(
            "git is not installed, or not on PATH", fix="install git (https://git-scm.com) and try again"
        )


class RepositoryMissing(GitOpsError, FileNotFoundError):
    """Nothing is at the path of the repository."""

    code = "repository-missing"

    def __init__(self, path: str) -> None:
        """Name the path that was looked at."""
        super().__init__(
            f"there is no GitOps repository at {path}",
            fix="clone it there, or name another with --k8s-repo DIR or the variable PLEME_K8S_REPO",
            path=path,
        )


class NotARepository(GitOpsError):
    """The path is no work tree of git."""

    code = "not-a-repository"

    def __init__(self, path: str, why: str) -> None:
        """Name the path and what it is instead."""
        super().__init__(
            f"{path} is not a GitOps repository",
            why=why,
            fix="give the top folder of a clone, the one that holds clusters/",
            path=path,
        )


class ClusterMissing(GitOpsError, LookupError):
    """The repository has no folder for that cluster."""

    code = "cluster-missing"

    def __init__(self, cluster: str, known: Sequence[str], path: str) -> None:
        """List the clusters that the repository has, the nearest name first."""
        near = get_close_matches(cluster, known, n=1)
        listing = ", ".join(known) or "none yet"
        new = f"create clusters/{cluster}/ in {path}, or choose" if "/" not in cluster else "choose"
        fix = f"did you mean {near[0]}?" if near else f"{new} one of these"
        super().__init__(
            f"the repository has no cluster {cluster!r}",
            why=f"a cluster is a folder below clusters/; there: {listing}",
            fix=fix if known else f"create clusters/<name>/programs/release.yaml in {path}",
            cluster=cluster,
            clusters=list(known),
        )


class PathOutside(GitOpsError, ValueError):
    """A planned path is not a path inside the repository."""

    code = "path-outside"

    def __init__(self, path: str) -> None:
        """Name the path as it was given."""
        super().__init__(
            f"{path!r} is not a file inside the repository",
            why="only files below the repository's own folder are written",
            fix="give a relative path without .., not below .git, that leads through no link to the outside",
            path=path,
        )


class DirtyFiles(GitOpsError):
    """Planned files hold changes that are not committed."""

    code = "dirty-files"

    def __init__(self, paths: Sequence[str]) -> None:
        """List the files that someone is working on."""
        super().__init__(
            f"uncommitted changes in {', '.join(paths)}",
            why="they would be committed, or lost, together with this deploy",
            fix="commit or discard them in the GitOps repository, then deploy again",
            paths=list(paths),
        )


class PlanOutdated(GitOpsError):
    """A planned file is no longer what the diff was made against."""

    code = "plan-outdated"

    def __init__(self, path: str) -> None:
        """Name the file that changed."""
        super().__init__(
            f"{path} changed after the diff was made",
            why="nothing is written that was not shown",
            fix="deploy again and read the new diff",
            path=path,
        )


class DetachedHead(GitOpsError):
    """HEAD names a commit, not a branch."""

    code = "detached-head"

    def __init__(self) -> None:
        """Say how to get onto a branch."""
        super().__init__(
            "the GitOps repository is on no branch (detached HEAD)",
            why="a push needs the branch it goes to",
            fix="switch to the branch that the cluster follows, for example: git switch main",
        )


class RemoteMissing(GitOpsError, LookupError):
    """The repository has no remote of that name."""

    code = "remote-missing"

    def __init__(self, remote: str, known: Sequence[str]) -> None:
        """List the remotes that there are."""
        super().__init__(
            f"the GitOps repository has no remote {remote!r}",
            why=f"its remotes: {', '.join(known) or 'none'}",
            fix=f"git remote add {remote} URL, or keep to --commit",
            remote=remote,
            remotes=list(known),
        )


class RepositoryBusy(GitOpsError):
    """Another git process works in the repository."""

    code = "repository-busy"
    fix = "wait for the other git process to end; if none runs, remove the .lock file it names"


class PushRejected(GitOpsError):
    """The remote has moved on."""

    code = "push-rejected"
    fix = "git pull --rebase in the GitOps repository, then --apply again: the commit is kept and goes along"


class RemoteUnreachable(GitOpsError, ConnectionError):
    """The remote does not answer, or does not know the user."""

    code = "remote-unreachable"
    fix = "check the address (git remote -v) and your access to it; the commit is kept, --apply pushes it"


class HookRefused(GitOpsError):
    """A hook said no."""

    code = "hook-refused"
    fix = "read what the hook says above, put it right, and deploy again"


class GitFailed(GitOpsError):
    """git failed in a way that has no class of its own."""

    code = "git-failed"
    fix = "run the same command in the GitOps repository to see it fail, and put right what it names"


_MEANINGS: tuple[tuple[type[GitOpsError], str, re.Pattern[str]], ...] = tuple(
    (error, headline, re.compile(pattern, re.IGNORECASE))
    for error, headline, pattern in (
        (RepositoryBusy, "the GitOps repository is locked", r"unable to create .*\.lock|cannot lock ref"),
        (HookRefused, "a hook refused the change", r"hook declined|hook exited|\bhook\b.*\b(failed|rejected)"),
        (
            PushRejected,
            "the remote refused the push",
            r"\[(remote )?rejected\]|non-fast-forward|fetch first|stale info",
        ),
        (
            RemoteUnreachable,
            "the remote cannot be reached",
            r"could not read from remote|does not appear to be a git repository|could not resolve host"
            r"|unable to access|authentication failed|terminal prompts disabled|permission denied \(publickey"
            r"|connection (refused|timed out|reset)|repository .* not found",
        ),
    )
)


def from_git(arguments: Sequence[str], status: int, output: str) -> GitOpsError:
    """Return the error that a failed git command stands for.

    `arguments` are those after `git`, `status` its exit status, and `output` what it wrote, in the C locale.
    """
    command = "git " + arguments[0]
    said = " ".join(_meaningful(output.splitlines())) or f"it ended with status {status} and said nothing"
    for error, headline, pattern in _MEANINGS:
        if pattern.search(output):
            return _make(error, headline, said, command)
    return _make(GitFailed, f"{command} failed", said, command)


def _make(error: type[GitOpsError], headline: str, said: str, command: str) -> GitOpsError:
    return error(headline, why=said, fix=getattr(error, "fix", ""), command=command, output=said)


def _meaningful(lines: Iterable[str]) -> list[str]:
    """Return git's lines without its hints, which suggest commands for the terminal it thinks it is on."""
    return [line.strip() for line in lines if line.strip() and not line.startswith(("hint:", "To ", "!"))]
