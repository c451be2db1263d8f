"""What a person means by one side of a diff: a package, a file, a revision of git, a caixa at a step.

In this order: a caixa of the session, or a directory; a file (`caixa.lisp`, or YAML that was rendered before);
`REV:PATH` or `REV` of the repository around; with a caixa on the other side, a step of the session.
"""

from __future__ import annotations

import io
import posixpath
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from caixa.lisp.source import Source

from .errors import FileProblem, UsageProblem
from .walking import MANIFEST
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa_renderers.identity import Identity

__all__ = ["State", "state_of", "states_of"]

_YAML: Final = (".yaml", ".yml")
_STEP: Final = re.compile(r"#\d+|(blake3:)?[0-9a-f]{4,64}")
_USAGE: Final = "diff OLD [NEW], each a package, a file, REV:PATH, REV, or a step of the session"
_BETWEEN: Final = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)
_SECONDS: Final = 60.0  # that git may take to write out one revision


@dataclass(frozen=True, slots=True)
class State:
    """One side of a diff: a package, or objects as they were rendered."""

    nome: str
    package: Package | None = None
    documents: Mapping[Identity, Mapping[str, Any]] | None = None


def states_of(workspace: Workspace, subjects: list[str]) -> tuple[State | None, State]:
    """Return both sides of a diff; one subject is compared with what the workspace has of it now.

    Raises UsageProblem for a word that names nothing, and what reading it raises.
    """
    if all(_is_package(workspace, subject) for subject in subjects):
        old, new = workspace.states(subjects)
        return None if old is None else State(old.nome, old), State(new.nome, new)
    nome = next((word for word in subjects if _is_package(workspace, word)), None)
    first = state_of(workspace, subjects[0], nome)
    if len(subjects) == 2:
        return first, state_of(workspace, subjects[1], nome)
    names = workspace.names()
    now = workspace.package(first.nome if first.nome in names else None)
    return first, State(now.nome, now)


def state_of(workspace: Workspace, word: str, nome: str | None = None) -> State:
    """Return what `word` means; at a step of the session, the caixa `nome`. Raises as `states_of`."""
    if _is_package(workspace, word):
        package = workspace.package(word)
        return State(package.nome, package)
    path = workspace.locate(word)
    if path.is_file():
        return _of_file(path)
    if nome is not None and _STEP.fullmatch(word) and _has_session(workspace):
        return _of_step(workspace, word, nome)
    return _of_revision(workspace.locate("."), word)


def _is_package(workspace: Workspace, word: str) -> bool:
    return word in workspace.names() or workspace.locate(word).is_dir()


def _has_session(workspace: Workspace) -> bool:
    try:
        return workspace.session is not None
    except UsageProblem:
        return False


def _of_step(workspace: Workspace, word: str, nome: str) -> State:
    from caixa.session.log import GENESIS  # noqa: PLC0415 - a terminal has no session

    log = workspace.session.log
    step = log.find(word)
    package = log.state_at(step.digest if step else GENESIS).packages.get(nome)
    if package is None:
        raise UsageProblem(f"there was no {nome} at {word}", usage=_USAGE, fix="%caixa log lists the steps")
    return State(nome, package)


def _of_file(path: Path) -> State:
    from caixa.manifest.package import Package  # noqa: PLC0415 - a terminal starts without manifests

    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem.of(error) from error
    if path.suffix in _YAML:
        return State(path.name, documents=_documents(path.name, data))
    from caixa.manifest.tree import read_tree  # noqa: PLC0415 - the same

    beside = read_tree(path.parent) if path.name == MANIFEST else {}
    files = {name: content for name, content in beside.items() if name != MANIFEST}
    package = Package.from_text(_decoded(path.as_posix(), data), files, name=path.as_posix())
    return State(package.nome, package)


def _documents(name: str, data: bytes) -> dict[Identity, Mapping[str, Any]]:
    """Return the objects of a file; a line of three dashes parts them, and can stand nowhere else in YAML."""
    from caixa_renderers.identity import Identity, identity_of  # noqa: PLC0415 - a terminal starts without them
    from caixa_renderers.yaml import load  # noqa: PLC0415 - the same

    found: dict[Identity, Mapping[str, Any]] = {}
    for text in _BETWEEN.split(_decoded(name, data)):
        if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
            document = load(Source(name, text))
            identity = identity_of(document)
            found[identity if identity.kind else Identity("", "", "", name)] = document
    return found


def _of_revision(root: Path, word: str) -> State:
    """Return the package, or the rendered file, of a revision; `root` is in the repository."""
    revision, _, path = word.partition(":")
    folder, name = posixpath.split(path) if path.endswith((".lisp", *_YAML)) else (path, MANIFEST)
    files = _archive(root, revision, folder, word)
    if name not in files:
        fix = "name its folder, as in REV:path/to/package"
        raise UsageProblem(f"{word} has no {name}", usage=_USAGE, fix=fix)
    if name.endswith(_YAML):
        return State(name, documents=_documents(word, files[name]))
    from caixa.manifest.package import Package  # noqa: PLC0415 - a terminal starts without manifests

    others = {each: data for each, data in files.items() if each != name}
    package = Package.from_text(_decoded(word, files[name]), others, name=f"{revision}:{path or MANIFEST}")
    return State(package.nome, package)


def _archive(root: Path, revision: str, folder: str, word: str) -> dict[str, bytes]:
    """Return the files of a revision below `folder`, which is relative to `root`. Raises UsageProblem."""
    from caixa.git import GitProcess  # noqa: PLC0415 - most diffs ask no git

    known = f"no package, file or revision is called {word}"
    if not revision or revision.startswith("-"):
        raise UsageProblem(known, usage=_USAGE, word=word)
    try:
        found = GitProcess(root).execute("rev-parse", "--show-toplevel", "--show-prefix", within=_SECONDS)
        if not found.status:  # of a folder below the top, git writes out nothing by itself
            top, prefix, *_ = found.output.decode("utf-8", "surrogateescape").split("\n")
            place = posixpath.normpath(posixpath.join(prefix, folder)).removeprefix(".")
            found = GitProcess(Path(top)).execute(
                "archive", "--format=tar", f"{revision}:{place}", within=_SECONDS
            )
    except (FileNotFoundError, TimeoutError) as error:
        raise UsageProblem(known, usage=_USAGE, fix="git cannot be asked here", word=word) from error
    if found.status:
        said = found.complaint.decode("utf-8", "replace").strip().splitlines()
        heard = f"{known}; git says: {said[-1]}" if said else known
        fix = "a path in a revision starts at this directory" if folder else ""
        raise UsageProblem(heard, usage=_USAGE, fix=fix, word=word)
    with tarfile.open(fileobj=io.BytesIO(found.output)) as archive:
        plain = [member for member in archive.getmembers() if member.isfile()]
        return {each.name: _content(archive, each) for each in plain if not _is_hidden(each.name)}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file is not None else b""


def _is_hidden(path: str) -> bool:
    from caixa.manifest.tree import is_left_out  # noqa: PLC0415 - as above

    return any(is_left_out(part) for part in path.split("/"))


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem.not_utf8(name, error.start) from error
