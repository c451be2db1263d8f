"""Inputs from lines of text, for a REPL without a terminal: an input ends where it is complete."""

from __future__ import annotations

from typing import TextIO

from ...completeness import completeness

__all__ = ["Lines"]


class Lines:
    """The inputs in a stream of lines."""

    def __init__(self, stream: TextIO) -> None:
        """Read from `stream`."""
        self._stream = stream

    def read(self) -> str:
        """Return the next input. Raises EOFError at the end of the stream."""
        text = ""
        while line := self._stream.readline():
            text += line
            if text.startswith(",") or completeness(text).status != "incomplete":
                return text
        if not text.strip():
            raise EOFError
        return text
