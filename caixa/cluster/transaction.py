"""Several files written as one: all of them are there afterwards, or the folder is as it was.

Each new content is first written and flushed beside its target and then renamed over it, so a reader never
sees half a file; `undo` puts back what was there, folders included.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["FileTransaction"]


class FileTransaction:
    """Writes files below one folder and can take that back."""

    def __init__(self, root: Path) -> None:
        """Write below `root`, which must exist."""
        self._root = root
        self._before: dict[Path, bytes | None] = {}
        self._folders: list[Path] = []

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write `files` (relative POSIX path to content); on failure undo everything and raise it (OSError)."""
        staged: list[tuple[Path, Path]] = []
        try:
            for path, data in files.items():
                target = self._root / path
                self._before[target] = target.read_bytes() if target.exists() else None
                self._make_folder(target.parent)
                staged.append((_stage(target, data), target))
            while staged:
                os.replace(*staged[-1])
                staged.pop()
        except BaseException:
            for temporary, _ in staged:
                temporary.unlink(missing_ok=True)
            self.undo()
            raise

    def undo(self) -> None:
        """Put every file back as it was before the first write, and remove the folders that were made."""
        for target, before in self._before.items():
            if before is None:
                target.unlink(missing_ok=True)
            elif target.read_bytes() != before:
                os.replace(_stage(target, before), target)
        for folder in reversed(self._folders):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        self._before, self._folders = {}, []

    def _make_folder(self, folder: Path) -> None:
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir()
            self._folders.append(parent)


def _stage(target: Path, data: bytes) -> Path:
    """Write `data` to a new file beside `target`, with the mode that `target` has or would get."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o644
