"""Libraries for `(importar :caixa "name")` in a cell: the session's, those its caixas lock, the lock file's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from caixa.lacre.libraries import libraries_of, library_not_found
from caixa.lisp.libraries import Library, ModuleRefused, Resolver
from caixa.manifest.library import library_of
from caixa.manifest.model import Kind
from caixa.manifest.package import Package

__all__ = ["find_library"]


def find_library(packages: Mapping[str, Package], locked: Resolver, nome: str, requirement: str) -> Library:
    """Return the library `nome`: that caixa, or what the caixas' own locks pin, else what `locked` has.

    Raises ModuleRefused as `library_of`, `libraries_of` and `locked` do; an unknown name is compared with all.
    """
    package = packages.get(nome)
    if package is not None:
        return library_of(package, requirement)
    try:
        return libraries_of(packages.values(), Path())(nome, requirement)
    except ModuleRefused as refused:
        if refused.tag != "library-not-found":
            raise
    try:
        return locked(nome, requirement)
    except ModuleRefused as refused:
        here = [name for name, each in packages.items() if each.caixa.kind is Kind.BIBLIOTECA]
        if refused.tag != "library-not-found" or not here:
            raise
        raise library_not_found(nome, here) from None
