"""Modules in files: a loader over directories, which no path leads out of (language.md 4.8)."""

from __future__ import annotations

from pathlib import Path

from .capabilities import demand_for
from .libraries import Loader, ModuleRefused
from .modules import SUFFIXES
from .source import Source

__all__ = ["directory_loader"]


def directory_loader(*roots: Path) -> Loader:
    """Return a loader of the modules under `roots`, of which an earlier one wins.

    What has no suffix of a module is none, and so is what a link leads out of its root to.
    """

    def load(path: str) -> Source | None:
        found = (_module_file(root, path) for root in roots if path.endswith(SUFFIXES))
        file = next((file for file in found if file is not None), None)
        return None if file is None else _read(file)

    return load


def _module_file(root: Path, path: str) -> Path | None:
    file = root / path
    try:
        return file if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _read(file: Path) -> Source:
    demand_for("require", "fs", str(file), "ro")
    try:
        return Source(str(file), file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
        raise ModuleRefused("module-unreadable", message, "Save it as UTF-8.") from error
    except OSError as error:
        raise ModuleRefused("module-unreadable", f"{file} cannot be read: {error.strerror}") from error
