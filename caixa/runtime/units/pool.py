"""A bounded number of threads for any number of units."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

__all__ = ["Pool"]

Job = Callable[[], None]


class Pool:
    """Runs jobs in the order of their coming, as many at once as there are threads; these start when needed."""

    def __init__(self, threads: int) -> None:
        """Use at most so many threads, at least one."""
        self._limit = max(1, threads)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0

    def run(self, job: Job) -> None:
        """Let `job`, which must not raise, run when a thread is free."""
        with self._lock:
            self._idle -= 1
            if self._idle < 0 and len(self._threads) < self._limit:
                # Daemons: a program that ends does not wait for a guest that never does.
                thread = threading.Thread(target=self._work, name="units", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Let the threads end once the jobs that wait are done."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            job = self._jobs.get()
            if job is None:
                return
            job()
