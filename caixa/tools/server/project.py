"""Documents together: open ones and files, their packages, and what a name in one means in another."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from caixa.lacre.lock import LOCK, Lock, LockEntry, read_lock
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.expander import Macro
from caixa.lisp.introspection import names
from caixa.lisp.modules import SUFFIXES
from caixa.lisp.requests import Request, read_import, read_require
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form
from caixa.manifest.decode import decode_form
from caixa.manifest.layout import expected_library
from caixa.manifest.model import GitFonte, PathFonte
from caixa.manifest.package import MANIFEST
from caixa.manifest.reading import Reading

from ..errors import InvalidSettings
from ..formatting.configuration import STYLE_FILE, read_style
from ..formatting.style import Style
from ..linting.configuration import CONFIG_FILE, Configuration, read_configuration
from .environment import Environment, Expansions, outline
from .index import Index, Part
from .linting import Linting
from .pieces import Parsed, Piece, cut
from .text import Text

__all__ = ["SETTINGS", "Disk", "Files", "Meaning", "Project", "manifest_reading"]

SETTINGS: Final = (CONFIG_FILE, STYLE_FILE)

_MOST_FILES: Final = 2_000
_NOT_SOURCES: Final = {"target", "result", "node_modules", "__pycache__"}


class Files(Protocol):
    """The files of the machine, as far as the server looks at them; paths are absolute."""

    def read(self, path: str) -> str | None:
        """Return the text of a file, or None."""

    def stamp(self, path: str) -> object:
        """Return what changes when the file does; None if there is no such file."""

    def below(self, folder: str) -> Iterator[str]:
        """Yield the Lisp files under a folder."""


class Disk:
    """The files of this machine."""

    def read(self, path: str) -> str | None:
        """See Files."""
        try:
            with open(path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def stamp(self, path: str) -> object:
        """See Files."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        return (found.st_mtime_ns, found.st_size)

    def below(self, folder: str) -> Iterator[str]:
        """See Files: hidden folders and those that tools make are left out."""
        for at, folders, files in os.walk(folder):
            folders[:] = sorted(
                each for each in folders if not each.startswith(".") and each not in _NOT_SOURCES
            )
            yield from (os.path.join(at, file) for file in sorted(files) if file.endswith(SUFFIXES))


class Meaning(NamedTuple):
    """What a global name stands for: the name, in the document that defines it (None: the language)."""

    path: str | None
    name: str


class _Kept(NamedTuple):
    stamp: object
    borrowed: tuple[object, ...]
    document: Index


class Project:
    """All documents that the server knows; open ones stand for their files."""

    def __init__(self, files: Files, expansions: Expansions | None = None) -> None:
        """Look at `files`."""
        self.files = files
        self.expansions = expansions or Expansions()
        self.open: dict[str, Text] = {}
        self.folders: list[str] = []
        self._kept: dict[str, _Kept] = {}
        self._building: set[str] = set()
        self._folders: dict[tuple[str, str, str | None], str] = {}
        self._texts: dict[str, tuple[object, str | None]] = {}
        self.linting = Linting()
        self._language = frozenset(names(self.expansions.interpreter.main))

    def language_names(self) -> frozenset[str]:
        """Return the names that mean something in every document."""
        return self._language

    def readable(self, path: str, text: str) -> str:  # noqa: ARG002  # others look at the path
        """Return what of a document is Lisp, at its own places."""
        return text

    def before(self, path: str) -> str | None:  # noqa: ARG002  # as above
        """Return the document whose definitions a document sees without requiring it, if there is one."""
        return None

    # -- documents ------------------------------------------------------------------------------------------

    def index(self, path: str) -> Index | None:
        """Return the index of a document as it is now; None if there is no such document."""
        kept = self._kept.get(path)
        text = self.open.get(path)
        stamp = text if text is not None else self.files.stamp(path)
        if stamp is None or path in self._building:
            self._kept.pop(path, None)
            return None
        if text is None:
            known = kept is not None and kept.stamp == stamp
            value = None if known else self.files.read(path)
            text = kept.document.text if known and kept is not None else None if value is None else Text(value)
        return None if text is None else self._indexed(path, text, stamp, kept)

    def _indexed(self, path: str, text: Text, stamp: object, kept: _Kept | None) -> Index:
        self._building.add(path)
        try:
            is_same = kept is not None and kept.document.text is text
            pieces = (
                [part.piece for part in kept.document.parts]
                if kept is not None and is_same
                else cut(self.readable(path, text.value))
            )
            borrowed = self._borrowed(path, pieces)
            identity = tuple((name, id(macro)) for name, macro in borrowed.items())
            if kept is not None and is_same and kept.borrowed == identity:
                return kept.document
            before = kept.document.environment if kept is not None else None
            index = self._built(path, text, pieces, borrowed, before)
            self._kept[path] = _Kept(stamp, identity, index)
            return index
        finally:
            self._building.discard(path)

    def _built(
        self,
        path: str,
        text: Text,
        pieces: list[Piece],
        borrowed: Mapping[str, Macro],
        before: Environment | None,
    ) -> Index:
        parts = [(piece, outline(piece.parsed)) for piece in pieces]
        expansions = self.expansions
        expansions.budget.renew()
        environment = expansions.environment([(p.parsed, seen) for p, seen in parts], borrowed, before)
        known: frozenset[str] = frozenset()
        hidden: frozenset[str] = frozenset()
        done: list[Part] = []
        for piece, seen in parts:
            facts = expansions.facts(piece.parsed, seen, environment, known, hidden)
            done.append(Part(piece, seen, facts, known, hidden))
            known |= frozenset(seen.macros)
            hidden |= expansions.shadowed(seen)
        return Index(path, text, tuple(done), environment)

    def _borrowed(self, path: str, pieces: list[Piece]) -> dict[str, Macro]:
        """Return the macros that a document gets from the modules it requires, by the names it has for them."""
        found: dict[str, Macro] = {}
        before = self.before(path)
        earlier = self.index(before) if before is not None else None
        if earlier is not None:
            found |= {**earlier.environment.borrowed, **earlier.environment.macros}
        for piece in pieces:
            if outline(piece.parsed).has_needs:
                for request, is_library in _requests(piece.parsed):
                    for name, meaning in self._lent(path, request, is_library=is_library):
                        macro = self._macro(meaning)
                        if macro is not None:
                            found[name] = macro
        return found

    def _macro(self, meaning: Meaning) -> Macro | None:
        index = self.index(meaning.path) if meaning.path is not None else None
        return index.environment.macros.get(meaning.name) if index is not None else None

    def around(self, path: str) -> list[str]:
        """Return the documents in which a name of `path` may be mentioned, itself first."""
        roots = [root for root in {self.root(path), *self.folders} if root]
        found = dict.fromkeys([path, *self.open])
        for root in roots:
            for file in self.files.below(root):
                if len(found) >= _MOST_FILES:
                    break
                found[file] = None
        return list(found)

    def is_defined_near(self, path: str, name: str) -> bool:
        """Whether another source of the package defines `name`: it may be loaded beside this one."""
        root = self.root(path)
        if root is None:
            return False
        others = (self.index(file) for file in islice(self.files.below(root), _MOST_FILES) if file != path)
        return any(index is not None and name in index.definitions for index in others)

    # -- packages -------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self.open or self.files.stamp(path) is not None

    def root(self, path: str) -> str | None:
        """Return the folder of the package that a file is in: the nearest above it with a manifest."""
        folder = posixpath.dirname(path)
        while True:
            if self.exists(posixpath.join(folder, MANIFEST)):
                return folder
            above = posixpath.dirname(folder)
            if above == folder or not folder:
                return None
            folder = above

    def package(self, root: str) -> Reading | None:
        """Return the manifest in a folder."""
        index = self.index(posixpath.join(root, MANIFEST))
        found = index.manifest() if index is not None else None
        return None if found is None else manifest_reading(found[0].piece.parsed, found[1])

    def source_of(self, root: str, nome: str) -> str | None:
        """Return the folder of a package that the manifest or the lock of `root` has a source for.

        What is pinned to a commit is found if it is in the cache.
        """
        lock = self._lock(root)
        entry = lock.entry(nome) if lock is not None else None
        reading = self.package(root)
        deps = (
            () if reading is None or reading.caixa is None else (*reading.caixa.deps, *reading.caixa.deps_dev)
        )
        fontes = [dep.fonte for dep in deps if dep.nome == nome]
        for fonte in [*fontes, *([entry.fonte] if entry is not None else [])]:
            if isinstance(fonte, PathFonte):
                folder = posixpath.normpath(posixpath.join(root, fonte.caminho))
                if self.exists(posixpath.join(folder, MANIFEST)):
                    return folder
        return None if lock is None or entry is None else self._pinned(lock, entry, root)

    def _lock(self, root: str) -> Lock | None:
        value = self.text(posixpath.join(root, LOCK))
        return None if value is None else _read_lock(value)

    def _pinned(self, lock: Lock, entry: LockEntry, root: str) -> str | None:
        if not isinstance(entry.fonte, GitFonte) or entry.fonte.rev is None:
            return None
        key = entry.fonte.repo, entry.fonte.rev, lock.seals.get(entry.nome)
        if key not in self._folders:
            from .locked import laid_out  # noqa: PLC0415  # most documents have no such dependency

            folder = laid_out(lock, entry, Path(root))
            if folder is None:
                return None  # it may be fetched any time
            self._folders[key] = folder.as_posix()
        return self._folders[key]

    def is_pinned(self, path: str) -> bool:
        """Whether a document belongs to a package that is pinned to a commit, and so is not ours to change."""
        return any(path.startswith(f"{folder}/") for folder in self._folders.values())

    # -- settings -------------------------------------------------------------------------------------------

    def configuration(self, path: str) -> Configuration:
        """Return how the linter is set for a document; settings that say nothing sensible are left alone."""
        found = self._setting(path, CONFIG_FILE)
        return _configuration(found) if found is not None else _UNSET

    def style(self, path: str) -> Style:
        """Return how a document is laid out, likewise."""
        found = self._setting(path, STYLE_FILE)
        return _style(found) if found is not None else Style()

    def _setting(self, path: str, file: str) -> str | None:
        """Return the nearest settings `file`, from the folder of a document up to that of its package."""
        folder, root = posixpath.dirname(path), self.root(path)
        while True:
            at = posixpath.join(folder, file)
            if self.exists(at):
                return self.text(at)
            if root is None or folder == root:
                return None
            folder = posixpath.dirname(folder)

    def text(self, path: str) -> str | None:
        """Return the text of a file as it is now."""
        if path in self.open:
            return self.open[path].value
        stamp = self.files.stamp(path)
        kept = self._texts.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._texts[path] = stamp, self.files.read(path)
        return kept[1]

    # -- modules --------------------------------------------------------------------------------------------

    def modules(self, path: str, request: Request, *, is_library: bool) -> list[str]:
        """Return the documents that a request of the document `path` loads; none if they are not here."""
        if is_library:
            return self._library(path, request.target)
        here, root = posixpath.dirname(path), self.root(path)
        bases = [here] if request.target.startswith(("./", "../")) else [base for base in (root, here) if base]
        for base in [*bases, *([root] if root else [])]:
            at = posixpath.normpath(posixpath.join(base, request.target))
            tried = [at] if at.endswith(SUFFIXES) else [f"{at}{end}" for end in SUFFIXES]
            tried += [] if at.endswith(SUFFIXES) else [f"{at}/init{end}" for end in SUFFIXES]
            found = next((each for each in tried if self.exists(each)), None)
            if found is not None:
                return [found]
        return []

    def _library(self, path: str, nome: str) -> list[str]:
        root = self.root(path)
        folder = self.source_of(root, nome) if root is not None else None
        reading = self.package(folder) if folder is not None else None
        if folder is None or reading is None or reading.caixa is None:
            return []
        entries = reading.caixa.bibliotecas or (expected_library(reading.caixa),)
        paths = [posixpath.normpath(posixpath.join(folder, entry)) for entry in entries]
        return [path for path in paths if self.exists(path)]

    def _lent(self, path: str, request: Request, *, is_library: bool) -> Iterator[tuple[str, Meaning]]:
        """Yield each name that a document gets by a request, with what it means."""
        for module in self.modules(path, request, is_library=is_library):
            index = self.index(module)
            for name in sorted(index.provided) if index is not None else ():
                meaning = (self.meaning(index, name) if index is not None else None) or Meaning(module, name)
                yield f"{request.alias}/{name}", meaning
                bare = request.bare_name(name)
                if bare is not None:
                    yield bare, meaning

    def imports(self, index: Index) -> dict[str, Meaning]:
        """Return what the names mean that a document has from its modules, and from the one before it."""
        lent = {
            name: meaning
            for _, need in index.needs
            for name, meaning in self._lent(index.path, need.request, is_library=need.is_library)
        }
        before = self.before(index.path)
        earlier = self.index(before) if before is not None else None
        if earlier is None:
            return lent
        own = {name: Meaning(earlier.path, name) for name in earlier.definitions}
        return {**self.imports(earlier), **own, **lent}

    # -- names ----------------------------------------------------------------------------------------------

    def meaning(self, index: Index, name: str) -> Meaning | None:
        """Return what a global name means in a document; None if nothing is known to define it."""
        if name in index.definitions:
            return Meaning(index.path, name)
        if (index.needs or self.before(index.path)) and index.path not in self._building:
            self._building.add(index.path)  # modules may require each other
            try:
                found = self.imports(index).get(name)
            finally:
                self._building.discard(index.path)
            if found is not None:
                return found
        return Meaning(None, name) if name in self.language_names() else None


@lru_cache(maxsize=256)
def manifest_reading(parsed: Parsed, form: Form) -> Reading:
    """Return what a `(defcaixa …)` in a piece says."""
    return decode_form(form, parsed.source)


_UNSET: Final = Configuration()


@lru_cache(maxsize=16)
def _read_lock(text: str) -> Lock | None:
    try:
        return read_lock(Source(LOCK, text))
    except Reportable:
        return None


@lru_cache(maxsize=64)
def _configuration(text: str) -> Configuration:
    try:
        return read_configuration(Source(CONFIG_FILE, text))
    except InvalidSettings:
        return _UNSET


@lru_cache(maxsize=64)
def _style(text: str) -> Style:
    try:
        return read_style(Source(STYLE_FILE, text))
    except InvalidSettings:
        return Style()


def _requests(parsed: Parsed) -> Iterator[tuple[Request, bool]]:
    for form in parsed.forms:
        head = form.head if isinstance(form, Form) else None
        if isinstance(form, Form) and head in ("require", "importar"):
            with suppress(Reportable):
                yield (read_require(form) if head == "require" else read_import(form)), head == "importar"
