"""Read, evaluate, print, again; whatever reads the inputs, and wherever the answers go."""

from __future__ import annotations

from typing import Protocol, TextIO

from ...compiler.naming import python_name
from ...diagnostics import Reportable
from ...interpreter import Interpreter
from ...printer import write
from ...source import Source
from .commands import UnknownCommand, as_program, is_end

__all__ = ["Conversation", "Reader"]

_RECENT = ("*1", "*2", "*3")


class Reader(Protocol):
    """Where inputs come from."""

    def read(self) -> str:
        """Return the next input, whole. Raises EOFError at the end, KeyboardInterrupt if it is given up."""


class Conversation:
    """One REPL: the last three values are `*1`, `*2` and `*3`."""

    def __init__(self, interpreter: Interpreter, reader: Reader, output: TextIO, errors: TextIO) -> None:
        """Write values to `output`, and what is not a value to `errors`."""
        self._interpreter, self._reader = interpreter, reader
        self._output, self._errors = output, errors
        self._count = 0

    def run(self) -> int:
        """Converse until the end of input or `,quit`, and return the exit status; `(exit n)` gives n."""
        self._errors.write("tatara-lisp: ,help for help, Ctrl-D to leave\n")
        while True:
            try:
                text = self._reader.read()
            except EOFError:
                return 0
            except KeyboardInterrupt:
                continue
            if is_end(text):
                return 0
            if text.strip():
                self.answer(text)

    def answer(self, text: str) -> None:
        """Evaluate one input and write its value, unless that is nil; after an error nothing of it stays."""
        before = self._interpreter.snapshot()
        self._count += 1
        try:
            source = Source(f"input {self._count}", as_program(text))
            value = self._interpreter.evaluate(source)
            shown = "" if value is None else write(value) + "\n"
        except (Reportable, UnknownCommand, KeyboardInterrupt) as error:
            self._interpreter.restore(before)
            self._output.flush()
            self._errors.write(f"{self._told(error)}\n")
            return
        self._output.write(shown)
        self._output.flush()
        if value is not None:
            self._remember(value)

    def _told(self, error: BaseException) -> str:
        if isinstance(error, Reportable):
            return error.render(self._interpreter.sources)
        return "stopped" if isinstance(error, KeyboardInterrupt) else str(error)

    def _remember(self, value: object) -> None:
        names = self._interpreter.names
        for newer, older in (("*2", "*3"), ("*1", "*2")):
            if newer in names:
                names[older] = names[newer]
        names[python_name("*1")] = value
