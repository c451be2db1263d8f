"""Child processes that can be waited for while Stop stays possible.

Threads wait for the child and for its pipes; the calling thread waits for a queue, which a signal interrupts at
once, and is the only one that runs what belongs to the program: writing what the child says into the cell.
Whatever ends the wait early (Stop, a timeout, an error) kills the child, with its own children if it was
started in a session of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import IO, NamedTuple

__all__ = ["Finished", "run_child"]

_CHUNK = 1 << 16  # bytes
Take = Callable[[bytes], object]
Message = tuple[Take, bytes] | int | None


class Finished(NamedTuple):
    """How a child ended: its exit code, negative if a signal ended it, and what it wrote."""

    code: int
    output: bytes
    errors: bytes


def run_child(  # noqa: PLR0913  # what there is to say about a child
    command: Sequence[str],
    *,
    given: bytes | None = None,
    timeout: float | None = None,
    folder: str | None = None,
    variables: Mapping[str, str] | None = None,
    echo: tuple[Take, Take] | None = None,
    inherit: bool = False,
) -> Finished:
    """Run a program to its end, with `given` on its standard input, and return how it ended.

    `timeout` is in seconds; `folder` is where it runs; `variables` come on top of the environment; `echo` are
    called with what it writes to output and to errors, as it does, instead of that being returned; `inherit`
    lets it have our own input and output.
    Raises OSError if it cannot be started, and subprocess.TimeoutExpired.
    """
    pipe = None if inherit else subprocess.PIPE
    child = subprocess.Popen(  # noqa: S603  # the program asks for it, by name and without a shell
        command,
        stdin=pipe if given is not None or inherit else subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        cwd=folder,
        env=None if variables is None else {**os.environ, **variables},
        start_new_session=not inherit,  # one that shares our terminal must stay in our session
    )
    output, errors = bytearray(), bytearray()
    takes = echo or (output.extend, errors.extend)
    deadline = None if timeout is None else monotonic() + timeout
    try:
        code = _pumped(child, given, takes, deadline)
    except Empty:
        _kill(child)
        raise subprocess.TimeoutExpired(command, timeout or 0) from None
    except BaseException:
        _kill(child)
        raise
    return Finished(code, bytes(output), bytes(errors))


def _pumped(
    child: subprocess.Popen[bytes], given: bytes | None, takes: tuple[Take, Take], deadline: float | None
) -> int:
    """Return the exit code of `child`, after `takes` had all that it wrote. Raises Empty at `deadline`."""
    messages: SimpleQueue[Message] = SimpleQueue()
    pipes = [(pipe, take) for pipe, take in zip((child.stdout, child.stderr), takes, strict=True) if pipe]
    for pipe, take in pipes:
        _start(_read, pipe, take, messages)
    if given is not None and child.stdin is not None:
        _start(_feed, child.stdin, given)
    _start(lambda: messages.put(child.wait()))
    code, closed = None, 0
    while code is None or closed < len(pipes):
        message = messages.get(timeout=None if deadline is None else max(0, deadline - monotonic()))
        if message is None:
            closed += 1
        elif isinstance(message, int):
            code = message
        else:
            message[0](message[1])
    return code


def _start(work: Callable[..., object], *arguments: object) -> None:
    Thread(target=work, args=arguments, daemon=True).start()


def _read(pipe: IO[bytes], take: Take, messages: SimpleQueue[Message]) -> None:
    with pipe:
        while data := os.read(pipe.fileno(), _CHUNK):
            messages.put((take, data))
    messages.put(None)


def _feed(pipe: IO[bytes], given: bytes) -> None:
    try:
        with pipe:
            pipe.write(given)
    except BrokenPipeError:  # the child does not want all of it
        return


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the session of `child`; the thread that waits for it takes its exit code."""
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # it is in our session, or has ended
            child.kill()
