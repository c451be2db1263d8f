"""The files of a commit, read from git's objects within the bounds of a package."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from caixa.manifest.errors import UnreadablePackage, UnsafePath
from caixa.manifest.tree import MOST_BYTES, MOST_FILES, checked_path, is_left_out

from .git_source import GitSource

__all__ = ["Entry", "read_commit", "read_tree_object"]

_DEEPEST: Final = 64  # directories
_MOST_TREE_BYTES: Final = 16 * 2**20
_DIRECTORY, _LINK, _SUBMODULE = "40000", "120000", "160000"
_MOST_LINKS: Final = 16  # from a link to a link


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree: its mode as git writes it, the name of the object, and the path."""

    mode: str
    name: str
    path: str


def read_commit(source: GitSource, rev: str) -> dict[str, bytes]:
    """Return the files of a commit that was fetched, by path, those of a package only.

    A link within the tree is the file it leads to; a submodule is not there. Raises UnsafePath for a link out
    of the tree, UnreadablePackage for too much or a name that is no text, and GitProblem.
    """
    entries = {entry.path: entry for entry in _walk(source, rev)}
    links = [entry for entry in entries.values() if entry.mode == _LINK]
    targets = dict(zip([link.path for link in links], _texts(source, links), strict=True))
    files = {path: _followed(path, entries, targets) for path in entries}
    contents = source.objects([entry.name for entry in files.values()], most=MOST_BYTES)
    return dict(zip(files, contents, strict=True))


def _walk(source: GitSource, rev: str) -> Iterator[Entry]:
    """Yield the files and links of a commit, level by level, and no more than a package has."""
    level, count = [Entry(_DIRECTORY, f"{rev}^{{tree}}", "")], 0
    for _ in range(_DEEPEST):
        trees = source.objects([entry.name for entry in level], most=_MOST_TREE_BYTES)
        read = (read_tree_object(data, tree.path) for tree, data in zip(level, trees, strict=True))
        found = [each for entries in read for each in entries]
        count += len(found)
        if count > MOST_FILES:
            raise _too_much(f"at most {MOST_FILES} files")
        yield from (each for each in found if each.mode not in (_DIRECTORY, _SUBMODULE))
        level = [each for each in found if each.mode == _DIRECTORY]
        if not level:
            return
    raise _too_much(f"directories at most {_DEEPEST} deep")


def read_tree_object(data: bytes, within: str) -> Iterator[Entry]:
    """Yield the entries of a tree object, without what is hidden or made by tools. Raises ManifestError."""
    at = 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        mode, raw, name = data[at:space].decode("ascii"), data[space + 1 : end], data[end + 1 : end + 21].hex()
        at = end + 21
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise UnreadablePackage(f"the file name {raw!r} is not UTF-8", fix="Rename it.") from error
        if "/" in text:
            raise UnsafePath(f"{text!r} is no file name", why="A tree of git holds plain names.", path=text)
        if not is_left_out(text):
            yield Entry(mode, name, checked_path(posixpath.join(within, text) if within else text))


def _texts(source: GitSource, links: list[Entry]) -> Iterator[str]:
    contents = source.objects([link.name for link in links], most=_MOST_TREE_BYTES) if links else ()
    return (data.decode("utf-8", "replace") for data in contents)


def _followed(path: str, entries: Mapping[str, Entry], targets: Mapping[str, str]) -> Entry:
    """Return the file that a path leads to, through links within the tree."""
    place = path
    for _ in range(_MOST_LINKS):
        entry = entries.get(place)
        if entry is None:
            break
        if entry.mode != _LINK:
            return entry
        place = posixpath.normpath(posixpath.join(posixpath.dirname(place), targets[place]))
    raise UnsafePath(
        f"{path} is a link that leads to no file of the package",
        why="What it points at could change without the package changing.",
        fix="Copy what it points at into the package, or remove the link.",
        path=path,
    )


def _too_much(bound: str) -> UnreadablePackage:
    return UnreadablePackage("the commit is too large to be a package", why=f"A package has {bound}.")
