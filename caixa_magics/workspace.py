"""The session as the verbs see it: `feira`'s workspace over the caixas of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caixa.lisp.source import Source
from feira.errors import NothingNamed, UsageProblem
from feira.workspace import read_component

from .mime import bundle

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa.runtime.engine import Engine
    from caixa_renderers.artifact import Members
    from feira.results import Result

    from .notebook import Notebook

__all__ = ["SessionWorkspace"]


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

    def texts(self, subject: str | None) -> list[Source]:
        """Return the manifest of a caixa, then its Lisp sources."""
        package = self.package(subject)
        sources = ((path, data) for path, data in package.files.items() if path.endswith(".lisp"))
        return [package.manifest, *(Source(path, data.decode("utf-8", "replace")) for path, data in sources)]

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
            self._notebook.display.show(*bundle(result))
        return True
