"""Libraries that `(importar :caixa "name")` reaches: what the language asks of whoever knows packages.

The language knows neither packages nor lock files: a resolver, given to the interpreter, finds a library by
its name, and a loader finds the files in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .source import Source

__all__ = ["Library", "Loader", "ModuleRefused", "Resolver", "no_libraries", "no_modules"]

Loader = Callable[[str], Source | None]
"""Returns the source of the file at a path inside a directory or library, or None. Raises ModuleRefused."""


class Library(NamedTuple):
    """A library: the paths of the modules that lend its names, and what finds these and all others in it."""

    nome: str
    entries: tuple[str, ...]
    loader: Loader


class ModuleRefused(Exception):
    """A library or module that cannot be had; it becomes an error of the form that asked for it."""

    def __init__(self, tag: str, message: str, fix: str = "") -> None:
        """Say by a tag, as `catch` sees it, and in words why not, and what to do."""
        super().__init__(message)
        self.tag, self.fix = tag, fix


Resolver = Callable[[str, str], Library]
"""Finds a library by its name and a requirement on its version, `*` for any. Raises ModuleRefused."""


def no_modules(path: str) -> Source | None:  # noqa: ARG001  # the signature of a loader
    """Know no modules."""
    return None


def no_libraries(nome: str, requirement: str) -> Library:  # noqa: ARG001  # the signature of a resolver
    """Know no libraries."""
    raise ModuleRefused("library-not-found", f"there is no library `{nome}`", "No libraries are known here.")
