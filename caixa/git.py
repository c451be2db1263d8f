"""The git command line as a child process that neither asks, nor is stopped half-way, nor outlives its caller.

The child leads a session of its own: the signal that stops a notebook cell reaches every process of the
kernel's group, and would otherwise cut a commit in two. On Stop git is asked to end (it then removes its own
lock files) and only killed when it does not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

__all__ = ["Ended", "GitProcess", "TooMuchOutput"]

_GRACE_SECONDS = 2.0
_LOOK_SECONDS = 0.2  # how often a running git is looked at

# A git that starts us (a hook, an alias) names its own repository in these; ours is the one in `directory`.
_INHERITED = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
_SETTINGS = {
    "GIT_TERMINAL_PROMPT": "0",  # fail instead of asking for a password
    "SSH_ASKPASS_REQUIRE": "never",  # the same for ssh
    "GIT_EDITOR": "true",  # never open an editor
    "GIT_LITERAL_PATHSPECS": "1",  # a file called `*.yaml` is that file
    "GIT_OPTIONAL_LOCKS": "0",  # looking must not get in the way of others
    "LC_ALL": "C",  # what git says is read in English
}


class Ended(NamedTuple):
    """How a command ended: its exit status, and what it wrote."""

    status: int
    output: bytes
    complaint: bytes

    @property
    def said(self) -> str:
        """Everything it wrote, complaints first."""
        return (self.complaint + self.output).decode("utf-8", "replace")


class TooMuchOutput(RuntimeError):
    """Git wrote more than it was to; it has ended."""


class GitProcess:
    """Runs git in one directory, one command at a time."""

    def __init__(
        self, directory: Path, *, program: str = "git", environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Run `program` in `directory`, which must exist; `environment` is added to what git gets."""
        self.directory = directory
        self._program = program
        self._environment = environment
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def execute(
        self,
        *arguments: str,
        settings: Sequence[str] = (),
        given: bytes = b"",
        within: float | None = None,
        watch: Callable[[], None] | None = None,
        most: int | None = None,
    ) -> Ended:
        """Run `git ARGUMENTS` and return how it ended.

        `settings` are `key=value` pairs of configuration for this command alone, `given` its standard input,
        `within` the most seconds it may take and `most` the bytes that it may write to either stream.
        `watch` is called now and then while git runs, and may raise. Raises FileNotFoundError where there is no
        git, TimeoutError and TooMuchOutput; git has ended whatever is raised.
        """
        # A file-system monitor would keep our pipes open after git has ended.
        options = [option for pair in ("core.fsmonitor=false", *settings) for option in ("-c", pair)]
        if most is None:
            child = self._start([*options, *arguments], subprocess.PIPE, subprocess.PIPE)
            return self._finished(child, given, within, watch)
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:  # whose growth shows
            bounded = _bounded((output, complaint), most, watch)
            child = self._start([*options, *arguments], output, complaint)
            status = self._finished(child, given, within, bounded).status
            bounded()
            return Ended(status, _content(output), _content(complaint))

    def _finished(
        self,
        child: subprocess.Popen[bytes],
        given: bytes,
        within: float | None,
        watch: Callable[[], None] | None,
    ) -> Ended:
        try:
            output, complaint = _wait(child, given, within, watch)
        except BaseException:  # KeyboardInterrupt above all: no child may go on behind the caller's back
            _end(child)
            raise
        finally:
            self._child = None
        return Ended(child.returncode, output or b"", complaint or b"")

    def cancel(self) -> None:
        """End the command that is running, if one is; may be called from any thread."""
        with self._lock:
            child = self._child
        if child is not None:
            _signal(child, signal.SIGTERM)

    def _start(
        self, arguments: Sequence[str], output: int | IO[bytes], complaint: int | IO[bytes]
    ) -> subprocess.Popen[bytes]:
        with self._lock:
            self._child = subprocess.Popen(  # noqa: S603 - the program is git, the arguments are guarded
                [self._program, *arguments],
                cwd=self.directory,
                env={**_inherited(), **_SETTINGS, **self._environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=complaint,
                start_new_session=True,
            )
            return self._child


def _inherited() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in _INHERITED}


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _bounded(files: Sequence[IO[bytes]], most: int, watch: Callable[[], None] | None) -> Callable[[], None]:
    """Return a watch that also raises TooMuchOutput when one of the files has more than `most` bytes."""

    def look() -> None:
        if any(os.fstat(file.fileno()).st_size > most for file in files):
            raise TooMuchOutput(f"git wrote more than {most} bytes")
        if watch is not None:
            watch()

    return look


def _wait(
    child: subprocess.Popen[bytes], given: bytes, within: float | None, watch: Callable[[], None] | None
) -> tuple[bytes, bytes]:
    if within is None and watch is None:
        return child.communicate(given)
    until = None if within is None else time.monotonic() + within
    first: bytes | None = given
    while True:
        left = _LOOK_SECONDS if until is None else min(_LOOK_SECONDS, until - time.monotonic())
        try:
            return child.communicate(first, timeout=max(0.0, left))
        except subprocess.TimeoutExpired:
            first = None  # communicate keeps what it was given the first time
        if watch is not None:
            watch()
        if until is not None and time.monotonic() >= until:
            raise TimeoutError(f"git did not end within {within:g} seconds")


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _end(child: subprocess.Popen[bytes]) -> None:
    _signal(child, signal.SIGTERM)
    try:
        child.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(child, signal.SIGKILL)
        child.communicate()
