"""A limit on memory: what would make the system kill the kernel becomes an error in the cell that did it.

There are two fences, since neither is enough alone (tried on CPython 3.11, 3.12 and 3.13):

* A timer that runs on the processor time of this process looks at the resident size twenty times a second,
  and raises MemoryError in the running cell, between two steps of it, while there is room for a report. No
  memory is taken without processor time, so an idle kernel is never woken. But nothing is raised inside one
  step that takes everything at once.
* RLIMIT_DATA, an eighth further out, refuses such a step. Alone it would do harm: when no memory at all is
  left, CPython 3.11 answers a call with SystemError, and ZeroMQ ends the process.

While an error is reported, the second fence stands a reserve further out (`make_room`): what the program held
is let go of by then, but not yet given back, and a report that finds no memory would leave the cell without a
reply.

Children (the engine, git, browsers) do not inherit the second fence: it is taken down when a process is about
to be started, and put up again at the next look.
"""

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

__all__ = ["VARIABLE", "MemoryLimit", "available_bytes", "give_back", "is_measurable", "wanted_limit"]

VARIABLE: Final = "CAIXA_MEMORY_LIMIT"
LOOK_SECONDS = 0.05  # of processor time, between two looks
QUIET_LOOKS = 10  # after an error, during which what held the memory is let go
RESERVE_BYTES = 64 * 2**20  # for the report of an error, during the quiet looks
LEAST_BYTES = 192 * 2**20  # the language and its tools need 60 to 120 MiB
SHARE = 0.8  # of what is available when the kernel starts

_PAGE = os.sysconf("SC_PAGE_SIZE")
_STATM = "/proc/self/statm"
_GROUP_LIMITS = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")
_STARTS_PROCESS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec"})


def wanted_limit(environment: Mapping[str, str], available: int | None) -> int | None:
    """Return the limit in bytes: what CAIXA_MEMORY_LIMIT says (`2GiB`, `off`), or a share of what is available.

    None means no limit: it is off, or the system does not say how much there is. Raises InvalidValue (a
    Reportable) for a text that is no size.
    """
    text = environment.get(VARIABLE, "").strip()
    if text.lower() == "off":
        return None
    if not text:
        return None if available is None else max(LEAST_BYTES, int(available * SHARE))
    from caixa.manifest.codecs import parse_bytes  # noqa: PLC0415  # few set the variable

    return max(LEAST_BYTES, parse_bytes(text))


def available_bytes(root: Path = Path("/")) -> int | None:
    """Return how much memory this process could take, of the machine or its control group; None: unknown."""
    found = []
    with contextlib.suppress(OSError):
        lines = (root / "proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    for name in _GROUP_LIMITS:
        with contextlib.suppress(OSError, ValueError):  # no control groups, or the word `max`
            found.append(int((root / name).read_text("ascii")))
    return min(found, default=None)


def is_measurable() -> bool:
    """Return whether this system says how much memory a process has now: Linux does, macOS does not."""
    return Path(_STATM).exists()


def give_back() -> None:
    """Give what is no longer used back to the system: after an error, so that the next cell is not refused."""
    gc.collect()
    _trim()


def _trim() -> None:
    """Let the C library give back what was freed: the GNU one keeps what lies below its last block."""
    import ctypes  # noqa: PLC0415  # needed only once memory has run out

    with contextlib.suppress(AttributeError):  # another library, which has no need of it
        ctypes.CDLL(None).malloc_trim(0)


class MemoryLimit:
    """Both fences of this process. Made and put up on the main thread."""

    def __init__(self, limit: int, may_raise: Callable[[], bool]) -> None:
        """Allow `limit` bytes; `may_raise` says whether the main thread is in a cell just now."""
        self.limit = limit
        self._may_raise = may_raise
        self._statm = os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC)
        self._quiet = 0
        _, self._hard = resource.getrlimit(resource.RLIMIT_DATA)
        resident, data = self._sizes()
        fence = max(0, data - resident) + limit + limit // 8
        self._fence = self._allowed(fence)
        self._roomy = self._allowed(fence + RESERVE_BYTES)

    def install(self) -> None:
        """Put up both fences."""
        signal.signal(signal.SIGPROF, self._look)
        signal.siginterrupt(signal.SIGPROF, False)  # noqa: FBT003  # the standard library's own parameter
        signal.setitimer(signal.ITIMER_PROF, LOOK_SECONDS, LOOK_SECONDS)
        self._refuse_beyond(self._fence)
        sys.addaudithook(self._on_event)

    def remove(self) -> None:
        """Take both fences down: a timer that outlives Python's handler would end the process."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._refuse_beyond(self._hard)

    def make_room(self) -> None:
        """Let an error be reported although memory has run out; at once, in the handler of the error."""
        self._quiet = QUIET_LOOKS
        self._refuse_beyond(self._roomy)

    def _sizes(self) -> tuple[int, int]:
        """Return the resident size and the data size of this process in bytes."""
        pages = os.pread(self._statm, 200, 0).split()
        return int(pages[1]) * _PAGE, int(pages[5]) * _PAGE

    def _look(self, _number: int, _frame: object) -> None:
        if self._quiet:
            self._quiet -= 1
            self._refuse_beyond(self._roomy)
            return
        self._refuse_beyond(self._fence)
        if self._is_exceeded() and self._may_raise():
            self.make_room()
            raise MemoryError(f"more than {self.limit // 2**20} MiB are in use")

    def _is_exceeded(self) -> bool:
        if self._sizes()[0] <= self.limit:
            return False
        _trim()  # what a program has let go of is not in use
        return self._sizes()[0] > self.limit

    def _allowed(self, size: int) -> int:
        return size if self._hard == resource.RLIM_INFINITY else min(size, self._hard)

    def _refuse_beyond(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (size, self._hard))

    def _on_event(self, event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _STARTS_PROCESS:
            self._refuse_beyond(self._hard)
