"""Files under a directory: read within bounds, never through a link that leads out; written all or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from .errors import UnreadablePackage, UnsafePath
from .names import is_inside

__all__ = ["MOST_BYTES", "MOST_FILES", "checked_path", "is_left_out", "read_tree", "write_tree"]

MOST_FILES: Final = 10_000
MOST_BYTES: Final = 256 * 2**20
_NOT_PACKAGE: Final = {"target", "result", "node_modules", "__pycache__"}  # what tools leave beside the sources


def checked_path(path: str) -> str:
    """Return `path` in its plain form, relative and within the package. Raises UnsafePath otherwise."""
    if not is_inside(path) or path.endswith("/") or not _is_text(path):
        raise UnsafePath(
            f'"{path[:80]}" is not a path within the package',
            why="A package holds relative paths without `..`.",
            fix="Write a path such as lib/handlers.lisp.",
            path=path,
        )
    return str(PurePosixPath(os.path.normpath(path)))


def read_tree(root: Path) -> dict[str, bytes]:
    """Return the files under `root` by relative posix path, sorted.

    Hidden files and the directories that tools make (`target`, `result` …) are not part of a package. Raises
    UnsafePath for a link out of the tree, UnreadablePackage for what cannot be read or is too much.
    """
    files: dict[str, bytes] = {}
    size = 0
    for path in _walk(root, root.resolve()):
        name = path.relative_to(root).as_posix()
        if not _is_text(name):
            raise UnreadablePackage(f"the file name {name!a} is not UTF-8", fix="Rename it, or take it out.")
        try:
            size += path.stat().st_size
            _check_bounds(root, len(files) + 1, size)
            files[name] = path.read_bytes()
        except OSError as error:
            raise UnreadablePackage(f"{name} cannot be read: {error.strerror}", path=name) from error
    return dict(sorted(files.items()))


def is_left_out(name: str) -> bool:
    """Whether a file or directory of that name is no part of a package: hidden, or made by tools."""
    return name.startswith(".") or name in _NOT_PACKAGE


def _is_text(name: str) -> bool:
    """Whether a file name is Unicode text; Python shows other bytes as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _check_bounds(root: Path, count: int, size: int) -> None:
    if count > MOST_FILES or size > MOST_BYTES:
        raise UnreadablePackage(
            f"{root.name or root} is too large to be a package",
            why=f"A package has at most {MOST_FILES} files and {MOST_BYTES // 2**20} MiB.",
            fix="Open the directory that holds caixa.lisp, without what is built in it.",
        )


def _walk(root: Path, real_root: Path) -> Iterator[Path]:
    """Yield the regular files, following links within the tree once each."""
    waiting, seen = [root], {real_root}
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            message = f"the folder {folder.as_posix()} cannot be read: {(error.strerror or str(error)).lower()}"
            fix = "Check the path." if folder == root else "Check whose it is, and its permissions."
            raise UnreadablePackage(message, fix=fix, path=folder.as_posix()) from error
        for entry in entries:
            if is_left_out(entry.name):
                continue
            real = entry.resolve()
            if entry.is_symlink() and not real.is_relative_to(real_root):
                raise _leads_out(entry.relative_to(root).as_posix())
            if entry.is_dir():
                if real not in seen:
                    seen.add(real)
                    waiting.append(entry)
            elif entry.is_file():
                yield entry


def _leads_out(name: str) -> UnsafePath:
    return UnsafePath(
        f"{name} is a link that leads out of the package",
        why="What it points at could change without the package changing.",
        fix="Copy what it points at into the package, or remove the link.",
        path=name,
    )


def write_tree(root: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` under `root`, all of them or, on any error, none.

    Everything is first written beside its place, what is to be replaced is copied there too, and only then are
    files put into place, by renames. Undoing is renames as well, so that a full disk cannot prevent it; folders
    that were made go again. Files that are not named are left alone. Raises UnsafePath and OSError.
    """
    targets = {checked_path(name): data for name, data in files.items()}
    for name in targets:
        _check_target(root, name)
    made: list[Path] = []
    try:
        _make_folders(root, made)
        staging = Path(tempfile.mkdtemp(prefix=".caixa-", dir=root))
        try:
            _stage(root, targets, staging)
            for name in targets:
                _make_folders((root / name).parent, made)
            _swap(root, list(targets), staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # somebody else may have put something there
                folder.rmdir()
        raise


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it that are missing, and note which were made."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir()
        made.append(each)


def _stage(root: Path, targets: Mapping[str, bytes], staging: Path) -> None:
    for index, (name, data) in enumerate(targets.items()):
        (staging / f"new-{index}").write_bytes(data)
        if (root / name).exists():
            shutil.copy2(root / name, staging / f"old-{index}")


def _check_target(root: Path, name: str) -> None:
    real_root = root.resolve()
    target = root / name
    if target.is_symlink() or not target.parent.resolve().is_relative_to(real_root):
        raise _leads_out(name)
    if target.is_dir():
        raise UnsafePath(f"{name} is a directory, and the package has a file there", path=name)


def _swap(root: Path, names: list[str], staging: Path) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for index, name in enumerate(names):
            os.replace(staging / f"new-{index}", root / name)
            done.append((root / name, staging / f"old-{index}"))
    except BaseException:
        for target, old in reversed(done):
            with contextlib.suppress(OSError):
                os.replace(old, target) if old.exists() else target.unlink()
        raise
