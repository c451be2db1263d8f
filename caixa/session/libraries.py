"""Libraries for `(importar :caixa "name")` in a cell: those of the session, then those of the lock file."""

from __future__ import annotations

from collections.abc import Mapping

from caixa.lacre.libraries import library_not_found
from caixa.lisp.libraries import Library, ModuleRefused, Resolver
from caixa.manifest.library import library_of
from caixa.manifest.model import Kind
from caixa.manifest.package import Package

__all__ = ["find_library"]


def find_library(packages: Mapping[str, Package], locked: Resolver, nome: str, requirement: str) -> Library:
    """Return the library `nome`: the caixa of that name among `packages`, else what `locked` has.

    Raises ModuleRefused as `library_of` does, or as `locked` does; an unknown name is compared with both.
    """
    package = packages.get(nome)
    if package is not None:
        return library_of(package, requirement)
    try:
        return locked(nome, requirement)
    except ModuleRefused as refused:
        here = [name for name, each in packages.items() if each.caixa.kind is Kind.BIBLIOTECA]
        if refused.tag != "library-not-found" or not here:
            raise
        raise library_not_found(nome, here) from None
