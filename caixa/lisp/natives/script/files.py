"""Files and folders (language.md section 7, `io` and `fs`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...errors import NativeError
from ...lists import List
from ..registry import native
from ..strings import integer_argument, string_argument

__all__ = ["os_errors"]


@contextmanager
def os_errors(function: str, path: str) -> Iterator[None]:
    """Turn what the operating system refuses into a NativeError that names the path."""
    try:
        yield
    except OSError as error:
        raise NativeError(function, f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise NativeError(function, f"{path}: not UTF-8 text") from None
    except ValueError as error:  # a path with a NUL
        raise NativeError(function, f"{path!r}: {error}") from None


def _on(function: str, path: object, act: Callable[[str], object]) -> object:
    """Return what `act` gives for a path."""
    text = string_argument(function, path)
    with os_errors(function, text):
        return act(text)


@native("read-file")
def read_file(path: object) -> object:
    """Return the text of a file in UTF-8."""

    def read(text: str) -> str:
        with open(text, encoding="utf-8", newline="") as file:
            return file.read()

    return _on("read-file", path, read)


@native("write-file")
def write_file(path: object, content: object) -> None:
    """Write a text into a file in UTF-8, instead of what was in it."""
    written = string_argument("write-file", content)

    def write(text: str) -> None:
        with open(text, "w", encoding="utf-8", newline="") as file:
            file.write(written)

    _on("write-file", path, write)


@native("path-exists?")
def path_exists(path: object) -> bool:
    """Return whether there is something at a path."""
    return os.path.exists(string_argument("path-exists?", path))


@native("is-dir?")
def is_dir(path: object) -> bool:
    """Return whether there is a folder at a path."""
    return os.path.isdir(string_argument("is-dir?", path))


@native("is-file?")
def is_file(path: object) -> bool:
    """Return whether there is a file at a path."""
    return os.path.isfile(string_argument("is-file?", path))


@native("file-size")
def file_size(path: object) -> object:
    """Return the size of a file in bytes."""
    return _on("file-size", path, os.path.getsize)


@native("ls")
def ls(path: object) -> object:
    """Return the paths of what is in a folder, sorted."""
    return _on("ls", path, lambda text: List(sorted(os.path.join(text, name) for name in os.listdir(text))))


@native("walk-dir")
def walk_dir(path: object) -> List:
    """Return the paths of all files below a folder, sorted; of a file, itself."""
    start = string_argument("walk-dir", path)
    if os.path.isfile(start):
        return List((start,))
    return List(sorted(os.path.join(folder, name) for folder, _, names in os.walk(start) for name in names))


@native("glob")
def glob(pattern: object) -> List:
    """Return the paths that a pattern of `*`, `?` and `**` matches, sorted; one without them as it is."""
    from glob import glob as find  # noqa: PLC0415  # not needed to start

    text = string_argument("glob", pattern)
    return List(sorted(find(text, recursive=True)) if set("*?") & set(text) else (text,))


@native("mkdir")
def mkdir(path: object) -> None:
    """Make a folder in an existing one, unless it is there."""
    _on("mkdir", path, lambda text: None if os.path.isdir(text) else os.mkdir(text))


@native("mkdir-p")
def mkdir_p(path: object) -> None:
    """Make a folder and those above it, unless they are there."""
    _on("mkdir-p", path, lambda text: os.makedirs(text, exist_ok=True))


@native("rm")
def rm(path: object) -> None:
    """Remove a file."""
    _on("rm", path, os.remove)


@native("rm-rf")
def rm_rf(path: object) -> None:
    """Remove a file, or a folder with all that is in it; nothing need be there."""
    from shutil import rmtree  # noqa: PLC0415  # not needed to start

    def remove(text: str) -> None:
        if os.path.isdir(text) and not os.path.islink(text):
            rmtree(text)
        elif os.path.lexists(text):
            os.remove(text)

    _on("rm-rf", path, remove)


@native("cwd")
def cwd() -> str:
    """Return the current folder."""
    return os.getcwd()


@native("chdir")
def chdir(path: object) -> None:
    """Go to another folder."""
    _on("chdir", path, os.chdir)


@native("path-join")
def path_join(part: object, *parts: object) -> str:
    """Join parts of a path; an absolute one discards those before it."""
    return os.path.join(*[string_argument("path-join", each) for each in (part, *parts)])


@native("path-basename")
def path_basename(path: object) -> str:
    """Return the last part of a path."""
    return os.path.basename(string_argument("path-basename", path).rstrip("/"))


@native("path-dirname")
def path_dirname(path: object) -> str:
    """Return a path without its last part."""
    return os.path.dirname(string_argument("path-dirname", path).rstrip("/"))


@native("path-extension")
def path_extension(path: object) -> str:
    """Return what follows the last dot of a file name, without it."""
    return os.path.splitext(string_argument("path-extension", path))[1][1:]


@native("path-absolute")
def path_absolute(path: object) -> object:
    """Return the canonical path of what exists."""
    return _on("path-absolute", path, lambda text: os.path.realpath(text, strict=True))


@native("tmp-dir")
def tmp_dir() -> str:
    """Make a temporary folder and return its path."""
    from tempfile import mkdtemp  # noqa: PLC0415  # not needed to start

    return mkdtemp()


@native("tmp-file")
def tmp_file() -> str:
    """Make a temporary file and return its path."""
    from tempfile import mkstemp  # noqa: PLC0415  # not needed to start

    descriptor, path = mkstemp()
    os.close(descriptor)
    return path


@native("print-line")
def print_line(text: object) -> None:
    """Write a string and a line end to standard output."""
    sys.stdout.write(string_argument("print-line", text) + "\n")


@native("eprint-line")
def eprint_line(text: object) -> None:
    """Write a string and a line end to standard error."""
    sys.stderr.write(string_argument("eprint-line", text) + "\n")


@native("exit")
def leave(status: object = 0) -> None:
    """End the program with a status."""
    raise SystemExit(integer_argument("exit", status))
