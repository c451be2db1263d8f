"""Real `feira` processes that share a forge of repositories and one cache, as people on one machine do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .repositories import Repository
from .universe import dep, manifest

FEIRA = "import sys; from feira.cli import main; main(sys.argv[1:])"


@dataclass(frozen=True)
class Workplace:
    """A folder with a forge, which git takes for github.com, a cache, and packages."""

    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache" / "caixa"

    @property
    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        forge = f'[url "file://{self.folder}/forge/"]\n\tinsteadOf = https://github.com/\n'
        (home / ".gitconfig").write_text(forge)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_"))}
        return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(self.folder / "cache"), "NO_COLOR": "1"}

    def publish(self, nome: str, versao: str = "0.1.0", *deps: str) -> Repository:
        repository = Repository(self.folder / "forge" / "pleme-io" / f"{nome}.git")
        repository.publish(nome, versao, *deps)
        return repository

    def package(self, nome: str, *needs: str) -> Path:
        """Make a package that needs some names, in a folder of its own."""
        root = self.folder / nome
        root.mkdir()
        (root / "caixa.lisp").write_text(manifest(nome, "1.0.0", tuple(dep(each) for each in needs)))
        return root

    def start(self, root: Path, *words: str, first: str = "") -> subprocess.Popen[str]:
        """Start `feira WORDS` in a package; `first` is Python that runs in the process before it."""
        return subprocess.Popen(
            [sys.executable, "-c", f"{first}\n{FEIRA}", *words],
            cwd=root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, root: Path, *words: str, first: str = "") -> tuple[int, str, str]:
        """Return exit status, output and complaint of `feira WORDS`."""
        with self.start(root, *words, first=first) as process:
            out, err = process.communicate(timeout=120)
        return process.returncode, out, err


@cache
def why_no_small_disks() -> str:
    """Return why this machine does not let a process mount a disk of its own, or nothing if it does."""
    if shutil.which("unshare") is None:
        return "there is no unshare(1)"
    probe = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return f"no private mounts: {done.stderr.strip()}" if done.returncode else ""
