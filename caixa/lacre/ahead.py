"""Work done ahead of time by a few threads: each thing once, whoever asks first, and nothing after the end.

Git waits for other machines most of the time, so what will probably be asked for is fetched while the search
goes on. What was found, or went wrong, is told to whoever asks for it, in the order of the asking: the threads
make an answer sooner, never another one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

__all__ = ["Errands", "Once", "Stopped"]

_LOOK_SECONDS = 0.05

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Stopped(Exception):
    """An errand that nobody waits for any more."""


class Errands:
    """A bounded number of threads, started with the first errand; their owner passes on what they report."""

    def __init__(self, report: Callable[[str], None], at_once: int) -> None:
        """Run `at_once` errands at a time; with 1 or less, none ahead of time."""
        self._report = report
        self._at_once = at_once
        self._owner = threading.get_ident()
        self._pool: ThreadPoolExecutor | None = None
        self._said: SimpleQueue[str] = SimpleQueue()
        self._is_over = threading.Event()
        self._running = 0
        self._is_idle = threading.Condition()

    def send(self, errand: Callable[[], object]) -> None:
        """Have `errand` run by a thread; what it raises is for those who ask for the same thing."""
        if self._at_once < 2 or self._is_over.is_set():
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="fetch")
        self._pool.submit(self._run, errand)

    def _run(self, errand: Callable[[], object]) -> None:
        with self._is_idle:
            self._running += 1
        try:
            with suppress(Exception):
                self.still_wanted()
                errand()
        finally:
            with self._is_idle:
                self._running -= 1
                self._is_idle.notify_all()

    def report(self, line: str) -> None:
        """Pass a line on: at once for the owner, and for a thread when the owner looks."""
        if threading.get_ident() == self._owner:
            self.pass_on()
            self._report(line)
        else:
            self._said.put(line)

    def pass_on(self) -> None:
        """Report what the threads said meanwhile, if this is the owner."""
        with suppress(Empty):
            while threading.get_ident() == self._owner:
                self._report(self._said.get_nowait())

    def still_wanted(self) -> None:
        """Raise Stopped in an errand, once the owner has ended; let the owner report, while it waits."""
        self.pass_on()
        if self._is_over.is_set() and threading.get_ident() != self._owner:
            raise Stopped

    def end(self) -> None:
        """Stop what runs, and return when it has stopped."""
        self._is_over.set()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        with self._is_idle:  # a Stop while a thread starts hides it from the pool, not from us
            self._is_idle.wait_for(lambda: not self._running)
        self.pass_on()


class _Answer(Generic[V]):
    """What a question led to, once `is_known`."""

    def __init__(self) -> None:
        self.is_known = threading.Event()
        self.value: V | None = None
        self.error: Exception | None = None


class Once(Generic[K, V]):
    """Answers by key: the first who asks finds the answer, the others wait for it."""

    def __init__(self, errands: Errands) -> None:
        """Let waiting owners of `errands` pass on what is reported."""
        self._errands = errands
        self._answers: dict[K, _Answer[V]] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: K) -> bool:
        return key in self._answers

    def get(self, key: K, find: Callable[[], V]) -> V:
        """Return the answer, or raise the error, that `find` came to when it was first called for `key`."""
        with self._lock:
            answer = self._answers.get(key)
            is_first = answer is None
            if answer is None:
                answer = self._answers[key] = _Answer()
        if is_first:
            self._find(key, answer, find)
        while not answer.is_known.wait(_LOOK_SECONDS):
            self._errands.still_wanted()
        self._errands.pass_on()
        if answer.error is not None:
            raise answer.error
        return answer.value  # type: ignore[return-value]  # known and no error: a value, which may be None

    def _find(self, key: K, answer: _Answer[V], find: Callable[[], V]) -> None:
        try:
            answer.value = find()
        except Exception as error:
            answer.error = error
        except BaseException:  # Stop is for who is stopped, and no answer for the others
            with self._lock:
                del self._answers[key]
            answer.error = Stopped()
            raise
        finally:
            answer.is_known.set()
