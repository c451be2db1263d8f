"""A folder of sources as a package: the manifest drawn up or brought to the written notation, all laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from caixa.git import GitProcess
from caixa.lisp.diagnostics import Diagnostic, Edit, Reportable
from caixa.lisp.errors import ReaderError
from caixa.lisp.printer import write
from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form, keyword_name
from caixa.manifest.decode import read_manifest
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.notation import notation_edits
from caixa.manifest.package import MANIFEST, Package, manifest_text
from caixa.manifest.tree import read_tree
from caixa.tools.edits import apply_edits
from caixa.tools.formatter import Style, format_source
from caixa.tools.formatting.configuration import STYLE_FILE, read_style
from caixa.tools.linter import Around, defined_names, lint_text

from .importing import Folder, Guess, guesses
from .scaffold import manifest_form
from .walking import LOCK
from .workspace import read_text

__all__ = ["Adopted", "adopt", "lisp_texts", "read_folder"]

_GIT_SECONDS = 30
_REQUIRED = ("nome", "versao", "kind")


@dataclass(frozen=True, slots=True)
class Adopted:
    """The package, its files with caixa.lisp, what was guessed, and the errors that lint will find."""

    package: Package
    files: Mapping[str, bytes]
    guesses: tuple[Guess, ...]
    findings: tuple[Diagnostic, ...]


def read_folder(root: Path) -> Folder:
    """Return what is in a folder. Raises UnreadablePackage and UnsafePath."""
    tags, remote = _git_facts(root)
    return Folder(root.resolve().name, read_tree(root), tags, remote)


def _git_facts(root: Path) -> tuple[list[str], str]:
    """Return the tags and the remote of the repository whose top this is, if it is one and there is git."""
    git = GitProcess(root)

    def said(*words: str) -> str:
        ended = git.execute(*words, within=_GIT_SECONDS)
        return ended.output.decode("utf-8", "replace").strip() if ended.status == 0 else ""

    try:
        top = said("rev-parse", "--show-toplevel")
        if not top or Path(top).resolve() != root.resolve():
            return [], ""
        return said("tag", "--list").splitlines(), said("remote", "get-url", "origin")
    except (FileNotFoundError, TimeoutError):
        return [], ""


def adopt(folder: Folder, root: Path) -> Adopted:
    """Return the package that a folder becomes.

    Raises NothingToImport, BadName, InvalidManifest, and UnreadablePackage for a manifest that is no text.
    """
    name, data = (root / MANIFEST).as_posix(), folder.files.get(MANIFEST)
    original = None if data is None else Source(name, manifest_text(name, data))
    text, found = _drawn_up(folder) if original is None else _rewritten(original, folder)
    files = _laid_out({**folder.files, MANIFEST: text.encode()}, _style_at(root))
    return Adopted(_package(files, original), files, found, tuple(_lint_errors(files)))


# -- the manifest ---------------------------------------------------------------------------------------------


def _drawn_up(folder: Folder) -> tuple[str, tuple[Guess, ...]]:
    found = tuple(guesses(folder))
    return manifest_form({guess.slot: guess.value for guess in found}), found


def _rewritten(source: Source, folder: Folder) -> tuple[str, tuple[Guess, ...]]:
    """Return a manifest in the written notation; name, version and kind are guessed where they are missing."""
    try:
        form = next(iter(read(source).forms), None)
    except ReaderError:
        return source.text, ()
    if not isinstance(form, Form) or form.head != "defcaixa":
        return source.text, ()
    there = {keyword_name(item) for item in form.items}
    missing = [slot for slot in _REQUIRED if slot not in there]
    found = tuple(guess for guess in guesses(folder) if guess.slot in missing) if missing else ()
    said = "".join(f" :{guess.slot} {write(guess.value)}" for guess in found)
    head = form.items[0].span.end
    edits = [*notation_edits(source, form), Edit(Span(source.name, head, head), said)]
    return apply_edits(source.text, edits).text, found


def _package(files: Mapping[str, bytes], original: Source | None) -> Package:
    """Return the package. Raises InvalidManifest, about the text that is there if that is refused too."""
    others = {path: data for path, data in files.items() if path != MANIFEST}
    try:
        return Package.from_text(files[MANIFEST].decode(), others)
    except InvalidManifest:
        reading = read_manifest(original) if original is not None else None
        if reading is not None and not reading.is_valid:
            raise InvalidManifest(reading) from None
        raise


# -- the sources ----------------------------------------------------------------------------------------------


def lisp_texts(files: Mapping[str, bytes]) -> dict[str, Source]:
    """Return the Lisp sources by path, but the lock, which its writer lays out."""
    paths = (path for path in files if path.endswith(".lisp") and path != LOCK)
    return {path: Source(path, files[path].decode("utf-8", "replace")) for path in paths}


def _style_at(root: Path) -> Style | None:
    settings = root / STYLE_FILE
    return read_style(read_text(settings)) if settings.is_file() else None


def _laid_out(files: Mapping[str, bytes], style: Style | None) -> dict[str, bytes]:
    """Return the files with every Lisp source in canonical layout; one that does not read stays as it is."""
    done = dict(files)
    for path in lisp_texts(files):
        try:
            done[path] = format_source(Source(path, files[path].decode()), style).encode()
        except (Reportable, UnicodeDecodeError):
            continue
    return done


def _lint_errors(files: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Yield the errors that lint will find in the sources."""
    texts, programs = lisp_texts(files), {}
    for path, text in texts.items():
        try:
            programs[path] = read(text)
        except ReaderError as error:
            yield from error.diagnostics
    defined = frozenset[str]().union(*map(defined_names, programs.values()))
    for path in programs:
        found = lint_text(texts[path], Around(texts.get, defined))
        yield from (finding for finding in found if finding.is_error)
