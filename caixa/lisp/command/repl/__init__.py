"""The REPL: a conversation with one interpreter, in which an input takes effect whole or not at all."""

from __future__ import annotations

import sys

from ...interpreter import Interpreter
from .conversation import Conversation, Reader

__all__ = ["Conversation", "Reader", "converse"]


def converse(interpreter: Interpreter) -> int:
    """Talk on the terminal, or by plain lines where there is none, until the end; return the exit status."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        from .editor import Editor  # noqa: PLC0415  # the line editor, for terminals alone

        reader: Reader = Editor(interpreter)
    else:
        from .lines import Lines  # noqa: PLC0415  # likewise

        reader = Lines(sys.stdin)
    return Conversation(interpreter, reader, sys.stdout, sys.stderr).run()
