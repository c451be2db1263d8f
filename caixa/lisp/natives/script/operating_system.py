"""What the operating system refuses, as errors of the language; no other place makes one of the other."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ...errors import NativeError
from ..strings import string_argument

__all__ = ["on_path", "os_errors", "utf8"]

_Result = TypeVar("_Result")

_ADVICE = {
    errno.ENOENT: "Is the name right? `(ls FOLDER)` tells what there is.",
    errno.EACCES: "Who runs this program may not do that.",
    errno.EEXIST: "Remove what is there, or choose another name.",
    errno.ENOSPC: "Make room on the disk.",
}


@contextmanager
def os_errors(function: str, path: str) -> Iterator[None]:
    """Turn what the operating system refuses into a NativeError with the path and the name of the error."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        raise NativeError(
            function,
            f"{path}: {error.strerror or error}",
            fix=_ADVICE.get(number, ""),
            path=path,
            errno=errno.errorcode.get(number),
        ) from error
    except UnicodeDecodeError as error:
        raise NativeError(function, f"{path}: not UTF-8 text (byte {error.start})", path=path) from error
    except ValueError as error:  # a path with a NUL
        raise NativeError(function, f"{path!r}: {error}", path=path) from error


def on_path(function: str, path: object, act: Callable[[str], _Result]) -> _Result:
    """Return what `act` gives for a path."""
    text = string_argument(function, path)
    with os_errors(function, text):
        return act(text)


def utf8(function: str, text: str) -> bytes:
    """Return a text in UTF-8; raises NativeError if half of a surrogate pair is in it, which has no UTF-8."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NativeError(
            function, f"character {error.start} is half of a surrogate pair", fix="Leave it out, or use `�`."
        ) from error
