"""Running programs (language.md section 7): arguments are passed as they are, without a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NativeError
from ...lists import List
from ...names import Keyword
from ..registry import native
from ..strings import string_argument
from .files import os_errors

if TYPE_CHECKING:
    from subprocess import CompletedProcess

__all__: list[str] = []


def _run(function: str, words: tuple[object, ...], *, output: int | None) -> CompletedProcess[str]:
    import subprocess  # noqa: PLC0415  # not needed to start

    command = [string_argument(function, word) for word in words]
    with os_errors(function, command[0]):
        return subprocess.run(  # noqa: S603  # the program asks for it, by name and without a shell
            command,
            check=False,
            stdin=None if output is None else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            encoding="utf-8",
            errors="replace",
        )


@native("exec-check")
def exec_check(program: object, *arguments: object) -> int:
    """Run a program and return its exit code, -1 if a signal ended it."""
    return max(-1, _run("exec-check", (program, *arguments), output=None).returncode)


@native("exec-ok?")
def is_exec_ok(program: object, *arguments: object) -> bool:
    """Run a program without its output and return whether it succeeds."""
    from subprocess import DEVNULL  # noqa: PLC0415  # not needed to start

    return _run("exec-ok?", (program, *arguments), output=DEVNULL).returncode == 0


@native("exec-capture")
def exec_capture(program: object, *arguments: object) -> List:
    """Run a program and return `((:status N) (:stdout S) (:stderr S))`."""
    return _captured("exec-capture", (program, *arguments))


@native("sh-exec")
def sh_exec(command: object) -> List:
    """Run a command of the shell and return `((:status N) (:stdout S) (:stderr S))`."""
    return _captured("sh-exec", ("sh", "-c", string_argument("sh-exec", command)))


def _captured(function: str, words: tuple[object, ...]) -> List:
    from subprocess import PIPE  # noqa: PLC0415  # not needed to start

    finished = _run(function, words, output=PIPE)
    parts = {"status": max(-1, finished.returncode), "stdout": finished.stdout, "stderr": finished.stderr}
    return List([List((Keyword(name), value)) for name, value in parts.items()])


@native("env-get")
def env_get(name: object, default: object = None) -> object:
    """Return a variable of the environment, or `default`."""
    from os import environ  # noqa: PLC0415  # beside the only two that need it

    return environ.get(string_argument("env-get", name), default)


@native("env-required")
def env_required(name: object) -> object:
    """Return a variable of the environment, which must be set."""
    value = env_get(name)
    if value is None:
        raise NativeError("env-required", f"environment variable {name} is not set")
    return value
