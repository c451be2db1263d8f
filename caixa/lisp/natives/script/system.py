"""The machine, the clock and the log (language.md section 7)."""

from __future__ import annotations

import os
import sys
import time

from ...errors import NativeError
from ..registry import native
from ..strings import integer_argument, string_argument

__all__: list[str] = []

_PLATFORMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_LEVELS = ("debug", "info", "warn", "error")
_MAX_SLEEP = 366 * 86_400  # seconds: the operating system takes no arbitrarily long time


@native("os-platform")
def os_platform() -> str:
    """Return `linux`, `macos`, `windows` or `other`."""
    return _PLATFORMS.get(sys.platform, "other")


@native("os-arch")
def os_arch() -> str:
    """Return the architecture of the machine."""
    import platform  # noqa: PLC0415  # not needed to start

    return platform.machine()


@native("hostname")
def hostname() -> str:
    """Return the name of the machine."""
    import socket  # noqa: PLC0415  # not needed to start

    return socket.gethostname()


@native("username")
def username() -> str:
    """Return the name of the user."""
    import getpass  # noqa: PLC0415  # not needed to start

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise NativeError("username", "the user has no name") from None


@native("user-home")
def user_home() -> str:
    """Return the home folder of the user."""
    return os.path.expanduser("~")


@native("now")
def now() -> int:
    """Return the time in seconds since 1970."""
    return int(time.time())


@native("now-ms")
def now_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@native("now-ns")
def now_ns() -> int:
    """Return the time in nanoseconds since 1970."""
    return time.time_ns()


@native("now-rfc3339")
def now_rfc3339() -> str:
    """Return the time in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@native("sleep")
def sleep(seconds: object) -> None:
    """Wait for whole seconds."""
    _wait(integer_argument("sleep", seconds))


@native("sleep-ms")
def sleep_ms(milliseconds: object) -> None:
    """Wait for whole milliseconds."""
    _wait(integer_argument("sleep-ms", milliseconds) / 1000)


def _wait(seconds: float) -> None:
    time.sleep(min(max(0, seconds), _MAX_SLEEP))


@native("elapsed-since")
def elapsed_since(nanoseconds: object) -> int:
    """Return the nanoseconds since a time that `now-ns` gave."""
    return time.time_ns() - integer_argument("elapsed-since", nanoseconds)


def _log(level: str, message: object) -> None:
    text = string_argument(f"log-{level}", message)
    threshold = os.environ.get("TATARA_LOG", "info").lower()
    if _LEVELS.index(level) >= (_LEVELS.index(threshold) if threshold in _LEVELS else 1):
        sys.stderr.write(f"[{time.strftime('%H:%M:%S')}] {level.upper()} {text}\n")


@native("log-debug")
def log_debug(message: object) -> None:
    """Write a message to the log, for debugging."""
    _log("debug", message)


@native("log-info")
def log_info(message: object) -> None:
    """Write a message to the log."""
    _log("info", message)


@native("log-warn")
def log_warn(message: object) -> None:
    """Write a warning to the log."""
    _log("warn", message)


@native("log-error")
def log_error(message: object) -> None:
    """Write an error to the log."""
    _log("error", message)
