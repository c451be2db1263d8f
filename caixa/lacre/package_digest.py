"""The address of a package: one digest over all that it is (DESIGN section 6, label `caixa.package.v1`).

Covered are the canonical manifest, so that layout and comments do not count, every file by its path, and the
closures of the locked dependencies. The stream is framed, so two different packages never share a digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from caixa.manifest.canonical import to_lisp
from caixa.manifest.package import Package

from .digest import label_digest, labelled
from .errors import InvalidLock
from .lock import LOCK, Lock, read_lock_bytes

__all__ = ["LABEL", "label_digest", "locked", "package_digest"]

LABEL = "caixa.package.v1"


def package_digest(package: Package) -> str:
    """Return the digest of `package`, as `blake3:` and 64 hex digits; the order of its files does not count.

    A lock that does not read counts by its bytes alone: a package that is broken still has an address.
    """
    return labelled(_stream(package))


def _stream(package: Package) -> Iterator[tuple[str, str | bytes]]:
    yield LABEL, to_lisp(package.caixa)
    for path, data in sorted(package.files.items()):
        yield "path", path
        yield "file", data
    try:
        lock = locked(package)
    except InvalidLock:
        return
    for entry in sorted(lock.entradas, key=lambda entry: (entry.nome, entry.fechamento)) if lock else ():
        yield "nome", entry.nome
        yield "dep", entry.fechamento


def locked(package: Package) -> Lock | None:
    """Return the lock among the package's files, or None. Raises InvalidLock, also for what is not UTF-8."""
    data = package.files.get(LOCK)
    return None if data is None else read_lock_bytes(f"{package.nome}/{LOCK}", data)
