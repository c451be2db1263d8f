"""The session as the verbs see it: `feira`'s workspace over the caixas of a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from caixa.lisp.source import Source
from feira.errors import NothingNamed, UsageProblem
from feira.walking import LOCK, MANIFEST
from feira.workspace import read_component

if TYPE_CHECKING:
    from caixa.lisp.libraries import Loader, Resolver
    from caixa.manifest.package import Package
    from caixa.runtime.engine import Engine
    from caixa.session import Session
    from caixa_renderers.artifact import Members
    from feira.results import Result

    from .notebook import Notebook

__all__ = ["SessionWorkspace"]

_STEP = re.compile(r"#\d+|(blake3:)?[0-9a-f]{4,64}")


class SessionWorkspace:
    """A subject is the name of a caixa of the session; paths are relative to the folder the kernel runs in."""

    def __init__(self, notebook: Notebook) -> None:
        """Work in the session of `notebook`, with its engine."""
        self._notebook = notebook
        self._session = notebook.session

    @property
    def sources(self) -> Mapping[str, Source]:
        """The cells, the manifests of the session, and what Lisp has loaded."""
        return self._notebook.sources()

    @property
    def session(self) -> Session:
        """The session."""
        return self._session

    def stale(self, nome: str) -> list[str]:
        """Return what was made of the caixa and is out of date by now."""
        from caixa.session.staleness import stale  # noqa: PLC0415  # only some verbs look

        return [str(each) for each in stale(self._session.state) if each.nome == nome]

    def moments(self, subjects: Sequence[str]) -> tuple[str, ...]:
        """Return the two steps that `subjects` name, none if they name caixas; one is compared with now."""
        if not subjects or any(subject in self._session.state.packages for subject in subjects):
            return ()
        if not all(_STEP.fullmatch(subject) for subject in subjects):
            return ()
        return (*subjects, self._session.log.digest)[:2]

    def names(self) -> list[str]:
        """Return the names of the session's caixas, in the order of their definition."""
        return list(self._session.state.packages)

    def package(self, subject: str | None) -> Package:
        """Return the caixa `subject`, or the only one. Raises UnknownCaixa, NothingNamed."""
        if subject is not None:
            return self._session.package(subject)
        names = self.names()
        if len(names) == 1:
            return self._session.package(names[0])
        fix = (
            f"Name one: {', '.join(names)}." if names else "Define one with (defcaixa …), or `%caixa open DIR`."
        )
        raise NothingNamed(
            "no caixa is named, and the session has " + ("several" if names else "none"), fix=fix
        )

    def states(self, subjects: Sequence[str]) -> tuple[Package | None, Package]:
        """Return two caixas, or one as it was before its last change and as it is. Raises UsageProblem."""
        if len(subjects) > 2:
            usage = "%caixa diff [NAME] [NAME]"
            raise UsageProblem("diff compares two caixas", usage=usage, fix="Name one or two.")
        new = self.package(subjects[-1] if subjects else None)
        if len(subjects) == 2:
            return self.package(subjects[0]), new
        return self._session.previous(new.nome), new

    def text_names(self, subject: str | None) -> list[str]:
        """Return the names of the manifest of a caixa, then of its Lisp sources."""
        package = self.package(subject)
        sources = (path for path in package.files if path.endswith(".lisp") and path != LOCK)
        shown = (path for path in sources if not PurePosixPath(path).name.startswith("."))  # settings are none
        return [package.manifest.name, *shown]

    def text(self, subject: str | None, name: str) -> Source:
        """Return the manifest of a caixa, or one of its Lisp sources."""
        package = self.package(subject)
        if name == package.manifest.name:
            return package.manifest
        return Source(name, package.files[name].decode("utf-8", "replace"))

    def texts(self, subject: str | None) -> list[Source]:
        """Return the manifest of a caixa, then its Lisp sources."""
        return [self.text(subject, name) for name in self.text_names(subject)]

    def settings(self, subject: str | None, name: str, file: str) -> Source | None:
        """Return the file of the caixa nearest to `name`, up its folders."""
        package = self.package(subject)
        files = package.files
        for folder in PurePosixPath(MANIFEST if name == package.manifest.name else name).parents:
            data = files.get((folder / file).as_posix())
            if data is not None:
                return Source((folder / file).as_posix(), data.decode("utf-8", "replace"))
        return None

    def cells(self) -> Sequence[Source]:
        """Return the cells whose definitions hold."""
        from caixa.session.cells import cells_in_force  # noqa: PLC0415  # most verbs look at no definitions

        return cells_in_force(self._session.log)

    def libraries(self) -> Resolver:
        """Return what cells find their libraries with."""
        return self._session.interpreter.modules.libraries

    def modules(self, subject: str | None, name: str) -> Loader:
        """Return what finds modules in the virtual tree: beside the source, then from the top."""
        folder, files = PurePosixPath(name).parent, self.package(subject).files

        def load(path: str) -> Source | None:
            found = ((folder / path).as_posix(), path)
            place = next((each for each in found if each in files and each.endswith(".lisp")), None)
            return None if place is None else Source(place, files[place].decode("utf-8", "replace"))

        return load

    def files(self, subject: str | None) -> Mapping[str, bytes]:
        """Return the files of a caixa."""
        return self.package(subject).files

    def replace_text(self, subject: str | None, name: str, text: str) -> None:
        """Write `text` in the place of one of `texts`. Raises InvalidManifest."""
        package = self.package(subject)
        if name == package.manifest.name:
            self._session.add(package.with_manifest(text))
        else:
            self._session.put_file(package.nome, name, text.encode())

    def members_of(self, package: Package) -> Members:
        """Return a search of the session, and then of the path sources of the manifest and the lock."""
        from feira.members import search  # noqa: PLC0415  # only a mesh has members

        elsewhere = search(package, Path.cwd(), ())
        return lambda nome, versao: self._session.members(nome, versao) or elsewhere(nome, versao)

    def component(self, package: Package, file: str | None) -> bytes:
        """Return the component of the caixa, or the one in `file`. Raises NoComponent, FileProblem."""
        if file is not None:
            return read_component(self.locate(file), self.engine)
        return self._session.required_component(package.nome)

    def stored_component(self, package: Package) -> bytes | None:
        """Return the component that the session has for the caixa, or None."""
        return self._session.component(package.nome)

    def put_component(self, package: Package, wasm: bytes) -> None:
        """Make `wasm` the component that the session has for the caixa."""
        self._session.put_component(package.nome, wasm)

    def engine(self) -> Engine:
        """Return the engine of the notebook."""
        return self._notebook.engine

    def put_file(self, package: Package, path: str, data: bytes) -> None:
        """Write a file into the virtual tree. Raises UnsafePath."""
        self._session.put_file(package.nome, path, data)

    def root_of(self, package: Package) -> Path:  # noqa: ARG002  # a session has one place for all
        """Return the folder that the kernel runs in."""
        return Path.cwd()

    def add(self, package: Package, component: bytes | None) -> None:
        """Take a package into the session, with its component if it came with one."""
        self._session.add(package)
        if component is not None:
            self._session.put_component(package.nome, component)

    def locate(self, path: str) -> Path:
        """Return `path` relative to the folder the kernel runs in, `~` resolved."""
        return Path(path).expanduser()

    def show(self, result: Result) -> bool:
        """Show what a verb wants seen before it goes on, now: a deploy shows its diff before it commits."""
        if result.text():
            self._notebook.show(result)
        return True
