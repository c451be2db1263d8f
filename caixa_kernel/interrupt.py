"""Stop: a KeyboardInterrupt in the cell that was meant, and in nothing else.

The request arrives on the control thread while the main thread runs a cell. A signal is the one thing that
reaches the main thread wherever it is (a loop, a sleep, a read from a child), but a signal may arrive late:
after the cell it was meant for has ended and the next has begun. So a request names the cell it means, and
the handler raises only when that cell is still running.
"""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Interrupts"]

RETRY_SECONDS = 0.001  # until the finaliser that swallowed an interrupt has surely ended
AGAIN_SECONDS = 0.02  # between two times of asking
REPEAT_SECONDS = 0.1  # a second Stop this soon is the same one: what the first undoes must not be cut short


class Interrupts:
    """The gate between SIGINT and the running cell; made and armed on the main thread."""

    def __init__(self) -> None:
        """Begin with no cell running."""
        self._main = threading.main_thread().ident
        self._cell = 0  # how many cells were announced
        self._announced = False  # one is about to run
        self._running = False
        self._early = False  # the announced cell is to stop as soon as it runs
        self._wanted: int | None = None  # the cell that a request means; None: whichever runs
        self._shields = 0
        self._deferred = False
        self._raised_at = float("-inf")
        self._paused_collection = False
        self._other_unraisable = sys.unraisablehook

    def install(self) -> None:
        """Take SIGINT for this gate (main thread only)."""
        signal.signal(signal.SIGINT, self._on_signal)
        self._other_unraisable = sys.unraisablehook
        sys.unraisablehook = self._on_unraisable

    def announce(self) -> None:
        """Say that a cell will run: front ends hear of it from now on, and may stop it."""
        self._early = False
        self._cell += 1
        self._announced = True

    def withdraw(self) -> None:
        """Say that the announced cell will not run."""
        self._announced = False

    @contextmanager
    def cell(self) -> Iterator[None]:
        """Run the announced cell: let a request raise KeyboardInterrupt inside the block."""
        self._deferred = False
        self._raised_at = float("-inf")
        try:
            self._running = True
            if self._early:
                self._raise()
            yield
        finally:
            self._running = self._announced = self._early = False
            if self._paused_collection:
                self._paused_collection = False
                gc.enable()

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Put an interrupt off until the end of the block, which must be short: messages leave whole or not."""
        if threading.get_ident() != self._main:
            yield
            return
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
            if self._deferred and not self._shields:
                self._raise()

    def is_in_cell(self) -> bool:
        """Return whether a cell runs, and nothing that must be done whole (main thread only)."""
        return self._running and not self._shields

    def request(self) -> bool:
        """Interrupt the running cell, or the announced one, from any thread; return whether there is one."""
        if not self._announced:
            return False
        self._wanted = self._cell
        self._send()
        return True

    def _send(self) -> None:
        """Signal the main thread, and the children in our process group if we lead one, as a terminal would."""
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGINT)
        elif self._main is not None:
            signal.pthread_kill(self._main, signal.SIGINT)

    def _on_signal(self, _number: int, _frame: object) -> None:
        wanted, self._wanted = self._wanted, None
        if not self._announced or wanted not in {None, self._cell}:
            return
        if not self._running:
            self._early = True
        elif self._shields:
            self._deferred = True
        else:
            self._raise()

    def _on_unraisable(self, swallowed: Any) -> None:
        """Ask again when a finaliser or a weak reference's callback (imports have some) swallowed a Stop."""
        if not issubclass(swallowed.exc_type, KeyboardInterrupt):
            self._other_unraisable(swallowed)
        elif self._running:
            self._raised_at = float("-inf")
            threading.Timer(RETRY_SECONDS, self._ask_again, (self._cell,)).start()

    def _ask_again(self, cell: int) -> None:
        """Ask until the cell has heard it: CPython 3.12 may forget a signal that comes during another."""
        if self._running and cell == self._cell and self._raised_at == float("-inf"):
            self.request()
            threading.Timer(AGAIN_SECONDS, self._ask_again, (cell,)).start()

    def _raise(self) -> None:
        self._deferred = False
        now = time.monotonic()
        if now - self._raised_at >= REPEAT_SECONDS:
            self._raised_at = now
            self._pause_collection()
            raise KeyboardInterrupt

    def _pause_collection(self) -> None:
        """Keep the collector from searching, until the cell has ended, the frames of a deep recursion.

        They are made into objects as the exception passes them, which set it off again and again.
        """
        if gc.isenabled():
            gc.disable()
            self._paused_collection = True
