"""Where verbs find caixas: a protocol, and the directories of a command line.

A notebook's session is the other workspace (`caixa_magics`); a verb does not know which one it works in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from caixa.lisp.source import Source

from .errors import ComponentMissing, FileProblem, UsageProblem
from .sources import Chained, PackageSources
from .walking import MANIFEST, lisp_files, settings_path

if TYPE_CHECKING:
    from caixa.lisp.libraries import Loader, Resolver
    from caixa.manifest.package import Package
    from caixa.runtime.engine import Engine
    from caixa.session import Session
    from caixa_renderers.artifact import Members

    from .results import Result

__all__ = ["COMPONENT", "DirectoryWorkspace", "Workspace", "read_component", "read_text"]

COMPONENT = ".caixa/component.wasm"  # hidden, so no part of the package: what is built is not what is authored


class Workspace(Protocol):
    """What verbs need of the place they work in; a subject is a caixa's name, or its directory."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The texts that diagnostics point into, by name."""

    @property
    def session(self) -> Session:
        """The session of a notebook, with its log; raises UsageProblem where there is none."""

    def names(self) -> Sequence[str]:
        """Return the subjects there are, for `list` and completion."""

    def stale(self, nome: str) -> Sequence[str]:
        """Return what was made of the caixa, or of what it needs, and is out of date by now."""

    def moments(self, subjects: Sequence[str]) -> Sequence[str]:
        """Return the two steps that `diff SUBJECTS` compares, or none where it compares packages."""

    def package(self, subject: str | None) -> Package:
        """Return the package of `subject`, or the one that is meant when none is named; raises a Reportable."""

    def states(self, subjects: Sequence[str]) -> tuple[Package | None, Package]:
        """Return the two states that `diff SUBJECTS` compares, old and new; raises a Reportable.

        With one subject or none, a session compares a caixa with itself before its last change (None: there was
        nothing), and a command line compares a directory with the current one.
        """

    def text_names(self, subject: str | None) -> Sequence[str]:
        """Return the names of the manifest of `subject`, then of its Lisp sources; raises a Reportable."""

    def text(self, subject: str | None, name: str) -> Source:
        """Return the source that `text_names` calls `name`; raises a Reportable."""

    def texts(self, subject: str | None) -> Sequence[Source]:
        """Return the manifest of `subject`, then its Lisp sources, whether or not the manifest is valid."""

    def settings(self, subject: str | None, name: str, file: str) -> Source | None:
        """Return the settings `file` nearest to the source `name`, up its folders within the package."""

    def cells(self) -> Sequence[Source]:
        """Return the cells whose definitions hold, in the order of their evaluation; none on a command line."""

    def libraries(self) -> Resolver:
        """Return what finds the libraries that sources import; of the package that was asked for last."""

    def modules(self, subject: str | None, name: str) -> Loader:
        """Return what finds the modules that the source `name` requires."""

    def files(self, subject: str | None) -> Mapping[str, bytes]:
        """Return the files of `subject` but its manifest, by path, whether or not that is valid."""

    def replace_text(self, subject: str | None, name: str, text: str) -> None:
        """Write `text` in the place of the source that `texts` called `name`; raises a Reportable."""

    def members_of(self, package: Package) -> Members:
        """Return what finds the members of a mesh, or the children of a supervisor."""

    def component(self, package: Package, file: str | None) -> bytes:
        """Return the wasm bytes of the package's component, from `file` if given; raises a Reportable."""

    def stored_component(self, package: Package) -> bytes | None:
        """Return the wasm bytes that belong to the package, or None."""

    def put_component(self, package: Package, wasm: bytes) -> None:
        """Make `wasm` the component that belongs to the package; raises a Reportable."""

    def engine(self) -> Engine:
        """Return the engine that runs components and draws graphs, started on first use."""

    def put_file(self, package: Package, path: str, data: bytes) -> None:
        """Write a file of the package; raises a Reportable."""

    def root_of(self, package: Package) -> Path:
        """Return the directory that the path sources of a package are relative to."""

    def add(self, package: Package, component: bytes | None) -> None:
        """Take in a package that was opened from a directory, with its component if it came with one."""

    def locate(self, path: str) -> Path:
        """Return the path on disk that a person means by `path`."""

    def show(self, result: Result) -> bool:
        """Show what a verb wants seen before it goes on, as a deploy its diff; return whether anyone looks."""


class _Files(Mapping[str, Source]):
    """The files of this machine as sources, by path, read when a diagnostic points into one."""

    def __getitem__(self, name: str) -> Source:
        try:
            return read_text(Path(name))
        except FileProblem as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:  # nobody walks the whole machine: sources are looked up by name
        return iter(())

    def __len__(self) -> int:
        return 0


class DirectoryWorkspace:
    """The packages of a directory: what `feira` works in."""

    sources: Mapping[str, Source] = _Files()

    def __init__(self, root: Path | str = ".") -> None:
        """Take relative paths from `root`."""
        self.root = Path(root)
        self._folders: tuple[Path, ...] = ()
        self._subject = self.root
        self._engine: Engine | None = None
        self.on_show: Callable[[Result], None] | None = None

    def locate(self, path: str) -> Path:
        """Return `path` relative to the workspace, `~` resolved."""
        return self.root / Path(path).expanduser()

    @property
    def session(self) -> Session:
        """There is none. Raises UsageProblem."""
        fix = "use it in a notebook, or read an exported log with feira replay FILE"
        raise UsageProblem("a directory has no session", fix=fix)

    def stale(self, nome: str) -> Sequence[str]:  # noqa: ARG002 - a directory does not remember
        """Return nothing: what was made of a directory is not known."""
        return ()

    def moments(self, subjects: Sequence[str]) -> Sequence[str]:  # noqa: ARG002 - as above
        """Return nothing: a directory has no steps."""
        return ()

    def names(self) -> list[str]:
        """Return the directories here that hold a package, the workspace itself as `.`."""
        here = ["."] if (self.root / MANIFEST).is_file() else []
        return here + sorted(entry.parent.name for entry in self.root.glob(f"*/{MANIFEST}"))

    def package(self, subject: str | None) -> Package:
        """Return the package in the directory `subject`, by default the workspace's own."""
        from caixa.manifest.package import Package  # noqa: PLC0415 - `feira help` reads no manifest

        self._subject = self.locate(subject or ".")
        package = Package.from_directory(self._subject)
        self.sources = Chained(_Files(), PackageSources(package))
        return package

    def states(self, subjects: Sequence[str]) -> tuple[Package, Package]:
        """Return the packages of two directories; the second is the workspace's own if only one is named."""
        if not 1 <= len(subjects) <= 2:
            fix = "name the directory of the old one, and of the new one unless it is this one"
            raise UsageProblem("diff compares two packages", usage="feira diff OLD [NEW]", fix=fix)
        old, new = self.package(subjects[0]), self.package(subjects[1] if len(subjects) == 2 else None)
        return old, new

    def text_names(self, subject: str | None) -> list[str]:
        """Return the paths of caixa.lisp and of every other Lisp source of the directory but the lock."""
        root = self.locate(subject or ".")
        self._subject = root
        if not (root / MANIFEST).is_file():
            self.package(subject)  # says what is missing
        paths = [root / MANIFEST, *(path for path in lisp_files(root) if path != root / MANIFEST)]
        return [path.as_posix() for path in paths]

    def text(self, subject: str | None, name: str) -> Source:  # noqa: ARG002 - names are paths
        """Return the text of the file `name`."""
        return read_text(Path(name))

    def texts(self, subject: str | None) -> list[Source]:
        """Return caixa.lisp and every other Lisp source of the directory but the lock, by path."""
        return [self.text(subject, name) for name in self.text_names(subject)]

    def settings(self, subject: str | None, name: str, file: str) -> Source | None:  # noqa: ARG002 - likewise
        """Return the file nearest to `name` in its folders up to that of its caixa.lisp."""
        path = settings_path(Path(name), file)
        return None if path is None else read_text(path)

    def cells(self) -> tuple[Source, ...]:
        """Return nothing: a directory has files."""
        return ()

    def libraries(self) -> Resolver:
        """Return a search of the lock file."""
        from caixa.lacre.libraries import libraries_beside  # noqa: PLC0415 - most verbs expand nothing

        return libraries_beside(self._subject)

    def modules(self, subject: str | None, name: str) -> Loader:
        """Return a loader of the modules beside the file `name`, then in the directory of the package."""
        from caixa.lisp.module_files import directory_loader  # noqa: PLC0415 - most verbs load none

        return directory_loader(Path(name).parent, self.locate(subject or "."))

    def files(self, subject: str | None) -> Mapping[str, bytes]:
        """Return the files of the directory."""
        from caixa.manifest.tree import read_tree  # noqa: PLC0415 - as for `package`

        files = read_tree(self.locate(subject or "."))
        return {path: data for path, data in files.items() if path != MANIFEST}

    def replace_text(self, subject: str | None, name: str, text: str) -> None:  # noqa: ARG002 - names are paths
        """Write `text` to the file `name`."""
        from .files import write_files  # noqa: PLC0415 - most verbs write nothing

        path = Path(name)
        write_files(path.parent, {path.name: text.encode()})

    def members_of(self, package: Package) -> Members:
        """Return a search of the manifest's and the lock's path sources, then of the member folders."""
        from .members import search  # noqa: PLC0415 - only a mesh has members

        return search(package, self._subject, self._folders)

    def look_in(self, folders: Sequence[str]) -> None:
        """Look for members in `folders` too: each is a package, or holds packages. Raises FileProblem."""
        self._folders = tuple(self.locate(folder) for folder in folders)
        for folder in self._folders:
            if not folder.is_dir():
                raise FileProblem(f"there is no folder {folder}", fix="check the path after --members")

    def component(self, package: Package, file: str | None) -> bytes:
        """Return the component in `file`, or in the first place where a package keeps one."""
        if file is not None:
            return read_component(self.locate(file), self.engine)
        wasm = self.stored_component(package)
        if wasm is None:
            raise ComponentMissing(package.nome, _places(package.nome))
        return wasm

    def stored_component(self, package: Package) -> bytes | None:
        """Return the component in the first place where a package keeps one, or None.

        A member of a mesh was read from a directory of its own: its manifest is named by the path there.
        """
        beside = Path(package.manifest.name).parent
        root = beside if beside.parts else self._subject
        found = (root / place for place in _places(package.nome))
        path = next((path for path in found if path.is_file()), None)
        return None if path is None else read_component(path, self.engine)

    def put_component(self, package: Package, wasm: bytes) -> None:  # noqa: ARG002 - one directory, one package
        """Write the component of the package that was asked for last."""
        from .files import write_files  # noqa: PLC0415 - most verbs write nothing

        write_files(self._subject, {COMPONENT: wasm})

    def engine(self) -> Engine:
        """Return the engine, started on first use."""
        if self._engine is None:
            from caixa.runtime.engine import Engine  # noqa: PLC0415 - most verbs run nothing

            self._engine = Engine()
        return self._engine

    def put_file(self, package: Package, path: str, data: bytes) -> None:  # noqa: ARG002 - one directory, one package
        """Write a file of the package that was asked for last."""
        from .files import write_files  # noqa: PLC0415 - most verbs write nothing

        write_files(self._subject, {path: data})

    def root_of(self, package: Package) -> Path:  # noqa: ARG002 - one directory, one package
        """Return the directory of the package that was asked for last."""
        return self._subject

    def add(self, package: Package, component: bytes | None) -> None:
        """Do nothing: a directory that was opened is already where it is."""

    def show(self, result: Result) -> bool:
        """Hand `result` to `on_show`, if someone set it."""
        if self.on_show is None:
            return False
        self.on_show(result)
        return True

    def close(self) -> None:
        """End the engine, if one was started."""
        if self._engine is not None:
            self._engine.close()


def read_text(path: Path) -> Source:
    """Return the text of a file, named by its path, its line ends as they are. Raises FileProblem."""
    try:
        return Source(path.as_posix(), path.read_bytes().decode().removeprefix("\ufeff"))  # an editor's mark
    except UnicodeDecodeError as error:
        raise FileProblem.not_utf8(path.as_posix(), error.start) from error
    except OSError as error:
        raise FileProblem.of(error) from error


def _places(nome: str) -> tuple[str, ...]:
    return (COMPONENT, f"servicos/{nome}.wasm", f"servicos/{nome}.wat", f"{nome}.wasm")


def read_component(path: Path, engine: Callable[[], Engine]) -> bytes:
    """Return the wasm of a component file; text (`.wat`) is assembled by the engine. Raises FileProblem."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem.of(error) from error
    return engine().wat(data.decode("utf-8", "replace")) if path.suffix == ".wat" else data
