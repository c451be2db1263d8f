"""A command line in a folder of its own, as a person uses it, and a cluster's repository to deploy into."""

import io
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from forging import manifest

from feira.cli import run
from feira.terminal import Terminal

RELEASE = """# the fleet of this cluster
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: programs
spec:
  values:
    programs: []
"""


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


class Feira:
    """Runs `feira WORDS` in a folder and catches both streams."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __call__(self, *words: str, environment=(), streams=None) -> Outcome:
        out, err = streams or (io.StringIO(), io.StringIO())
        status = run(words, Terminal(out, err, dict(environment)))
        return Outcome(status, out.getvalue(), err.getvalue())

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def files(self) -> dict[str, bytes]:
        """Every file here but git's own."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        named = ((path.relative_to(self.folder), path) for path in found)
        return {name.as_posix(): path.read_bytes() for name, path in named if ".git" not in name.parts}


@pytest.fixture
def feira(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_") or name in ("NO_COLOR", "KUBECONFIG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("PLEME_K8S_REPO", raising=False)
    # No test reaches the network: for git, every forge is a folder that does not exist.
    (home / ".gitconfig").write_text(f'[url "file://{tmp_path}/no-network/"]\n\tinsteadOf = https://\n')
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Feira(folder)


def _git(directory: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", *words]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def git():
    return _git


@pytest.fixture
def k8s(tmp_path, feira):
    """A GitOps repository with the clusters `local` and `rio`, and its bare remote `k8s.git`."""
    _git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "k8s.git")
    _git(tmp_path, "clone", "--quiet", "k8s.git", "k8s")
    path = tmp_path / "k8s"
    _git(path, "checkout", "--quiet", "-B", "main")
    for cluster in ("local", "rio"):
        release = path / "clusters" / cluster / "programs" / "release.yaml"
        release.parent.mkdir(parents=True)
        release.write_text(RELEASE)
    _git(path, "add", ".")
    _git(path, "commit", "--quiet", "-m", "Begin")
    _git(path, "push", "--quiet", "origin", "main")
    return path


@pytest.fixture
def forge(tmp_path, feira, git, monkeypatch):
    """A folder that git takes for github.com, and a function that publishes packages there."""
    folder = tmp_path / "forge"
    (tmp_path / "home" / ".gitconfig").write_text(
        f'[url "file://{folder}/"]\n\tinsteadOf = https://github.com/\n'
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def publish(nome, versao="0.1.0", deps="", tag=None):
        path = folder / "pleme-io" / f"{nome}.git"
        if not path.exists():
            path.mkdir(parents=True)
            git(path, "init", "--quiet")
        (path / "caixa.lisp").write_text(manifest(nome, versao, deps))
        (path / "lib").mkdir(exist_ok=True)
        (path / "lib" / f"{nome}.lisp").write_text(f"(provide answer)\n(define answer {versao[2]})\n")
        git(path, "add", ".")
        git(path, "commit", "--quiet", "--allow-empty", "-m", versao)
        git(path, "tag", "--force", tag or f"v{versao}")
        return path

    return publish
