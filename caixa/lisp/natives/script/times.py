"""The clock: what time it is, waiting, and the log, whose lines carry the time (language.md section 7)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from time import gmtime, localtime, strftime

from ...capabilities import can
from ..registry import Native, mark_native
from ..strings import integer_argument, string_argument

__all__ = ["clock_natives"]

CLOCK = "cap-time"
_LEVELS = ("debug", "info", "warn", "error")
_MAX_SLEEP = 366 * 86_400  # seconds: the operating system takes no arbitrarily long time


def clock_natives(time_ns: Callable[[], int], wait: Callable[[float], None]) -> dict[str, Native]:
    """Return the natives that tell the time, by name.

    `time_ns` returns the nanoseconds since 1970 in UTC; `wait` returns after so many seconds, and must let a
    signal raise meanwhile.
    """
    telling = _telling(time_ns, wait).items()
    told = {name: mark_native(function, name, needs=CLOCK) for name, function in telling}
    return {**told, **_log_natives(time_ns)}


def _telling(time_ns: Callable[[], int], wait: Callable[[float], None]) -> dict[str, Callable[..., object]]:
    def now() -> int:
        """Return the time in seconds since 1970."""
        return time_ns() // 1_000_000_000

    def now_ms() -> int:
        """Return the time in milliseconds since 1970."""
        return time_ns() // 1_000_000

    def now_ns() -> int:
        """Return the time in nanoseconds since 1970."""
        return time_ns()

    def now_rfc3339() -> str:
        """Return the time in UTC, to the second."""
        return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(now()))

    def elapsed_since(nanoseconds: object) -> int:
        """Return the nanoseconds since a time that `now-ns` gave."""
        return time_ns() - integer_argument("elapsed-since", nanoseconds)

    def pause(seconds: float) -> None:
        if seconds > 0:
            wait(min(seconds, _MAX_SLEEP))

    def sleep(seconds: object) -> None:
        """Wait for whole seconds."""
        pause(integer_argument("sleep", seconds))

    def sleep_ms(milliseconds: object) -> None:
        """Wait for whole milliseconds."""
        pause(integer_argument("sleep-ms", milliseconds) / 1000)

    return {
        "now": now, "now-ms": now_ms, "now-ns": now_ns, "now-rfc3339": now_rfc3339,
        "elapsed-since": elapsed_since, "sleep": sleep, "sleep-ms": sleep_ms,
    }  # fmt: skip


def _log_natives(time_ns: Callable[[], int]) -> dict[str, Native]:
    """Return the natives of the log; what they may not know (the time, the threshold) they leave out."""

    def log(level: str, message: object) -> None:
        text = string_argument(f"log-{level}", message)
        if _LEVELS.index(level) >= _threshold():
            seconds = time_ns() // 1_000_000_000
            stamp = f"[{strftime('%H:%M:%S', localtime(seconds))}] " if can(CLOCK) else ""
            sys.stderr.write(f"{stamp}{level.upper()} {text}\n")

    def log_debug(message: object) -> None:
        """Write a message to the log, for debugging."""
        log("debug", message)

    def log_info(message: object) -> None:
        """Write a message to the log."""
        log("info", message)

    def log_warn(message: object) -> None:
        """Write a warning to the log."""
        log("warn", message)

    def log_error(message: object) -> None:
        """Write an error to the log."""
        log("error", message)

    functions = {"log-debug": log_debug, "log-info": log_info, "log-warn": log_warn, "log-error": log_error}
    return {name: mark_native(function, name, needs=()) for name, function in functions.items()}


def _threshold() -> int:
    name = "TATARA_LOG"
    level = os.environ.get(name, "info").lower() if can("env", name) else "info"
    return _LEVELS.index(level if level in _LEVELS else "info")
