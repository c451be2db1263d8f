"""A locked graph of 200 packages from the cache: every content read, hashed and compared with its seal."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path

from harness import Row, Target, main, median

from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.lock import Lock, read_lock, write_lock
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.store import Store
from caixa.lisp.source import Source
from caixa.manifest.package import Package

PACKAGES = 200
NEEDS = 4  # dependencies of a package


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


def measure(*, quick: bool) -> list[Row]:
    runs = 3 if quick else 11
    took, larger = seconds(PACKAGES, runs), seconds(4 * PACKAGES, 3)
    note = f"{4 * PACKAGES} packages take {larger:.2f} s; no other kernel does this"
    return [Row("locked graph of 200 packages", "s", took, None, Target(limit=1), Target(limit=0.5), note)]


if __name__ == "__main__":
    main(measure)
