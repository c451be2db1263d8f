"""Modules in files: a loader over directories, which no path leads out of (language.md 4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .modules import Loader
from .source import Source

__all__ = ["SUFFIXES", "candidates", "directory_loader"]

SUFFIXES = (".tlisp", ".lisp")


def candidates(path: str) -> Iterator[str]:
    """Yield where the module `path` may be, best first: as written if it has a suffix, else file or folder."""
    if path.endswith(SUFFIXES):
        yield path
        return
    yield from (f"{path}{suffix}" for suffix in SUFFIXES)
    yield from (f"{path}/init{suffix}" for suffix in SUFFIXES)


def directory_loader(*roots: Path) -> Loader:
    """Return a loader of the modules under `roots`, of which an earlier one wins.

    A path that leads out of a root, be it by `..` or a link, is no module of it. A file that is no UTF-8 raises
    UnicodeDecodeError, one that cannot be read OSError.
    """

    def load(path: str) -> Source | None:
        for root in roots:
            for candidate in candidates(path):
                file = root / candidate
                if file.resolve().is_relative_to(root.resolve()) and file.is_file():
                    return Source(str(file), file.read_text(encoding="utf-8"))
        return None

    return load
