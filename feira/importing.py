"""What a folder of sources says about the package it could be: its kind, name, version, parts and needs.

A function of what is there; every guess says what it was taken from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Form, keyword_name
from caixa.lisp.values import Symbol
from caixa.manifest.errors import InvalidValue
from caixa.manifest.model import Kind
from caixa.manifest.names import label_of
from caixa.manifest.package import MANIFEST
from caixa.manifest.version import Version

from .errors import BadName, NothingToImport

__all__ = ["Folder", "Guess", "guesses", "libraries_in"]

_NOT_CODE = frozenset({"test", "tests", "spec", "examples", "bench", "infra"})
_LICENCES = (
    ("Apache-2.0", re.compile(r"Apache License\s+Version 2\.0")),
    ("MIT", re.compile(r"\bMIT License\b|Permission is hereby granted, free of charge")),
    ("MPL-2.0", re.compile(r"Mozilla Public License,? [Vv]ersion 2\.0")),
    ("ISC", re.compile(r"\bISC License\b")),
    ("BSD-3-Clause", re.compile(r"BSD 3-Clause")),
)
_FORGES = re.compile(
    r"(?:https://|ssh://git@|git@)(github|gitlab|codeberg)\.(?:com|org)[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?\Z"
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was found: its name, its files, and what git says of it."""

    name: str
    files: Mapping[str, bytes]
    tags: Sequence[str] = ()
    remote: str = ""

    def lisp(self, *folders: str) -> list[str]:
        """Return the Lisp files, those below `folders` if any are given."""
        found = (path for path in self.files if path.endswith(".lisp") and path != MANIFEST)
        return sorted(path for path in found if not folders or path.split("/")[0] in folders)


class Guess(NamedTuple):
    """A slot, its value, and what it was taken from."""

    slot: str
    value: Any
    why: str


def guesses(folder: Folder) -> list[Guess]:
    """Return a guess for each slot that something speaks for, in the order of a manifest.

    Raises NothingToImport for a folder without sources, BadName for one whose name no caixa can have.
    """
    kind, parts = _kind(folder)
    nome = _nome(folder)
    return [
        nome,
        _versao(folder),
        kind,
        Guess("edicao", "2026", "that of new packages"),
        _descricao(folder, nome.value, kind.value),
        *_repositorio(folder),
        *_licenca(folder),
        *parts,
        *_deps(folder, nome.value),
    ]


def _kind(folder: Folder) -> tuple[Guess, list[Guess]]:
    """Return the kind, and the slot of its parts."""
    units = sorted(
        path for path in folder.files if path.startswith("servicos/") and path.endswith((".yaml", ".yml"))
    )
    if units:
        return _of(Kind.SERVICO, units), [Guess("servicos", units, "servicos/")]
    programs = folder.lisp("exe")
    if programs:
        return _of(Kind.BINARIO, programs), [Guess("exe", programs, "exe/")]
    libraries = folder.lisp("lib") or [
        path for path in folder.lisp() if not _NOT_CODE.intersection(PurePosixPath(path).parts)
    ]
    if not libraries:
        raise NothingToImport(folder.name)
    return _of(Kind.BIBLIOTECA, libraries), [Guess("bibliotecas", libraries, "the Lisp files")]


def _of(kind: Kind, parts: Sequence[str]) -> Guess:
    more = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
    return Guess("kind", Symbol(kind.value), f"there is {parts[0]}{more}")


def _nome(folder: Folder) -> Guess:
    label = label_of(folder.name)
    if label is None:
        raise BadName(folder.name, None)
    return Guess("nome", label, "the name of the folder")


def _versao(folder: Folder) -> Guess:
    found = [version for tag in folder.tags if (version := _version(tag)) is not None]
    if not found:
        return Guess("versao", "0.1.0", "no tag says another")
    highest = max(found)
    return Guess("versao", str(highest), "the highest tag of git")


def _version(tag: str) -> Version | None:
    try:
        return Version.parse(tag.removeprefix("v"))
    except InvalidValue:
        return None


def _descricao(folder: Folder, nome: str, kind: object) -> Guess:
    readme = next((path for path in ("README.md", "README", "README.txt") if path in folder.files), None)
    lines = folder.files[readme].decode("utf-8", "replace").splitlines() if readme else []
    prose = (line.strip() for line in lines if re.match(r"\s*[A-Za-z][^<>|`\[\]]*\Z", line))
    sentence = next(prose, "")
    first = re.match(r".{1,160}?[.!?](?=\s|\Z)", sentence)
    if readme and first and "FIXME" not in first[0]:
        return Guess("descricao", first[0], readme)
    return Guess("descricao", f"The {kind} {nome}.", "nothing says another")


def _repositorio(folder: Folder) -> Iterator[Guess]:
    found = _FORGES.match(folder.remote)
    if found:
        yield Guess("repositorio", f"{found[1]}:{found[2]}", "the remote origin")


def _licenca(folder: Folder) -> Iterator[Guess]:
    for path in ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING"):
        text = folder.files.get(path, b"").decode("utf-8", "replace")
        found = next((name for name, pattern in _LICENCES if pattern.search(text)), None)
        if found:
            yield Guess("licenca", found, path)
            return


def _deps(folder: Folder, nome: str) -> Iterator[Guess]:
    texts = (Source(path, folder.files[path].decode("utf-8", "replace")) for path in folder.lisp())
    wanted = sorted(set(libraries_in(texts)) - {nome})
    if wanted:
        deps = [{"nome": each, "versao": "*"} for each in wanted]
        yield Guess("deps", deps, "what the sources import")


def libraries_in(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the name of each library that a source imports; a source that does not read names none."""
    for source in sources:
        try:
            forms = read(source).forms
        except ReaderError:
            continue
        for form in forms:
            if not isinstance(form, Form) or form.head != "importar":
                continue
            for key, value in zip(form.items, form.items[1:], strict=False):
                if keyword_name(key) == "caixa" and isinstance(value, Atom) and isinstance(value.value, str):
                    yield value.value
