"""Packages that a lock pins to a commit, laid out as files: an editor opens only what has a path.

They come from this person's cache alone, as they were sealed: nothing is fetched while somebody types. Each
content is laid out once, beside what it was made of, and may only be read.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from caixa.lacre.digest import PREFIX
from caixa.lacre.lock import Lock, LockEntry
from caixa.lacre.members import cached, read_locked
from caixa.lacre.package_digest import package_digest
from caixa.lacre.places import cache_directory, load_config
from caixa.lisp.diagnostics import Reportable
from caixa.manifest.package import MANIFEST, Package

__all__ = ["laid_out"]

_FOLDER: Final = "sources"
_READ_ONLY: Final = 0o444


def laid_out(lock: Lock, entry: LockEntry, root: Path) -> Path | None:
    """Return the folder of the package that `entry` pins; None if it is not here, or not what was locked."""
    try:
        package = read_locked(lock, entry, cached(root))
    except (Reportable, OSError):
        return None
    folder = _sources() / package_digest(package).removeprefix(PREFIX)[:32] / package.nome
    try:
        return folder if folder.is_dir() else _made(package, folder)
    except OSError:  # a full disk, or one that may only be read: then there is nowhere to go
        return None


def _sources() -> Path:
    return cache_directory(os.environ, load_config(os.environ)) / _FOLDER


def _made(package: Package, folder: Path) -> Path:
    """Lay a package out; another process may do the same, and whoever is first has done it for both."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for path, data in {**package.files, MANIFEST: package.manifest.text.encode()}.items():
            target = unfinished / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(_READ_ONLY)
        with suppress(OSError):
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder
