"""Which texts a verb on sources means: a package's, or those of the files and folders that are named."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FileProblem
from ..walking import lisp_files
from ..workspace import Workspace

__all__ = ["text_names"]


def text_names(workspace: Workspace, subject: str | None, files: Sequence[str]) -> list[str]:
    """Return the names of the texts, each once; a folder stands for the Lisp files in it.

    Raises FileProblem for a path that does not exist, MissingManifest for a package that is none.
    """
    if not files:
        return list(workspace.text_names(subject))
    names: list[str] = []
    for file in files:
        path = workspace.locate(file)
        if not path.exists():
            raise FileProblem.of(FileNotFoundError(2, "No such file or directory", path.as_posix()))
        names += [each.as_posix() for each in lisp_files(path)] if path.is_dir() else [path.as_posix()]
    return list(dict.fromkeys(names))
