"""A locked graph of 200 packages from the cache: every content read, hashed and compared with its seal.

And 20 repositories over a link that takes its time, fetched several at once, beside one after the other.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from pathlib import Path

from harness import Row, Target, main, median

from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.git_source import Limits
from caixa.lacre.lock import Lock, read_lock, write_lock
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.store import Store
from caixa.lisp.source import Source
from caixa.manifest.package import Package

PACKAGES = 200
NEEDS = 4  # dependencies of a package
REPOSITORIES = 20
SSH = """\
#!/bin/sh
for last; do :; done
sleep 0.15
exec sh -c "$last"
"""


def name(number: int) -> str:
    return f"package-{number:03}"


def manifest(nome: str, needs: list[int]) -> str:
    deps = " ".join(f'(:nome "{name(each)}" :versao "^1.0")' for each in needs)
    return (
        f'(defcaixa :nome "{nome}" :versao "1.0.0" :kind Biblioteca :descricao "One of many." :licenca "MIT"\n'
        f"  :deps ({deps}))\n"
    )


def fill(store: Store, packages: int) -> None:
    """Keep the packages as fetching them would have; each needs the next few."""
    for number in range(packages):
        needs = [each for each in range(number + 1, number + 1 + NEEDS) if each < packages]
        nome = name(number)
        rev = hashlib.sha1(nome.encode()).hexdigest()
        source = f"(provide answer)\n(define (answer x) (+ x {number}))\n" * 20
        store.keep(rev, {"caixa.lisp": manifest(nome, needs).encode(), f"lib/{nome}.lisp": source.encode()})
        store.keep_refs(f"https://github.com/pleme-io/{nome}.git", {"refs/tags/v1.0.0": rev})


def resolve_once(root: Package, folder: Path, lock: Lock) -> tuple[float, Lock]:
    """Seconds to a lock, with a fetcher that has seen nothing yet."""
    begun = time.perf_counter()
    fetcher = SourceFetcher(folder, Store(folder / "cache"), is_offline=True)
    found = resolve(Request(root, lock), fetcher).lock()
    return time.perf_counter() - begun, found


def seconds(packages: int, runs: int) -> float:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(Store(folder / "cache"), packages)
        root = Package.from_text(manifest("app", [0]))
        _, lock = resolve_once(root, folder, Lock.of(()))
        assert len(lock.entradas) == packages
        text = write_lock(lock)
        samples = []
        for _ in range(runs):
            took, again = resolve_once(root, folder, read_lock(Source("lacre.lisp", text)))
            assert write_lock(again) == text
            samples.append(took)
        return median(samples)


def publish(folder: Path, nome: str) -> str:
    """Make a repository with one release; return the dependency on it."""
    (folder / nome).mkdir()
    (folder / nome / "caixa.lisp").write_text(manifest(nome, []))
    author = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", nome), ("tag", "v1.0.0")):
        subprocess.run(["git", *words], cwd=folder / nome, check=True)
    return f'(:nome "{nome}" :versao "*" :fonte (:tipo git :repo "ssh://git@127.0.0.1{folder}/{nome}"))'


def fetching(runs: int) -> tuple[float, float]:
    """Seconds to resolve the repositories several at once, and one after the other."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "ssh").write_text(SSH)
        (folder / "ssh").chmod(0o755)
        os.environ |= {"GIT_SSH_COMMAND": str(folder / "ssh"), "GIT_SSH_VARIANT": "ssh"}
        deps = " ".join(publish(folder, name(number)) for number in range(REPOSITORIES))
        root = Package.from_text(f'(defcaixa :nome "app" :versao "1.0.0" :kind Biblioteca :deps ({deps}))')
        many, one = [], []
        for run in range(runs):
            for samples, limits in ((many, Limits()), (one, Limits(at_once=1))):
                begun = time.perf_counter()
                cache = Store(folder / f"cache-{run}-{limits.at_once}")
                with SourceFetcher(folder, cache, limits=limits) as fetcher:
                    resolve(Request(root), fetcher)
                samples.append(time.perf_counter() - begun)
        return median(many), median(one)


def measure(*, quick: bool) -> list[Row]:
    runs = 3 if quick else 11
    took, larger = seconds(PACKAGES, runs), seconds(4 * PACKAGES, 3)
    note = f"{4 * PACKAGES} packages take {larger:.2f} s; no other kernel does this"
    many, one = fetching(1 if quick else 3)
    beside = "beside one after the other, at 0.15 s a connection"
    return [
        Row("locked graph of 200 packages", "s", took, None, Target(limit=1), Target(limit=0.5), note),
        Row(f"{REPOSITORIES} repositories fetched", "s", many, one, Target(0.5), Target(0.25), beside),
    ]


if __name__ == "__main__":
    main(measure)
