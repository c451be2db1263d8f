"""One engine process as its parent sees it: started, spoken to, stopped, and noticed when it dies.

The process is a session of its own, so that a signal to the kernel's process group does not reach it. It ends
when this side of the socket closes, which the operating system sees to even when the parent is killed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from itertools import count

from . import protocol as say
from .errors import EngineDied, Interrupted, RuntimeFailure

__all__ = ["COMMAND", "Call", "Connection", "ConnectionClosed"]

# `-P` keeps the notebook's folder off the module path, where a `json.py` would be found first.
COMMAND = (sys.executable, "-P", "-m", "caixa.runtime.engine_process")
# How long the process has to obey Stop before it is killed: what is left of 25 ms for threads to wake up.
_GRACE = 0.018
_FAREWELL = 1.0
_SAID_LIMIT = 600


class ConnectionClosed(Exception):
    """The process was gone before it had taken the request."""


class Call:
    """One request under way: done when answered, or when the process ended."""

    def __init__(self, number: int) -> None:
        """Be under way."""
        self.number = number
        self.done = threading.Event()
        self.answer: say.Message | None = None
        self.stopped = False


class Connection:
    """A running engine process. Every method may be called from any thread."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        """Start the process. Raises OSError when it cannot be started."""
        self._channel, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),), start_new_session=True, env={**os.environ, "RUST_BACKTRACE": "0"},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said,
            )  # fmt: skip
        self._numbers = count(1)
        self._sending = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._lock = threading.Lock()
        self._open, self._ready = True, False
        self._ending = threading.Lock()
        self._death: tuple[int | None, str] | None = None
        self._mourners: dict[int, Callable[[EngineDied], None]] = {}
        self._reader = threading.Thread(target=self._read, name="engine-reader", daemon=True)
        self._reader.start()

    @property
    def is_open(self) -> bool:
        """Whether the process takes requests."""
        return self._open

    def begin(self, request: say.Message) -> Call:
        """Send a request. Raises ConnectionClosed when the process had ended before."""
        with self._lock:
            if not self._open:
                raise ConnectionClosed
            call = Call(next(self._numbers))
            self._calls[call.number] = call
        try:
            self._send(call.number, request)
        except BaseException as error:
            # Half a frame may have been sent: nothing that follows it would be understood.
            self.kill()
            if isinstance(error, OSError):
                raise ConnectionClosed from error
            raise
        return call

    def answer(self, call: Call) -> say.Message:
        """Wait for the answer to `call`.

        Raises Interrupted when it was stopped, EngineDied when the process ended, and the failure that it told.
        """
        try:
            call.done.wait()
        except BaseException:
            self.stop()
            raise
        if call.stopped:
            raise Interrupted
        if call.answer is None:
            raise self.died()
        if isinstance(call.answer, say.Failed):
            raise RuntimeFailure.from_wire(call.answer.failure)
        return call.answer

    def mourn(self, number: int, tell: Callable[[EngineDied], None]) -> None:
        """Call `tell` once when the process ends, at once if it has; `forget(number)` takes that back."""
        with self._lock:
            if self._open:
                self._mourners[number] = tell
                return
        tell(self.died())

    def forget(self, number: int) -> None:
        """Take `mourn` back."""
        with self._lock:
            self._mourners.pop(number, None)

    def end(self, call: Call) -> None:
        """Ask for one call to be ended, and do not wait for it."""
        call.stopped = True
        with contextlib.suppress(OSError):
            self._send(call.number, say.Stop())

    def stop(self) -> None:
        """End every call under way; a process that does not obey at once is killed.

        One that is still starting has run nothing: it is left to start, and drops the calls when it reads Stop.
        """
        with self._lock:
            calls = list(self._calls.values())
        for call in calls:
            self.end(call)
            if not self._ready:
                call.done.set()
        if calls and not calls[-1].done.wait(_GRACE):
            self.kill()

    def died(self) -> EngineDied:
        """Return the error that tells how the process ended and what it said."""
        with self._ending:
            # The facts are kept, not the error: once raised it would keep this object, and its files, alive.
            if self._death is None:
                self._death = self._autopsy()
        return EngineDied(*self._death)

    def _autopsy(self) -> tuple[int | None, str]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_FAREWELL)
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _SAID_LIMIT))
        lines = self._said.read().decode("utf-8", "replace").splitlines()
        self._said.close()
        said = [line.strip() for line in lines if line.strip(" ^~\t")]
        return self.process.returncode, "; ".join(said[-3:])

    def kill(self) -> None:
        """End the process now and every call with it."""
        self.process.kill()
        self._hang_up()

    def close(self) -> None:
        """Let the process end, kill it if it does not, and return when it has."""
        self._hang_up()
        try:
            self.process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join(_FAREWELL)
        self._channel.close()
        self.died()

    def _send(self, number: int, message: say.Message) -> None:
        with self._sending:
            say.send(self._channel, say.Frame(number, message))

    def _read(self) -> None:
        """Hand answers to the calls that wait for them, until the process ends or speaks nonsense."""
        try:
            while (frame := say.receive(self._channel)) is not None:
                self._ready = True
                with self._lock:
                    call = self._calls.pop(frame.call, None)
                if call is not None:
                    call.answer = frame.message
                    call.done.set()
        except (OSError, ValueError, KeyError, TypeError):
            self.process.kill()
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            self._open = False
            calls, self._calls = list(self._calls.values()), {}
            mourners, self._mourners = list(self._mourners.values()), {}
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        for call in calls:
            call.done.set()
        for tell in mourners:
            tell(self.died())
