"""The machine, and leaving it (language.md section 7)."""

from __future__ import annotations

import os
import sys

from ...errors import NativeError
from ..registry import native
from ..strings import integer_argument

__all__: list[str] = []

HOST = "host:info"
_PLATFORMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}


@native("os-platform", needs=HOST)
def os_platform() -> str:
    """Return `linux`, `macos`, `windows` or `other`."""
    return _PLATFORMS.get(sys.platform, "other")


@native("os-arch", needs=HOST)
def os_arch() -> str:
    """Return the architecture of the machine."""
    import platform  # noqa: PLC0415  # not needed to start

    return platform.machine()


@native("hostname", needs=HOST)
def hostname() -> str:
    """Return the name of the machine."""
    import socket  # noqa: PLC0415  # not needed to start

    return socket.gethostname()


@native("username", needs=HOST)
def username() -> str:
    """Return the name of the user."""
    import getpass  # noqa: PLC0415  # not needed to start

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise NativeError("username", "the user has no name") from None


@native("user-home", needs=HOST)
def user_home() -> str:
    """Return the home folder of the user."""
    return os.path.expanduser("~")


@native("exit", needs="host:exit")
def leave(status: object = 0) -> None:
    """End the program with a status."""
    raise SystemExit(integer_argument("exit", status))
