"""terraform or tofu as a child process: it asks nothing, says each line as it comes, and ends when stopped.

The child leads a session of its own (see caixa.git for why). On Stop it is interrupted as by Ctrl-C, upon which
it finishes what it cannot leave half-done, writes its state and gives up its lock; if not, it is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from .errors import ProgramFailed, ProgramMissing

__all__ = ["PROGRAMS", "Ended", "Program", "find_program"]

PROGRAMS: Final = ("tofu", "terraform")
_GRACE_SECONDS: Final = 30.0  # a provider may be in the middle of a request that it must not forget
_KEPT_LINES: Final = 200
_SETTINGS: Final = {
    "TF_IN_AUTOMATION": "1",  # no advice on what to type next
    "TF_INPUT": "0",  # fail instead of asking
    "CHECKPOINT_DISABLE": "1",  # no look for newer versions
    "LC_ALL": "C.UTF-8",
}
Say = Callable[[str], None]


class Ended(NamedTuple):
    """How a run ended: its status, and the last lines that it wrote."""

    status: int
    output: str


def find_program(named: str | None = None, search: Callable[[str], str | None] = shutil.which) -> str:
    """Return the path of the program `named`, or of the first of `PROGRAMS` here. Raises ProgramMissing."""
    wanted = PROGRAMS if named is None else (named,)
    found = next((path for each in wanted if (path := search(each)) is not None), None)
    if found is None:
        raise ProgramMissing(wanted)
    return found


class Program:
    """Runs terraform or tofu in one directory, one command at a time."""

    def __init__(
        self, path: str, directory: Path, *, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Run the program at `path` in `directory`; `environment` is added to what it gets."""
        self.name = Path(path).name
        self._path = path
        self._directory = directory
        self._environment = environment

    def run(self, *arguments: str, say: Say, accepted: Sequence[int] = (0,)) -> Ended:
        """Run one command and return how it ended; `say` gets each line as it comes, without its end.

        Raises ProgramFailed for a status that is not `accepted`. Whatever is raised, the child has ended.
        """
        child = self._start(arguments)
        lines: list[str] = []
        try:
            assert child.stdout is not None
            for line in child.stdout:
                lines = [*lines[-_KEPT_LINES:], line.rstrip("\n")]
                say(lines[-1])
            child.wait()
        except BaseException:  # KeyboardInterrupt above all: nothing may go on behind the caller's back
            _end(child)
            raise
        finally:
            if child.stdout is not None:
                child.stdout.close()
        output = "\n".join(lines)
        if child.returncode not in accepted:
            raise ProgramFailed(f"{self.name} {arguments[0]}", child.returncode, _complaint(lines))
        return Ended(child.returncode, output)

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603 - the program is the one that was asked for
                [self._path, *arguments],
                cwd=self._directory,
                env={**os.environ, **_SETTINGS, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise ProgramMissing([self._path]) from error


def _complaint(lines: Sequence[str]) -> str:
    """Return what the program says is wrong: from its first `Error:` on, without the frame around it."""
    plain = [line.strip("│╷╵ ") for line in lines]
    first = next((at for at, line in enumerate(plain) if line.startswith("Error:")), 0)
    return " ".join(line for line in plain[first:] if line) or "it said nothing"


def _end(child: subprocess.Popen[str]) -> None:
    _signal(child, signal.SIGINT)
    try:
        child.communicate(timeout=_GRACE_SECONDS)  # reading on, so that a full pipe does not keep it
    except (subprocess.TimeoutExpired, KeyboardInterrupt):  # stopped a second time: now
        _signal(child, signal.SIGKILL)
        child.communicate()


def _signal(child: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
