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
import threading
from collections.abc import Sequence
from pathlib import Path

from .errors import GitMissing, GitOpsError, PathOutside, from_git

__all__ = ["Git"]

_GRACE_SECONDS = 2.0

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
    "LC_ALL": "C",  # `from_git` reads English
}
_FALLBACK_IDENTITY = {"user.name": "feira", "user.email": "feira@localhost"}


class Git:
    """Runs git in one directory."""

    def __init__(self, directory: Path, *, program: str = "git") -> None:
        """Run `program` in `directory`, which must exist."""
        self.directory = directory
        self._program = program
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self, *arguments: str, settings: Sequence[str] = ()) -> str:
        """Return what `git ARGUMENTS` writes to its standard output.

        `settings` are `key=value` pairs of configuration for this command alone. Raises GitMissing, or what
        `errors.from_git` makes of a failure.
        """
        status, output, complaint = self.attempt(*arguments, settings=settings)
        if status != 0:
            raise from_git(arguments, status, complaint + output)
        return output

    def attempt(self, *arguments: str, settings: Sequence[str] = ()) -> tuple[int, str, str]:
        """Run `git ARGUMENTS`; return exit status, standard output and standard error. Raises GitMissing."""
        # A file-system monitor would keep our pipes open after git has ended.
        options = [option for pair in ("core.fsmonitor=false", *settings) for option in ("-c", pair)]
        child = self._start([*options, *arguments])
        try:
            output, complaint = child.communicate()
        except BaseException:  # KeyboardInterrupt above all: no child may go on behind the caller's back
            _end(child)
            raise
        finally:
            self._child = None
        return child.returncode, output.decode("utf-8", "replace"), complaint.decode("utf-8", "replace")

    def cancel(self) -> None:
        """End the command that is running, if one is; may be called from any thread."""
        with self._lock:
            child = self._child
        if child is not None:
            _signal(child, signal.SIGTERM)

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        try:
            with self._lock:
                self._child = subprocess.Popen(  # noqa: S603 - the program is git, the arguments are guarded
                    [self._program, *arguments],
                    cwd=self.directory,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
                return self._child
        except FileNotFoundError as error:
            raise GitMissing from error

    def identity(self) -> list[str]:
        """Return the settings that name an author where the configuration does not (the environment wins)."""
        settings: list[str] = []
        for key, fallback in _FALLBACK_IDENTITY.items():
            status, value, _ = self.attempt("config", "--get", key)
            if status != 0 or not value.strip():
                settings.append(f"{key}={fallback}")
        return settings


def guard(name: str, what: str) -> str:
    """Return `name`, which git must not take for an option; raises GitOpsError when it would."""
    if not name or name.startswith("-") or any(ord(character) < 32 for character in name):
        raise GitOpsError(
            f"{name!r} is not the name of a {what}", fix=f"give a {what} that does not begin with a dash"
        )
    return name


def guard_path(path: str) -> str:
    """Return `path`, a relative POSIX path inside the repository; raises PathOutside for anything else."""
    parts = path.split("/")
    if not path or "\\" in path or "\0" in path or any(part in {"", ".", "..", ".git"} for part in parts):
        raise PathOutside(path)
    return path


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _INHERITED}
    return kept | _SETTINGS


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
