"""A GitOps repository as a deploy target: plan, show, commit, push (caixa.md sections 4.2, 4.3 and 5).

The layout is `clusters/<C>/programs/release.yaml` and `clusters/<C>/aplicacaos/<nome>/manifests.yaml`. A commit
holds the planned files and nothing else, whatever the user has staged; when it fails, files and index are put
back as they were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import (
    ClusterMissing,
    DetachedHead,
    DirtyFiles,
    GitOpsError,
    NotARepository,
    PathOutside,
    PlanOutdated,
    RemoteMissing,
    RepositoryMissing,
)
from .git import Git, guard, guard_path
from .plan import Plan, make_plan
from .transaction import FileTransaction

__all__ = ["CLUSTERS", "GitOpsRepository", "Push"]

CLUSTERS = "clusters"


@dataclass(frozen=True, slots=True)
class Push:
    """What a push did; `updated` is False when the remote already had every commit."""

    remote: str
    branch: str
    commit: str
    updated: bool


class GitOpsRepository:
    """A work tree of git in the layout that Flux reads."""

    def __init__(self, path: Path | str, *, git: Git | None = None) -> None:
        """Open the repository at `path`.

        Raises GitMissing, RepositoryMissing, or NotARepository (also for a bare repository, and for a folder
        deep inside some other one that has no clusters/ of its own).
        """
        self.path = Path(path).expanduser()
        if not self.path.exists():
            raise RepositoryMissing(str(self.path))
        if not self.path.is_dir():
            raise NotARepository(str(self.path), "it is a file")
        self.path = self.path.resolve()
        self._git = git or Git(self.path)
        self._require_work_tree()

    def _require_work_tree(self) -> None:
        status, top, _ = self._git.attempt("rev-parse", "--show-toplevel")
        if status != 0:
            bare = self._git.attempt("rev-parse", "--is-bare-repository")[1].strip() == "true"
            why = (
                "it is a bare repository, which has no files to change"
                if bare
                else "git knows no repository there"
            )
            raise NotARepository(str(self.path), why)
        if Path(top.rstrip("\n")).resolve() != self.path and not (self.path / CLUSTERS).is_dir():
            raise NotARepository(str(self.path), f"it is a folder inside the repository {top.strip()}")

    # -- looking ------------------------------------------------------------------------------------------

    def clusters(self) -> list[str]:
        """Return the names of the clusters that the repository has, sorted."""
        folder = self.path / CLUSTERS
        if not folder.is_dir():
            return []
        return sorted(
            entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")
        )

    def require_cluster(self, cluster: str) -> str:
        """Return the path of the folder of `cluster` inside the repository; raises ClusterMissing."""
        known = self.clusters()
        if cluster not in known:
            raise ClusterMissing(cluster, known, str(self.path))
        return f"{CLUSTERS}/{cluster}"

    def read(self, path: str) -> bytes | None:
        """Return the content of the file at the relative `path`, or None; raises PathOutside."""
        target = self._locate(path)
        return target.read_bytes() if target.is_file() else None

    def branch(self) -> str:
        """Return the name of the branch that HEAD is on; raises DetachedHead."""
        status, name, _ = self._git.attempt("symbolic-ref", "--quiet", "HEAD")
        if status != 0:
            raise DetachedHead
        return name.rstrip("\n").removeprefix("refs/heads/")

    def head(self) -> str | None:
        """Return the hash of the current commit, or None before the first one."""
        status, name, _ = self._git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return name.strip() if status == 0 else None

    def dirty(self, paths: Sequence[str]) -> list[str]:
        """Return those of `paths` that hold changes which are not committed, new files included."""
        if not paths:
            return []
        output = self._git.run(
            "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths
        )
        prefix = self._git.run("rev-parse", "--show-prefix").rstrip("\n")
        return sorted(entry[3:].removeprefix(prefix) for entry in output.split("\0") if entry)

    def _locate(self, path: str) -> Path:
        target = self.path / guard_path(path)
        if not target.resolve().is_relative_to(self.path):  # a link that leads outside
            raise PathOutside(path)
        if target.is_dir():
            raise PathOutside(path)
        return target

    # -- changing -----------------------------------------------------------------------------------------

    def plan(self, changes: Mapping[str, str | bytes]) -> Plan:
        """Return what writing `changes` (relative POSIX path to new content) would do; writes nothing.

        Raises PathOutside.
        """
        contents = {path: text.encode() if isinstance(text, str) else text for path, text in changes.items()}
        return make_plan({path: self.read(path) for path in contents}, contents)

    def commit(self, plan: Plan, message: str) -> str | None:
        """Write the planned files, commit exactly these, and return the commit's hash; None if nothing changes.

        Raises DirtyFiles, PlanOutdated, RepositoryBusy, HookRefused or GitFailed, and OSError when a file
        cannot be written. After any of them, and after Stop, files and index are as they were.
        """
        if not plan:
            return None
        self._require_untouched(plan)
        before = self.head()
        transaction = FileTransaction(self.path)
        try:
            transaction.write({file.path: file.after for file in plan.files})
            self._git.run("add", "--", *plan.paths)
            commit = ("commit", "--quiet", "-m", message, "--only", "--", *plan.paths)
            self._git.run(*commit, settings=self._git.identity())
        except BaseException:
            if self.head() == before:  # else the commit was made before the interruption: it is whole, keep it
                self._unstage(plan.paths, before)
                transaction.undo()
            raise
        return self.head()

    def _require_untouched(self, plan: Plan) -> None:
        for file in plan.files:
            if self.read(file.path) != file.before:
                raise PlanOutdated(file.path)
        dirty = self.dirty(plan.paths)
        if dirty:
            raise DirtyFiles(dirty)

    def _unstage(self, paths: Sequence[str], head: str | None) -> None:
        with contextlib.suppress(GitOpsError):  # the failure that brought us here is the one to report
            if head is None:
                self._git.run("rm", "--quiet", "--cached", "--ignore-unmatch", "--", *paths)
            else:
                self._git.run("reset", "--quiet", "--", *paths)

    def push(self, remote: str = "origin") -> Push:
        """Push the current branch to `remote` under its own name, never by force.

        Raises DetachedHead, RemoteMissing, PushRejected, RemoteUnreachable, HookRefused or GitFailed.
        """
        guard(remote, "remote")
        known = self._git.run("remote").split()
        if remote not in known:
            raise RemoteMissing(remote, known)
        branch = self.branch()
        # The full name of the branch: a branch called `-f` or `+x` must not read as an option or as force.
        output = self._git.run("push", "--porcelain", "--", remote, f"HEAD:refs/heads/{branch}")
        updated = not any(line.startswith("=") for line in output.splitlines())
        return Push(remote, branch, self.head() or "", updated)

    def cancel(self) -> None:
        """End the git command that is running, if one is; may be called from any thread."""
        self._git.cancel()
