"""A package: the caixa, the text it was read from, and its files; to and from a directory."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form

from .canonical import to_lisp
from .decode import decode_form, read_manifest
from .errors import InvalidManifest, MissingManifest, UnreadablePackage
from .ground import Ground
from .layout import verify
from .model import Caixa
from .profile import Profile
from .reading import Reading
from .tree import checked_path, read_tree, write_tree

__all__ = ["MANIFEST", "Members", "Package", "manifest_text", "nobody"]

MANIFEST: Final = "caixa.lisp"
MOST_MANIFEST_BYTES: Final = 8 * 2**20

Members = Callable[[str, str], "Package | None"]
"""Resolves a name and a version requirement to a package, or to None where it cannot."""


def nobody(_nome: str, _versao: str) -> Package | None:
    """Resolve no member at all."""
    return None


@dataclass(frozen=True)
class Package:
    """A caixa with its files, as a value.

    `files` are by relative posix path, without caixa.lisp; `reading` holds what was found when the manifest was
    read and where its parts stand, in `manifest` or, for a form in a cell, in that cell's source.
    """

    caixa: Caixa
    manifest: Source = field(compare=False)
    files: Mapping[str, bytes]
    reading: Reading = field(compare=False)
    profile: Profile = field(default=Profile.STRICT, compare=False)

    @classmethod
    def from_text(
        cls,
        text: str,
        files: Mapping[str, bytes] = MappingProxyType({}),
        *,
        name: str = MANIFEST,
        profile: Profile = Profile.STRICT,
    ) -> Self:
        """Return the package of a manifest's text. Raises InvalidManifest if anything refuses it."""
        source = Source(name, text)
        return cls.from_reading(read_manifest(source, profile=profile), source, files, profile=profile)

    @classmethod
    def from_form(cls, form: Form, source: Source, files: Mapping[str, bytes] = MappingProxyType({})) -> Self:
        """Return the package of one form in `source`. Raises InvalidManifest if anything refuses it."""
        reading = decode_form(form, source)
        return cls.from_reading(reading, Source(MANIFEST, source.slice(form.span) + "\n"), files)

    @classmethod
    def from_reading(
        cls,
        reading: Reading,
        manifest: Source,
        files: Mapping[str, bytes],
        *,
        profile: Profile = Profile.STRICT,
    ) -> Self:
        """Return the package of a manifest that was read. Raises InvalidManifest if anything refuses it."""
        if reading.caixa is None or not reading.is_valid:
            raise InvalidManifest(reading)
        return cls(reading.caixa, manifest, _frozen(files), reading, profile)

    @classmethod
    def from_directory(cls, path: str | Path, *, profile: Profile = Profile.STRICT) -> Self:
        """Read a package from a directory.

        Raises MissingManifest, InvalidManifest with every finding, UnreadablePackage and UnsafePath.
        """
        root = Path(path)
        text = _read_manifest_text(root)
        files = read_tree(root)
        files.pop(MANIFEST, None)
        return cls.from_text(text, files, name=(root / MANIFEST).as_posix(), profile=profile)

    @property
    def nome(self) -> str:
        """The name of the caixa."""
        return self.caixa.nome

    @property
    def computeunit_path(self) -> str | None:
        """The path of the (first) ComputeUnit, or None if the caixa names none."""
        return posixpath.normpath(self.caixa.servicos[0]) if self.caixa.servicos else None

    def exists(self, path: str) -> bool:
        """Whether the package has a file at `path`."""
        return path == MANIFEST or posixpath.normpath(path) in self.files

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return everything found: in reading the manifest, and among the files (section 2.1)."""
        found = self.reading.diagnostics
        missing = verify(self.caixa, self.exists, Ground(self.reading.spans, self.profile))
        return found + tuple(diagnostic for diagnostic in missing if diagnostic not in found)

    def with_file(self, path: str, data: bytes) -> Self:
        """Return the package with `data` at `path`. Raises UnsafePath."""
        return replace(self, files=_frozen({**self.files, path: data}))

    def without_file(self, path: str) -> Self:
        """Return the package without the file at `path`."""
        return replace(self, files=_frozen({name: data for name, data in self.files.items() if name != path}))

    def with_manifest(self, text: str) -> Self:
        """Return the package with another manifest. Raises InvalidManifest."""
        return type(self).from_text(text, self.files, name=self.manifest.name, profile=self.profile)

    def manifest_text(self) -> str:
        """Return the text of caixa.lisp: as authored, or canonical if it was never text."""
        return self.manifest.text or to_lisp(self.caixa, self.profile)

    def write_to(self, directory: str | Path) -> None:
        """Write caixa.lisp and the files, all or none; others there stay. Raises UnsafePath and OSError."""
        write_tree(Path(directory), {MANIFEST: self.manifest_text().encode(), **self.files})


def _frozen(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    named = ((checked_path(name), bytes(data)) for name, data in files.items())
    return MappingProxyType(dict(sorted(named)))


def _read_manifest_text(root: Path) -> str:
    path = root / MANIFEST
    if not path.exists():
        raise MissingManifest(
            f"there is no {path.as_posix()}",
            why="A package is a directory with a caixa.lisp.",
            fix="Give the directory of a package, or make one with `feira init`.",
            path=path.as_posix(),
        )
    if not path.is_file():  # a directory; or a pipe, which would be read without end
        fix = f"Put the manifest into a file called {MANIFEST}."
        raise UnreadablePackage(f"{path.as_posix()} is not a file", fix=fix, path=MANIFEST)
    try:
        if path.stat().st_size > MOST_MANIFEST_BYTES:
            raise _too_long(path.as_posix())
        return manifest_text(path.as_posix(), path.read_bytes())
    except OSError as error:
        raise UnreadablePackage(f"{path.as_posix()} cannot be read: {error.strerror}", path=MANIFEST) from error


def manifest_text(name: str, data: bytes) -> str:
    """Return the text of a manifest called `name`. Raises UnreadablePackage for no text, or too much of it."""
    if len(data) > MOST_MANIFEST_BYTES:
        raise _too_long(name)
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadablePackage(
            f"{name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}",
            why="A manifest is UTF-8 text.",
            fix="Save it as UTF-8.",
            path=MANIFEST,
            offset=error.start,
        ) from error


def _too_long(name: str) -> UnreadablePackage:
    fix = "Generate less of it, or split the package."
    most = f"A manifest has at most {MOST_MANIFEST_BYTES // 2**20} MiB."
    return UnreadablePackage(f"{name} is too large to be a manifest", why=most, fix=fix, path=MANIFEST)
