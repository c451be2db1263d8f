"""What native code and child processes write to descriptors 1 and 2: brought to the cell, like printed text."""

from __future__ import annotations

import codecs
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector

__all__ = ["NativeOutput"]

CHUNK = 1 << 16  # bytes; what a pipe holds on Linux


@dataclass(slots=True)
class Redirect:
    """A descriptor that now leads into a pipe."""

    name: str
    descriptor: int
    saved: int
    source: int
    ended: bool = False
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")(errors="replace")
    )

    @classmethod
    def of(cls, name: str, descriptor: int) -> Redirect:
        """Lead `descriptor` into a new pipe."""
        saved = os.dup(descriptor)
        source, sink = os.pipe()
        os.set_blocking(source, False)
        os.dup2(sink, descriptor)
        os.close(sink)
        return cls(name, descriptor, saved, source)

    def read(self) -> str:
        """Return what is in the pipe now, without waiting."""
        parts: list[str] = []
        while True:
            try:
                data = os.read(self.source, CHUNK)
            except BlockingIOError:
                return "".join(parts)
            if not data:  # nobody can write to it any more
                self.ended = True
                return "".join(parts)
            parts.append(self.decoder.decode(data))


class NativeOutput:
    """Redirects both descriptors, until `restore`, and hands their text to `write(name, text)`."""

    def __init__(self, write: Callable[[str, str], object]) -> None:
        """Redirect, and begin to watch."""
        self._write = write
        self._lock = threading.Lock()
        self._redirects = [Redirect.of("stdout", 1), Redirect.of("stderr", 2)]
        threading.Thread(target=self._watch, name="Native output", daemon=True).start()

    def drain(self) -> None:
        """Hand over all that was written so far: a child that has ended is heard to its last word."""
        with self._lock:
            for redirect in self._redirects:
                self._hand_over(redirect)

    def restore(self) -> None:
        """Let both descriptors lead to where they led before."""
        with self._lock:
            for redirect in self._redirects:
                os.dup2(redirect.saved, redirect.descriptor)
                self._hand_over(redirect)

    def _hand_over(self, redirect: Redirect) -> None:
        text = redirect.read()
        if text:
            self._write(redirect.name, text)

    def _watch(self) -> None:
        with DefaultSelector() as selector:
            for redirect in self._redirects:
                selector.register(redirect.source, EVENT_READ, redirect)
            while selector.get_map():
                for key, _ in selector.select():
                    with self._lock:
                        self._hand_over(key.data)
                    if key.data.ended:
                        selector.unregister(key.fd)
