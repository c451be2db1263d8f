"""Paths as text, and the canonical one of what exists (language.md section 7, `fs`)."""

from __future__ import annotations

import os

from ..registry import native
from ..strings import string_argument
from .operating_system import on_path

__all__: list[str] = []


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


@native("path-absolute", needs="fs:{path}:ro")
def path_absolute(path: object) -> str:
    """Return the canonical path of what exists."""
    return on_path("path-absolute", path, lambda text: os.path.realpath(text, strict=True))
