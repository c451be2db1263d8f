"""Files: what is in them, and what is known of them (language.md section 7, `io` and `fs`)."""

from __future__ import annotations

import os
import stat

from ...lists import List
from ..registry import native
from ..strings import string_argument
from .operating_system import on_path, utf8

__all__ = ["file_text"]


def file_text(function: str, path: object) -> str:
    """Return the text of a file in UTF-8, as `function` asks for it."""

    def read(text: str) -> str:
        with open(text, encoding="utf-8", newline="") as file:
            return file.read()

    return on_path(function, path, read)


@native("read-file", needs="fs:{path}:ro")
def read_file(path: object) -> str:
    """Return the text of a file in UTF-8."""
    return file_text("read-file", path)


@native("read-lines", needs="fs:{path}:ro")
def read_lines(path: object) -> List:
    """Return the lines of a file in UTF-8, without their ends."""
    return List(file_text("read-lines", path).splitlines())


@native("write-file", needs="fs:{path}:rw")
def write_file(path: object, content: object) -> None:
    """Write a text into a file in UTF-8, whole or not at all, instead of what was in it."""
    data = utf8("write-file", string_argument("write-file", content))
    on_path("write-file", path, lambda text: _replace(text, data))


@native("append-file", needs="fs:{path}:rw")
def append_file(path: object, content: object) -> None:
    """Write a text in UTF-8 after what is in a file."""
    data = utf8("append-file", string_argument("append-file", content))

    def append(text: str) -> None:
        with open(text, "ab") as file:
            file.write(data)

    on_path("append-file", path, append)


def _replace(path: str, data: bytes) -> None:
    """Write a file beside the one that `path` leads to, and then rename it over that one."""
    target = os.path.realpath(path)
    if path.endswith("/") or (os.path.exists(target) and not _may_be_replaced(target)):
        with open(path, "wb") as file:  # a device, or what the operating system says the error of
            file.write(data)
        return
    draft = _draft(target)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(data)
        if os.path.exists(target):
            os.chmod(draft, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(draft, target)
    except BaseException:
        if os.path.lexists(draft):
            os.remove(draft)
        raise


def _may_be_replaced(target: str) -> bool:
    return os.path.isfile(target) and os.access(target, os.W_OK)


def _draft(target: str) -> str:
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name[:100]}.{os.urandom(4).hex()}")


@native("path-exists?", needs="fs:{path}:ro")
def path_exists(path: object) -> bool:
    """Return whether there is something at a path."""
    return os.path.exists(string_argument("path-exists?", path))


@native("is-dir?", needs="fs:{path}:ro")
def is_dir(path: object) -> bool:
    """Return whether there is a folder at a path."""
    return os.path.isdir(string_argument("is-dir?", path))


@native("is-file?", needs="fs:{path}:ro")
def is_file(path: object) -> bool:
    """Return whether there is a file at a path."""
    return os.path.isfile(string_argument("is-file?", path))


@native("file-size", needs="fs:{path}:ro")
def file_size(path: object) -> int:
    """Return the size of a file in bytes."""
    return on_path("file-size", path, os.path.getsize)


@native("rm", needs="fs:{path.entry}:rw")
def rm(path: object) -> None:
    """Remove a file."""
    on_path("rm", path, os.remove)
