"""A Biblioteca as the language sees it: which of its files lend names, and how its files are read."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from caixa.lisp.libraries import Library, Loader, ModuleRefused
from caixa.lisp.source import Source

from .errors import InvalidValue
from .layout import expected_library
from .model import Kind
from .package import Package
from .version import Requirement, Version

__all__ = ["files_loader", "library_of"]


def library_of(package: Package, requirement: str = "*") -> Library:
    """Return `package` as a library, whose modules are those that `:bibliotecas` names.

    Raises ModuleRefused: `not-a-library` for another kind of caixa, `version-mismatch` for a version that the
    `requirement` does not admit, `bad-requirement` for one that does not read.
    """
    caixa = package.caixa
    if caixa.kind is not Kind.BIBLIOTECA:
        message = f"`{caixa.nome}` is {caixa.kind.indefinite}, and only a Biblioteca can be imported"
        raise ModuleRefused("not-a-library", message, "Move what both need into a Biblioteca, and import that.")
    if not _admits(requirement, caixa.versao):
        message = f"`{caixa.nome}` is at version {caixa.versao}, which {requirement} does not admit"
        raise ModuleRefused("version-mismatch", message, f"Ask for ^{caixa.versao}, or lock another version.")
    entries = tuple(posixpath.normpath(path) for path in caixa.bibliotecas or (expected_library(caixa),))
    return Library(caixa.nome, entries, files_loader(caixa.nome, package.files))


def _admits(requirement: str, versao: str) -> bool:
    try:
        return Requirement.parse(requirement).matches(Version.parse(versao))
    except InvalidValue as error:
        raise ModuleRefused("bad-requirement", str(error), "Write it as ^0.1, >=1.2, <2 or *.") from error


def files_loader(nome: str, files: Mapping[str, bytes]) -> Loader:
    """Return what finds the modules among the `files` of the package `nome`, by their paths in it."""

    def load(path: str) -> Source | None:
        data = files.get(path)
        if data is None:
            return None
        try:
            return Source(f"{nome}/{path}", data.decode().removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            message = f"{nome}/{path} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
            raise ModuleRefused("module-unreadable", message, "Save it as UTF-8.") from error

    return load
