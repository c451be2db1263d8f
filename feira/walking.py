"""The Lisp files of a folder, and the settings that hold for one: what `fmt` and `lint` look at on a disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["LOCK", "MANIFEST", "lisp_files", "settings_path"]

MANIFEST: Final = "caixa.lisp"
LOCK: Final = "lacre.lisp"  # which its writer lays out, to the byte
_MADE: Final = frozenset({"target", "result", "node_modules", "__pycache__"})  # by tools, beside the sources


def lisp_files(root: Path) -> list[Path]:
    """Return the `.lisp` files below `root` in the order of their paths, but hidden ones, links and locks."""
    return sorted(_walk(root))


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _MADE]
        for name in files:
            path = Path(folder) / name
            if name.endswith(".lisp") and not name.startswith(".") and name != LOCK and not path.is_symlink():
                yield path


def settings_path(path: Path, file: str) -> Path | None:
    """Return the settings `file` in the folder of `path`, or in one above it up to that of the caixa.lisp.

    Outside of a package only the folder of `path` itself counts.
    """
    folders = list(path.absolute().parents)
    end = next((index for index, folder in enumerate(folders) if (folder / MANIFEST).is_file()), 0)
    found = next((folder / file for folder in folders[: end + 1] if (folder / file).is_file()), None)
    return None if found is None else Path(os.path.relpath(found))
