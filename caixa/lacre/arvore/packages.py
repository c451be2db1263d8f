"""The addresses of what a package defines, file by file, and of what a session has defined.

Files are modules of one another: a name that one borrows is the definition in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from caixa.lisp.analysis import Analysed, Analyst, TopForm
from caixa.lisp.core import Define
from caixa.lisp.libraries import Resolver, no_libraries
from caixa.lisp.modules import SUFFIXES, Borrowed
from caixa.lisp.source import Source
from caixa.manifest.library import files_loader
from caixa.manifest.package import Package

from .addresses import Addresses
from .program import Program

__all__ = ["package_addresses", "session_addresses"]

_TYPED_FORMS: Final = ("defcaixa", "deflacre", "defteia")
_NOT_CODE: Final = ("caixa.lisp", "lacre.lisp", "flake.lisp")


def package_addresses(package: Package, libraries: Resolver = no_libraries) -> dict[str, Addresses]:
    """Return the addresses of each Lisp file of `package`, by its path. Raises LispError for what is wrong."""
    analyst = _analyst(Analyst(files_loader(package.nome, package.files), libraries))
    paths = [path for path in sorted(package.files) if _is_code(path)]
    for path in paths:
        analyst.module(path)
    known = _modules(analyst)
    return {path: known[path] for path in paths}


def session_addresses(cells: Sequence[Source], libraries: Resolver = no_libraries) -> Addresses:
    """Return the addresses of what `cells` define in this order; a later one replaces what it defines again.

    Raises LispError for what does not expand.
    """
    analyst = _analyst(Analyst(libraries=libraries))
    found = analyst.program(*cells)
    known = _modules(analyst)
    imports = _imports(analyst.borrowed(), known)
    return Addresses(Program.of(_current(found), (), imports), analyst.namespace.is_native)


def _analyst(analyst: Analyst) -> Analyst:
    for head in _TYPED_FORMS:
        analyst.define_domain(head)
    return analyst


def _is_code(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path.endswith(SUFFIXES) and path not in _NOT_CODE and not any(part.startswith(".") for part in parts)


def _modules(analyst: Analyst) -> dict[str, Addresses]:
    """Return the addresses of every module; those that one borrows from come before it."""
    known: dict[str, Addresses] = {}
    for key, module in analyst.modules.items():
        known[key] = _addresses(module, known, analyst)
    return known


def _addresses(module: Analysed, known: Mapping[str, Addresses], analyst: Analyst) -> Addresses:
    imports = _imports(module.borrowed, known)
    return Addresses(Program.of(module.forms, module.provided, imports), analyst.namespace.is_native)


def _imports(borrowed: Mapping[str, Borrowed], known: Mapping[str, Addresses]) -> dict[str, str]:
    return {name: known[origin.key].of(origin.name) for name, origin in borrowed.items()}


def _current(cells: Sequence[Sequence[TopForm]]) -> Iterable[TopForm]:
    """Yield the forms of all cells, but for definitions that a later cell has made again."""
    last = {name: index for index, cell in enumerate(cells) for form in cell if (name := _defined(form))}
    for index, cell in enumerate(cells):
        for form in cell:
            name = _defined(form)
            if name is None or last[name] == index:
                yield form


def _defined(form: TopForm) -> str | None:
    return form.macro or (form.code.name if isinstance(form.code, Define) else None)
