"""Laws of the GitOps target, on real repositories."""

import os
import stat
import subprocess
import sys
import threading
import time

import pytest
from real_git import git

from caixa.cluster import gitops
from caixa.cluster.errors import (
    ClusterMissing,
    DetachedHead,
    DirtyFiles,
    GitFailed,
    GitMissing,
    GitOpsError,
    HookRefused,
    NotARepository,
    PathOutside,
    PlanOutdated,
    PushRejected,
    RemoteMissing,
    RemoteUnreachable,
    RepositoryBusy,
    RepositoryMissing,
)
from caixa.cluster.git import Git
from caixa.cluster.gitops import GitOpsRepository

RELEASE = "clusters/rio/programs/release.yaml"
MESH = "clusters/rio/aplicacaos/checkout/manifests.yaml"


def state(clone):
    """Everything a failed deploy must leave as it was: commit, index and work tree."""
    files = {
        path.relative_to(clone): path.read_bytes()
        for path in sorted(clone.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(clone).parts
    }
    folders = sorted(
        str(p) for p in clone.rglob("*") if p.is_dir() and ".git" not in p.relative_to(clone).parts
    )
    return git(clone, "rev-parse", "HEAD"), git(clone, "status", "--porcelain=v1"), files, folders


# -- plan -------------------------------------------------------------------------------------------------


def test_a_plan_shows_the_change_and_writes_nothing(clone, repository):
    before = state(clone)
    plan = repository.plan({RELEASE: "spec: {}\n", MESH: "kind: Gateway\n"})
    assert plan.paths == (MESH, RELEASE)
    assert plan.diff == (
        f"--- /dev/null\n+++ b/{MESH}\n@@ -0,0 +1 @@\n+kind: Gateway\n"
        f"--- a/{RELEASE}\n+++ b/{RELEASE}\n@@ -1,3 +1 @@\n-spec:\n-  values:\n-    programs: []\n+spec: {{}}\n"
    )
    assert state(clone) == before


def test_a_plan_that_changes_nothing_is_false_and_commits_to_nothing(clone, repository):
    plan = repository.plan({RELEASE: (clone / RELEASE).read_bytes()})
    assert not plan
    assert plan.diff == ""
    assert repository.commit(plan, "deploy") is None


def test_the_diff_is_one_that_git_applies(clone, repository):
    (clone / RELEASE).write_bytes("a\r\nb\x0cc\nçé ".encode())
    plan = repository.plan({RELEASE: "a\r\nB\nlast", MESH: "x\n"})
    subprocess.run(["git", "apply"], cwd=clone, input=plan.diff.encode(), check=True)
    assert (clone / RELEASE).read_bytes() == b"a\r\nB\nlast"
    assert (clone / MESH).read_text() == "x\n"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "clusters/../../x",
        ".git/hooks/pre-commit",
        "a//b",
        "./a",
        "a\\b",
        "clusters/rio",
        "a\0b",
    ],
)
def test_a_path_that_is_no_file_inside_the_repository_is_refused(repository, path):
    with pytest.raises(PathOutside):
        repository.plan({path: "x"})


def test_a_link_that_leads_outside_is_refused(clone, repository, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (clone / "clusters" / "far").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PathOutside):
        repository.plan({"clusters/far/release.yaml": "x"})


# -- opening ----------------------------------------------------------------------------------------------


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RepositoryMissing, match="nowhere"):
        GitOpsRepository(tmp_path / "nowhere")


def test_a_plain_folder_a_file_and_a_bare_repository_are_no_gitops_repository(tmp_path, remote):
    (tmp_path / "plain").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "plain", tmp_path / "file", remote):
        with pytest.raises(NotARepository) as caught:
            GitOpsRepository(path)
        assert caught.value.diagnostics[0].why
        assert caught.value.diagnostics[0].fix


def test_a_folder_inside_an_unrelated_repository_is_refused_unless_it_holds_clusters(clone):
    (clone / "docs").mkdir()
    with pytest.raises(NotARepository, match="docs"):
        GitOpsRepository(clone / "docs")
    (clone / "k8s" / "clusters" / "sul").mkdir(parents=True)
    assert GitOpsRepository(clone / "k8s").clusters() == ["sul"]


def test_a_repository_in_a_subfolder_commits_there(clone):
    (clone / "k8s" / "clusters" / "sul").mkdir(parents=True)
    repository = GitOpsRepository(clone / "k8s")
    assert repository.commit(repository.plan({"clusters/sul/release.yaml": "x\n"}), "deploy")
    assert git(clone, "show", "--name-only", "--format=", "HEAD").strip() == "k8s/clusters/sul/release.yaml"
    (clone / "k8s" / "clusters" / "sul" / "release.yaml").write_text("mine\n")
    assert repository.dirty(["clusters/sul/release.yaml"]) == ["clusters/sul/release.yaml"]


def test_a_missing_cluster_lists_those_there_are_and_guesses(repository):
    with pytest.raises(ClusterMissing) as caught:
        repository.require_cluster("roi")
    finding = caught.value.diagnostics[0]
    assert finding.data["clusters"] == ["mar", "rio"]
    assert "mar, rio" in finding.why
    assert finding.fix == "did you mean rio?"


@pytest.mark.parametrize("cluster", ["../rio", "", ".", "rio/programs", "-rio"])
def test_a_cluster_name_cannot_be_a_path(repository, cluster):
    with pytest.raises(ClusterMissing):
        repository.require_cluster(cluster)


def test_without_git_on_the_path_the_error_says_so(clone, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(GitMissing) as caught:
        GitOpsRepository(clone)
    assert "install git" in caught.value.diagnostics[0].fix


# -- commit -----------------------------------------------------------------------------------------------


def test_a_commit_holds_the_planned_files_and_nothing_else(clone, repository):
    (clone / "notes.txt").write_text("staged by the user\n")
    git(clone, "add", "notes.txt")
    (clone / "clusters/mar/programs/release.yaml").write_text("half-edited\n")
    commit = repository.commit(repository.plan({RELEASE: "spec: 1\n", MESH: "kind: X\n"}), "deploy: x")
    assert commit == git(clone, "rev-parse", "HEAD").strip()
    assert git(clone, "show", "--name-only", "--format=%s", "HEAD").split("\n")[:1] == ["deploy: x"]
    assert git(clone, "show", "--name-only", "--format=", "HEAD").split() == [MESH, RELEASE]
    assert git(clone, "status", "--porcelain=v1").splitlines() == [
        " M clusters/mar/programs/release.yaml",
        "A  notes.txt",
    ]


def test_the_first_commit_of_a_repository_can_be_a_deploy(tmp_path):
    path = tmp_path / "fresh"
    git(tmp_path, "init", "--quiet", str(path))
    repository = GitOpsRepository(path)
    assert repository.head() is None
    assert repository.commit(repository.plan({RELEASE: "spec: 1\n"}), "deploy") == repository.head()


def test_dirty_planned_files_are_refused_and_others_are_not(clone, repository):
    (clone / RELEASE).write_text("mine\n")
    with pytest.raises(DirtyFiles) as caught:
        repository.commit(repository.plan({RELEASE: "theirs\n"}), "deploy")
    assert caught.value.diagnostics[0].data["paths"] == [RELEASE]
    assert (clone / RELEASE).read_text() == "mine\n"


def test_an_untracked_file_in_the_way_is_not_overwritten(clone, repository):
    (clone / MESH).parent.mkdir(parents=True)
    (clone / MESH).write_text("mine\n")
    with pytest.raises(DirtyFiles):
        repository.commit(repository.plan({MESH: "theirs\n"}), "deploy")
    assert (clone / MESH).read_text() == "mine\n"


def test_a_plan_is_refused_when_its_file_has_changed_since(clone, repository):
    plan = repository.plan({RELEASE: "new\n"})
    (clone / RELEASE).write_text("changed meanwhile\n")
    git(clone, "commit", "--quiet", "-am", "Meanwhile")
    with pytest.raises(PlanOutdated):
        repository.commit(plan, "deploy")
    assert (clone / RELEASE).read_text() == "changed meanwhile\n"


def test_the_author_is_the_user_and_a_fallback_only_where_none_is_known(clone, repository, monkeypatch):
    def author_of_a_deploy(content):
        repository.commit(repository.plan({RELEASE: content}), "deploy")
        return git(clone, "log", "-1", "--format=%an <%ae>").strip()

    assert author_of_a_deploy("1\n") == "feira <feira@localhost>"
    git(clone, "config", "user.name", "Bia")
    git(clone, "config", "user.email", "bia@example.org")
    assert author_of_a_deploy("2\n") == "Bia <bia@example.org>"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Caio")
    assert author_of_a_deploy("3\n") == "Caio <bia@example.org>"


def hook(clone, name, script):
    path = clone / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_refusing_hook_rolls_everything_back(clone, repository):
    hook(clone, "pre-commit", "echo no deploys on Fridays >&2; exit 1\n")
    before = state(clone)
    with pytest.raises(GitFailed, match="commit failed") as caught:
        repository.commit(repository.plan({RELEASE: "new\n", MESH: "new\n"}), "deploy")
    assert "no deploys on Fridays" in caught.value.diagnostics[0].why
    assert state(clone) == before


def test_a_failing_first_commit_rolls_everything_back(tmp_path):
    path = tmp_path / "fresh"
    git(tmp_path, "init", "--quiet", str(path))
    hook(path, "pre-commit", "exit 1\n")
    repository = GitOpsRepository(path)
    with pytest.raises(GitFailed):
        repository.commit(repository.plan({RELEASE: "x\n"}), "deploy")
    assert git(path, "status", "--porcelain=v1") == ""
    assert [entry.name for entry in path.iterdir()] == [".git"]


def test_a_locked_index_is_named_and_nothing_is_written(clone, repository):
    plan = repository.plan({MESH: "new\n"})
    before = state(clone)
    lock = clone / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(RepositoryBusy):
        repository.commit(plan, "deploy")
    lock.unlink()
    assert state(clone) == before


@pytest.mark.parametrize("failing", [0, 1])
def test_a_write_that_fails_half_way_rolls_everything_back(clone, repository, monkeypatch, failing):
    from caixa.cluster import transaction

    real, calls = os.replace, []

    def replace(source, target):
        calls.append(target)
        if len(calls) == failing + 1:
            raise OSError(28, "No space left on device")
        real(source, target)

    before = state(clone)
    monkeypatch.setattr(transaction.os, "replace", replace)
    with pytest.raises(OSError, match="No space"):
        repository.commit(repository.plan({RELEASE: "new\n", MESH: "new\n"}), "deploy")
    assert state(clone) == before


class StoppedGit(Git):
    """Raises KeyboardInterrupt where Stop would, before or after the command `at` has run."""

    def __init__(self, directory, at, *, after):
        super().__init__(directory)
        self.at, self.after = at, after

    def attempt(self, *arguments, settings=()):
        stop = self.at in arguments
        if stop and not self.after:
            raise KeyboardInterrupt
        answer = super().attempt(*arguments, settings=settings)
        if stop:
            raise KeyboardInterrupt
        return answer


@pytest.mark.parametrize(("at", "after"), [("add", False), ("add", True), ("commit", False)])
def test_stop_before_the_commit_is_made_rolls_everything_back(clone, at, after):
    repository = GitOpsRepository(clone, git=StoppedGit(clone, at, after=after))
    before = state(clone)
    with pytest.raises(KeyboardInterrupt):
        repository.commit(repository.plan({RELEASE: "new\n", MESH: "new\n"}), "deploy")
    assert state(clone) == before


def test_stop_after_the_commit_is_made_keeps_it_whole(clone):
    repository = GitOpsRepository(clone, git=StoppedGit(clone, "commit", after=True))
    with pytest.raises(KeyboardInterrupt):
        repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
    assert git(clone, "show", f"HEAD:{RELEASE}") == "new\n"
    assert git(clone, "status", "--porcelain=v1") == ""


def test_a_running_git_is_ended_from_another_thread(clone, repository):
    hook(clone, "pre-commit", "touch started; exec sleep 60\n")
    before = state(clone)

    def cancel():
        while not (clone / "started").exists():
            time.sleep(0.01)
        (clone / "started").unlink()
        repository.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    began = time.monotonic()
    with pytest.raises(GitFailed):
        repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
    canceller.join()
    assert time.monotonic() - began < 10
    assert state(clone) == before


def test_git_leads_a_session_of_its_own(clone, repository):
    hook(clone, "pre-commit", f"{sys.executable} -c 'import os; print(os.getsid(0))' > sid\n")
    repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
    assert int((clone / "sid").read_text()) != os.getsid(0)


def test_the_repository_of_a_calling_git_is_not_ours(clone, repository, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other.index"))
    assert repository.head() is not None


# -- push -------------------------------------------------------------------------------------------------


def test_a_push_takes_the_commit_to_the_remote(clone, repository, remote):
    commit = repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
    push = repository.push()
    assert (push.remote, push.branch, push.commit, push.updated) == ("origin", "main", commit, True)
    assert git(remote, "rev-parse", "main").strip() == commit
    assert not repository.push().updated


def test_a_rejected_push_says_what_to_do_and_keeps_the_commit(clone, repository, remote, tmp_path):
    git(tmp_path, "clone", "--quiet", str(remote), "other")
    other = GitOpsRepository(tmp_path / "other")
    other.commit(other.plan({RELEASE: "theirs\n"}), "First")
    other.push()
    commit = repository.commit(repository.plan({MESH: "ours\n"}), "deploy")
    with pytest.raises(PushRejected) as caught:
        repository.push()
    assert "git pull --rebase" in caught.value.diagnostics[0].fix
    assert repository.head() == commit
    git(clone, "pull", "--quiet", "--rebase", "origin", "main")
    assert repository.push().updated


def test_a_hook_of_the_remote_is_heard(clone, repository, remote):
    hook_path = remote / "hooks" / "pre-receive"
    hook_path.write_text("#!/bin/sh\necho frozen >&2\nexit 1\n")
    hook_path.chmod(0o755)
    repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
    with pytest.raises(HookRefused) as caught:
        repository.push()
    assert "frozen" in caught.value.diagnostics[0].why


def test_a_remote_that_is_gone_or_unknown_is_named(clone, repository, remote):
    with pytest.raises(RemoteMissing) as caught:
        repository.push("upstream")
    assert caught.value.diagnostics[0].data["remotes"] == ["origin"]
    remote.rename(remote.with_name("moved.git"))
    with pytest.raises(RemoteUnreachable):
        repository.push()


def test_a_detached_head_cannot_be_pushed(clone, repository):
    git(clone, "checkout", "--quiet", "--detach")
    with pytest.raises(DetachedHead):
        repository.push()


@pytest.mark.parametrize("remote_name", ["--upload-pack=touch pwned", "-o", "", "a\nb"])
def test_a_remote_that_reads_as_an_option_is_refused(clone, repository, remote_name):
    with pytest.raises(GitOpsError, match="not the name of a remote"):
        repository.push(remote_name)
    assert not (clone / "pwned").exists()


@pytest.mark.parametrize("branch", ["--force", "-f", "+main", "--receive-pack=touch pwned", "a;b", "@", "é"])
def test_a_hostile_branch_name_is_only_a_name(clone, repository, remote, branch):
    (clone / ".git" / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
    head = git(clone, "rev-parse", "main").strip()
    ref = clone / ".git" / "refs" / "heads" / branch
    ref.write_text(head + "\n")
    try:
        commit = repository.commit(repository.plan({RELEASE: "new\n"}), "deploy")
        assert repository.push().branch == branch
    except GitOpsError:  # git itself refuses some of them; then the remote must be as it was
        commit = None
    assert not list(clone.glob("pwned*"))
    assert git(remote, "rev-parse", "main").strip() == head
    if commit:
        assert git(remote, "rev-parse", f"refs/heads/{branch}").strip() == commit


@pytest.mark.parametrize("message", ["--amend", "-a", "# not a comment", "a\n\nb"])
def test_a_message_is_only_a_message(clone, repository, message):
    before = git(clone, "rev-parse", "HEAD").strip()
    repository.commit(repository.plan({RELEASE: "new\n"}), message)
    assert git(clone, "log", "-1", "--format=%B").strip() == message
    assert git(clone, "rev-parse", "HEAD^").strip() == before


def test_a_file_name_is_never_a_pattern_or_an_option(clone, repository):
    (clone / "clusters/mar/programs/release.yaml").write_text("half-edited\n")
    paths = ("-A", ":(glob)**", "clusters/*/release.yaml")
    repository.commit(repository.plan(dict.fromkeys(paths, "x\n")), "deploy")
    assert sorted(git(clone, "show", "-z", "--name-only", "--format=", "HEAD").split("\0")[:-1]) == sorted(
        paths
    )


def test_the_public_names_are_these():
    assert gitops.__all__ == ["CLUSTERS", "GitOpsRepository", "Push"]
