"""Files that a verb writes: all of them or none, and never outside the folder that was named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from caixa.cluster.git import guard_path
from caixa.cluster.transaction import FileTransaction

from .errors import FileProblem

__all__ = ["write_files"]


def write_files(directory: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write `files` (POSIX path to content) below `directory`, made if missing; return those that changed.

    Raises FileProblem, and PathOutside for a path that leads out of the directory.
    """
    try:
        changed = {path: data for path, data in files.items() if _differs(directory / guard_path(path), data)}
        FileTransaction(directory).write(changed)
    except OSError as error:
        raise FileProblem.of(error) from error
    return sorted(changed)


def _differs(path: Path, data: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != data
