"""Running programs (language.md section 7): arguments are passed as they are, without a shell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import NativeError
from ...lists import List, Vector
from ...maps import Map
from ...names import Keyword
from ..registry import native
from ..strings import string_argument
from . import options as take
from .operating_system import os_errors, utf8

if TYPE_CHECKING:
    from .children import Finished

__all__ = ["run_program"]


def run_program(function: str, words: tuple[object, ...], **options: Any) -> Finished:
    """Run a program for the native `function`; `options` are those of `run_child`."""
    from subprocess import TimeoutExpired  # noqa: PLC0415  # not needed to start

    from .children import run_child  # noqa: PLC0415  # likewise

    command = [string_argument(function, word) for word in words]
    with os_errors(function, command[0]):
        try:
            return run_child(command, **options)
        except TimeoutExpired as expired:
            raise NativeError(
                function, f"{command[0]}: not done after {expired.timeout:g} s", timeout=expired.timeout
            ) from None


@native("exec-check", needs="process:{program}")
def exec_check(program: object, *arguments: object) -> int:
    """Run a program, let it write into the cell, and return its exit code, -1 if a signal ended it."""
    is_redirected = sys.stdout is not sys.__stdout__  # as in a notebook
    options = {"echo": _echo()} if is_redirected else {"inherit": True}
    return max(-1, run_program("exec-check", (program, *arguments), **options).code)


@native("exec-ok?", needs="process:{program}")
def is_exec_ok(program: object, *arguments: object) -> bool:
    """Run a program without its output and return whether it succeeds."""
    return run_program("exec-ok?", (program, *arguments), echo=(_ignore, _ignore)).code == 0


@native("exec-capture", needs="process:{program}")
def exec_capture(program: object, *arguments: object) -> List:
    """Run a program and return `((:status N) (:stdout S) (:stderr S))`."""
    return List([List(pair) for pair in _parts(run_program("exec-capture", (program, *arguments)))])


@native("sh-exec", needs="process:sh")
def sh_exec(command: object) -> List:
    """Run a command of the shell and return `((:status N) (:stdout S) (:stderr S))`."""
    return List([List(pair) for pair in _parts(run_program("sh-exec", ("sh", "-c", command)))])


@native(
    "exec-run",
    params="(program arguments &key stdin timeout folder env stream)",
    needs="process:{program}",
)
def exec_run(program: object, arguments: object, *options: object) -> Map:
    """Run a program with a list of arguments and return `{:status N :stdout S :stderr S}`.

    `:stdin` is a text for it, `:timeout` seconds after which it is killed, `:folder` where it runs, `:env` more
    variables; with `:stream #t` what it writes goes into the cell at once, and is not returned.
    """
    name = "exec-run"
    if not isinstance(arguments, (List, Vector)) and arguments is not None:
        raise NativeError(name, "the arguments must be a list")
    known = {
        "stdin": take.text,
        "timeout": take.seconds,
        "folder": take.text,
        "env": take.pairs_of,
        "stream": take.boolean,
    }
    given = take.options_of(name, options, known)
    finished = run_program(
        name,
        (program, *(arguments or ())),
        given=utf8(name, given["stdin"]) if "stdin" in given else None,
        timeout=given.get("timeout"),
        folder=given.get("folder"),
        variables=dict(given["env"]) if "env" in given else None,
        echo=_echo() if given.get("stream") else None,
    )
    return Map(_parts(finished))


@native("sops-extract", needs=("process:sops", "fs:{path}:ro"))
def sops_extract(path: object, json_path: object) -> str:
    """Return what stands at a path like `["db"]["password"]` in a file that is encrypted with sops."""
    name = "sops-extract"
    file, place = string_argument(name, path), string_argument(name, json_path)
    finished = run_program(name, ("sops", "-d", "--extract", place, file))
    if finished.code != 0:
        reason = finished.errors.decode("utf-8", "replace").strip() or f"sops ended with {finished.code}"
        raise NativeError(name, f"{file}: {reason}", path=file, status=finished.code)
    return finished.output.decode("utf-8", "replace").rstrip("\n")


def _parts(finished: Finished) -> list[tuple[object, object]]:
    texts = [data.decode("utf-8", "replace") for data in (finished.output, finished.errors)]
    names = ("status", "stdout", "stderr")
    return list(zip(map(Keyword, names), (max(-1, finished.code), *texts), strict=True))


def _ignore(_data: bytes) -> None:
    """Take what a child says, and do nothing with it."""


def _echo() -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    """Return functions that write what a child says to where the program's own output goes."""
    from codecs import getincrementaldecoder  # noqa: PLC0415  # not needed to start

    def writer(of: Callable[[], Any]) -> Callable[[bytes], object]:
        decoder = getincrementaldecoder("utf-8")("replace")
        return lambda data: of().write(decoder.decode(data))

    return writer(lambda: sys.stdout), writer(lambda: sys.stderr)
