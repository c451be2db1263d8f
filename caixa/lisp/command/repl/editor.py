"""Inputs from a terminal, by prompt_toolkit: several lines, history, completion and colours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import has_completions, is_done
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output

from ...completeness import completeness
from ...interpreter import Interpreter
from ...lexer import LispLexer
from .commands import COMMANDS

__all__ = ["Editor", "history_path"]

_WORD = re.compile(r"""[^\s()\[\]{}'`,";]+\Z""")
_COMMAND = re.compile(r",(\w*)\Z")


class Editor:
    """The line editor of one REPL."""

    def __init__(
        self,
        interpreter: Interpreter,
        *,
        history: Path | None = None,
        input: Input | None = None,  # noqa: A002  # as prompt_toolkit calls it
        output: Output | None = None,
    ) -> None:
        """Complete the names of `interpreter`; `history` is a file, by default that of the user."""
        self._session: PromptSession[str] = PromptSession(
            message="λ ",
            prompt_continuation=lambda width, number, wraps: "… ",  # noqa: ARG005  # the signature of the library
            multiline=True,
            key_bindings=_bindings(),
            completer=NameCompleter(interpreter),
            complete_while_typing=False,
            lexer=PygmentsLexer(LispLexer),
            history=_history(history_path() if history is None else history),
            input=input,
            output=output,
        )

    def read(self) -> str:
        """Return the next input. Raises EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C."""
        return self._session.prompt()


class NameCompleter(Completer):
    """Names of the interpreter, each shown with how it is called, and the commands of the REPL."""

    def __init__(self, interpreter: Interpreter) -> None:
        """Complete the names of `interpreter`."""
        self._interpreter = interpreter

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002  # the signature of the library
        """Yield what may stand in the place of the word before the cursor."""
        before = document.text_before_cursor
        command = _COMMAND.match(before)
        if command is not None:
            for name, (description, _) in COMMANDS.items():
                if name.startswith(command.group(1)):
                    yield Completion(name, -len(command.group(1)), display_meta=description)
            return
        word = _WORD.search(before)
        if word is not None:
            for each in self._interpreter.completions(word.group()):
                yield Completion(each.name, -len(word.group()), display_meta=each.signature or each.kind)


def _bindings() -> KeyBindings:
    """Return the keys: Enter ends an input that is complete, and otherwise begins a line, indented."""
    bindings = KeyBindings()

    @bindings.add("enter", filter=~has_completions & ~is_done)
    def _(event: KeyPressEvent) -> None:
        _enter(event.current_buffer)

    return bindings


def _enter(buffer: Buffer) -> None:
    found = completeness(buffer.text)
    at_end = not buffer.document.text_after_cursor.strip()
    if buffer.text.startswith(",") or (at_end and found.status != "incomplete"):
        buffer.validate_and_handle()
    else:
        buffer.insert_text("\n" + (found.indent if at_end else ""))


def history_path() -> Path:
    """Return the file of the user's history, in the directory for the state of programs (XDG)."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base) / "caixa-notebooks" / "lisp-history"


def _history(path: Path) -> History:
    """Return the history in a file, or, where none can be written, one that ends with the REPL."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
