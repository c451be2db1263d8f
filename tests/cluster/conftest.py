"""Real GitOps repositories with bare remotes, and a user who has configured nothing."""

import os

import pytest
from real_git import git

from caixa.cluster.gitops import GitOpsRepository


@pytest.fixture(autouse=True)
def _nobody(tmp_path, monkeypatch):
    """A home without configuration: whoever runs the tests must not be seen by git."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("KUBECONFIG", raising=False)


@pytest.fixture
def remote(tmp_path):
    path = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
    return path


@pytest.fixture
def clone(tmp_path, remote):
    """A clone with two clusters and one commit, pushed."""
    path = tmp_path / "k8s"
    git(tmp_path, "clone", "--quiet", str(remote), str(path))
    git(path, "checkout", "--quiet", "-B", "main")
    for cluster in ("rio", "mar"):
        release = path / "clusters" / cluster / "programs" / "release.yaml"
        release.parent.mkdir(parents=True)
        release.write_text("spec:\n  values:\n    programs: []\n")
    git(path, "add", ".")
    git(path, "commit", "--quiet", "-m", "Begin")
    git(path, "push", "--quiet", "origin", "main")
    return path


@pytest.fixture
def repository(clone):
    return GitOpsRepository(clone)
