"""Real repositories in a folder of the test, made as a person at a terminal makes them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from .universe import manifest

DATE = "2026-01-01T00:00:00Z"


def git(directory: Path, *arguments: str, given: bytes | None = None) -> str:
    settings = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main")
    environment = {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    environment |= {"HOME": str(directory), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=directory,
        capture_output=True,
        check=True,
        env=environment,
        input=given,
    )
    return done.stdout.decode()


class Repository:
    """One repository with a work tree."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        git(path, "init", "--quiet")

    @property
    def url(self) -> str:
        return f"file://{self.path}"

    def commit(self, files: Mapping[str, str], *refs: str) -> str:
        """Commit `files`, tag it with each of `refs`, and return the commit."""
        for name, text in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        git(self.path, "add", "--force", ".")
        git(self.path, "commit", "--quiet", "--allow-empty", "--no-verify", "-m", "Change")
        for ref in refs:
            git(self.path, "tag", "--force", "-a", ref, "-m", ref)
        return git(self.path, "rev-parse", "HEAD").strip()

    def publish(self, nome: str, versao: str, *deps: str, tag: str | None = None) -> str:
        """Commit a package and tag it with its version."""
        return self.commit(
            {"caixa.lisp": manifest(nome, versao, deps), f"lib/{nome}.lisp": f";; {versao}\n"},
            f"v{versao}" if tag is None else tag,
        )
