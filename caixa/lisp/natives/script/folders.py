"""Folders: what is in them, and making, leaving and removing them (language.md section 7, `fs`)."""

from __future__ import annotations

import os

from ...capabilities import can
from ...lists import List
from ..registry import native
from ..strings import string_argument
from .operating_system import on_path, os_errors

__all__: list[str] = []


@native("ls", needs="fs:{path}:ro")
def ls(path: object) -> List:
    """Return the paths of what is in a folder, sorted."""
    return on_path("ls", path, lambda text: List(sorted(os.path.join(text, name) for name in os.listdir(text))))


@native("walk-dir", needs="fs:{path}:ro")
def walk_dir(path: object) -> List:
    """Return the paths of all files below a folder, sorted; of a file, itself."""
    start = string_argument("walk-dir", path)
    if os.path.isfile(start):
        return List((start,))
    return List(sorted(os.path.join(folder, name) for folder, _, names in os.walk(start) for name in names))


@native("glob", needs="fs:{pattern.fixed}:ro")
def glob(pattern: object) -> List:
    """Return the paths that a pattern of `*`, `?` and `**` matches, sorted; one without them as it is.

    A path to which a link leads out of what may be read is left out.
    """
    from glob import glob as find  # noqa: PLC0415  # not needed to start

    text = string_argument("glob", pattern)
    if not set("*?") & set(text):
        return List((text,))
    literal = text.replace("[", "[[]")  # which is no wildcard here
    return List(sorted(path for path in find(literal, recursive=True) if can("fs", path, "ro")))


@native("mkdir", needs="fs:{path}:rw")
def mkdir(path: object) -> None:
    """Make a folder in an existing one, unless it is there."""
    on_path("mkdir", path, lambda text: None if os.path.isdir(text) else os.mkdir(text))


@native("mkdir-p", needs="fs:{path}:rw")
def mkdir_p(path: object) -> None:
    """Make a folder and those above it, unless they are there."""
    on_path("mkdir-p", path, lambda text: os.makedirs(os.path.realpath(text), exist_ok=True))


@native("rm-rf", needs="fs:{path.entry}:rw")
def rm_rf(path: object) -> None:
    """Remove a file, or a folder with all that is in it; nothing need be there."""
    from shutil import rmtree  # noqa: PLC0415  # not needed to start

    def remove(text: str) -> None:
        if os.path.isdir(text) and not os.path.islink(text):
            rmtree(text)
        elif os.path.lexists(text):
            os.remove(text)

    on_path("rm-rf", path, remove)


@native("cwd", needs="fs:.:ro")
def cwd() -> str:
    """Return the current folder."""
    with os_errors("cwd", "."):
        return os.getcwd()


@native("chdir", needs="fs:{path}:ro")
def chdir(path: object) -> None:
    """Go to another folder."""
    on_path("chdir", path, os.chdir)


@native("tmp-dir", needs="fs:$TMPDIR:rw")
def tmp_dir() -> str:
    """Make a temporary folder and return its path."""
    from tempfile import mkdtemp  # noqa: PLC0415  # not needed to start

    from ...capability_tokens import temporary_folder  # noqa: PLC0415  # likewise

    folder = temporary_folder()
    with os_errors("tmp-dir", folder):
        return mkdtemp(dir=folder)


@native("tmp-file", needs="fs:$TMPDIR:rw")
def tmp_file() -> str:
    """Make a temporary file and return its path."""
    from tempfile import mkstemp  # noqa: PLC0415  # not needed to start

    from ...capability_tokens import temporary_folder  # noqa: PLC0415  # likewise

    folder = temporary_folder()
    with os_errors("tmp-file", folder):
        descriptor, path = mkstemp(dir=folder)
    os.close(descriptor)
    return path
