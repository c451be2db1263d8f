"""The rules on a package as a whole: its lock, its mesh, and the invariants of a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from caixa.lacre.errors import InvalidLock
from caixa.lacre.lock import LOCK, Lock, LockEntry, read_lock
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source, Span
from caixa.manifest.decode import read_manifest
from caixa.manifest.errors import InvalidValue
from caixa.manifest.model import Caixa, ContratoShape, Dep, GitFonte, Kind, PathFonte, StateChange
from caixa.manifest.package import MANIFEST
from caixa.manifest.reading import Reading
from caixa.manifest.version import Requirement, Version

from .findings import finding

__all__ = ["PackageFiles", "check_package", "unchecked"]

_CODE_FOLDERS = ("lib/", "exe/")
_FLAKE = "flake.nix"
_TRIO = ("nixosModules", "darwinModules", "homeManagerModules")
_RENDERED = ("Chart.yaml", "helmrelease.yaml", "kustomization.yaml", "flux-kustomization.yaml")
_NOTES = "CLAUDE.md"


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """The manifest, and the other files by relative path."""

    manifest: Source
    files: Mapping[str, bytes]

    def source(self, path: str) -> Source | None:
        """Return a file as a text named by where it lies, or None."""
        data = self.files.get(path)
        name = posixpath.join(posixpath.dirname(self.manifest.name), path)
        return None if data is None else Source(name, data.decode("utf-8", "replace"))


def check_package(package: PackageFiles, *, is_strict: bool = False) -> Iterator[Diagnostic]:
    """Yield what is wrong with a package beyond its texts; `is_strict` adds the invariants of a repository.

    A manifest that does not decode is left to `validate`.
    """
    reading = read_manifest(package.manifest)
    if reading.caixa is None:
        return
    yield from _check_lock(reading.caixa, reading, package)
    yield from _check_contracts(reading.caixa, reading)
    if is_strict:
        yield from _check_membership(reading.caixa, reading, package)
        yield from _check_notes(reading, package)
        yield from _check_rendered(reading, package)
        yield from _check_coverage(reading.caixa, reading)
        yield from _check_modules(reading, package)
        yield from _check_naivete(reading, package)


def unchecked(package: PackageFiles) -> dict[str, str]:
    """Return the invariants of a repository that this package says nothing about, each with the reason."""
    found: dict[str, str] = {}
    if _NOTES not in package.files:
        found["claude-md-pointer"] = f"there is no {_NOTES}"
    if _FLAKE not in package.files:
        found["module-trio-adoption"] = f"there is no {_FLAKE}, and so no module of a system"
    return found


# -- the lock -------------------------------------------------------------------------------------------------


def _check_lock(caixa: Caixa, reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    source = package.source(LOCK)
    if source is None:
        return  # a package that was never resolved has no lock to be stale
    try:
        lock = read_lock(source)
    except InvalidLock as error:
        yield from error.diagnostics
        return
    if not lock.is_coherent:
        message = "the root of the lock is not that of its entries"
        why = "Somebody edited it, or half of it was written."
        yield finding("stale-lock", source.span(0, 0), message, why=why)
    for index, dep in enumerate(caixa.deps):
        yield from _check_entry(dep, lock.entry(dep.nome), reading.span_of("deps", index))
    for entry in _left_over(caixa, lock):
        message = f"the lock has {entry.nome}, which nothing needs"
        yield finding("stale-lock", _place_of(entry, source), message, nome=entry.nome)


def _check_entry(dep: Dep, entry: LockEntry | None, span: Span | None) -> Iterator[Diagnostic]:
    if entry is None:
        if not dep.opcional:
            yield finding("stale-lock", span, f"the lock has no {dep.nome}", nome=dep.nome)
    elif not _admits(dep.versao, entry.versao):
        message = f"the lock has {dep.nome} {entry.versao}, and {dep.versao} is asked for"
        yield finding("stale-lock", span, message, nome=dep.nome)
    elif not _is_same_source(dep, entry):
        message = f"the lock has {dep.nome} from elsewhere than is asked for"
        yield finding("stale-lock", span, message, nome=dep.nome)


def _admits(requirement: str, version: str) -> bool:
    if requirement == version:
        return True
    try:
        return Requirement.parse(requirement).matches(Version.parse(version))
    except InvalidValue:
        return True  # what is no version is not this rule's to say


def _is_same_source(dep: Dep, entry: LockEntry) -> bool:
    asked, locked = dep.fonte, entry.fonte
    if isinstance(asked, PathFonte):
        return locked == asked
    if isinstance(asked, GitFonte):
        pins = ("tag", "rev")
        same = isinstance(locked, GitFonte) and asked.repo == locked.repo
        return same and all(getattr(asked, pin) in (None, getattr(locked, pin)) for pin in pins)
    return True


def _left_over(caixa: Caixa, lock: Lock) -> Iterator[LockEntry]:
    """Yield the entries that no dependency leads to."""
    waiting = [dep.nome for dep in (*caixa.deps, *caixa.deps_dev)]
    waiting += [each.caixa for each in caixa.membros]
    waiting += [each.caixa for each in caixa.children]
    needed: set[str] = set()
    while waiting:
        nome = waiting.pop()
        entry = lock.entry(nome) if nome not in needed else None
        needed.add(nome)
        waiting += entry.deps_diretas if entry is not None else ()
    return (entry for entry in lock.entradas if entry.nome not in needed)


def _place_of(entry: LockEntry, source: Source) -> Span:
    at = source.text.find(f'"{entry.nome}"')
    return source.span(max(at, 0), at + len(entry.nome) + 2 if at >= 0 else 0)


# -- the mesh -------------------------------------------------------------------------------------------------


def _check_contracts(caixa: Caixa, reading: Reading) -> Iterator[Diagnostic]:
    """Yield the calls whose caller no request reaches: from the entrance, or from what takes messages."""
    if caixa.entrada is None:
        return
    reached = {caixa.entrada.para}
    reached |= {each.para for each in caixa.contratos if each.shape is not ContratoShape.HTTP}
    waiting = list(reached)
    while waiting:
        at = waiting.pop()
        new = {each.para for each in caixa.contratos if each.de == at} - reached
        reached |= new
        waiting += new
    for index, contrato in enumerate(caixa.contratos):
        if contrato.shape is ContratoShape.HTTP and contrato.de not in reached:
            message = f"no request from the entrance reaches {contrato.de}, which would call {contrato.para}"
            why = "It is used only if that member begins by itself."
            span = reading.span_of("contratos", index)
            yield finding("unused-contract", span, message, why=why, de=contrato.de, para=contrato.para)


# -- the invariants of a repository (substrate.md 1.18) --------------------------------------------------------


def _check_membership(caixa: Caixa, reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    named = _named(caixa)
    texts = b"\n".join(package.files.get(path, b"") for path in package.files if path.endswith(".lisp"))
    for path in package.files:
        if not (path.startswith(_CODE_FOLDERS) and path.endswith((".lisp", ".tlisp"))) or path in named:
            continue
        stem = posixpath.splitext(posixpath.basename(path))[0]
        if not any(f"{mark}{stem}".encode() in texts for mark in ('"./', '"../', '"', "/")):
            span = reading.span_of("bibliotecas")
            yield finding("manifest-membership", span, f"{path} is named by nothing", path=path)


def _named(caixa: Caixa) -> set[str]:
    """Return the paths of the sources that the manifest names, or has by default."""
    paths = [*caixa.bibliotecas, *caixa.exe, *caixa.servicos, f"lib/{caixa.nome}.lisp"]
    paths += [path for _, path in caixa.behavior.declared] if caixa.behavior else []
    paths += [path for _, path in caixa.hooks]
    steps = (each for entry in caixa.upgrade_from for each in entry.instructions)
    paths += [each.script for each in steps if isinstance(each, StateChange)]
    return {posixpath.normpath(path) for path in paths}


def _check_notes(reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    notes = package.files.get(_NOTES)
    if notes is not None and MANIFEST.encode() not in notes:
        span = reading.span_of("nome")
        yield finding("claude-md-pointer", span, f"{_NOTES} does not mention {MANIFEST}", path=_NOTES)


def _check_rendered(reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    for path in package.files:
        if posixpath.basename(path) in _RENDERED:
            span = reading.span_of("nome")
            yield finding("hand-roll", span, f"{path} is written by hand", path=path)


def _check_coverage(caixa: Caixa, reading: Reading) -> Iterator[Diagnostic]:
    if caixa.kind is not Kind.SERVICO:
        return
    missing: Sequence[str] = [
        f":{slot}" for slot, value in (("limits", caixa.limits), ("behavior", caixa.behavior)) if value is None
    ]
    if missing:
        message = f"the Servico has no {' and no '.join(missing)}"
        yield finding("deployment-coverage", reading.span_of("kind"), message, missing=list(missing))


def _check_modules(reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    """Yield the kinds of system that a flake with modules has none for."""
    text = re.sub(r"#[^\n]*", "", package.files.get(_FLAKE, b"").decode("utf-8", "replace"))
    named = [kind for kind in _TRIO if re.search(rf"\b{kind}\b", text)]
    missing = [kind for kind in _TRIO if kind not in named]
    if named and missing:
        message = f"{_FLAKE} has {' and '.join(named)}, and no {' and no '.join(missing)}"
        yield finding("module-trio-adoption", reading.span_of("nome"), message, missing=missing)


def _check_naivete(reading: Reading, package: PackageFiles) -> Iterator[Diagnostic]:
    """Yield the folders below that are laid out as a package, and that no manifest speaks for."""
    folders = {folder for path in package.files if (folder := _laid_out(path))}
    owned = {posixpath.dirname(path) for path in package.files if posixpath.basename(path) == MANIFEST}
    for folder in sorted(folders - owned):
        message = f"{folder}/ is laid out as a package, and has no {MANIFEST}"
        yield finding("caixa-naivete", reading.span_of("nome"), message, folder=folder)


def _laid_out(path: str) -> str:
    """Return the folder that a file of this path makes look like a package of its own; empty for none."""
    is_source = path.endswith((".lisp", ".tlisp", ".computeunit.yaml"))
    folder, _, kind = posixpath.dirname(path).rpartition("/")
    return folder if is_source and kind in ("lib", "exe", "servicos") else ""
