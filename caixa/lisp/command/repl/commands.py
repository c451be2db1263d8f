"""The commands of the REPL, `,name words`: each is short for a form of the language."""

from __future__ import annotations

from collections.abc import Callable

from ...printer import write

__all__ = ["COMMANDS", "UnknownCommand", "as_program", "is_end"]

_Command = Callable[[str], str]
COMMANDS: dict[str, tuple[str, _Command]] = {
    "doc": ("NAME: what a function or macro does", lambda words: f"(doc {words})"),
    "apropos": (
        "PATTERN: the names that a regular expression finds",
        lambda words: f"(apropos {write(words)})",
    ),
    "source": ("NAME: the text of a definition", lambda words: f"(source {words})"),
    "expand": ("FORM: the form with its macros expanded", lambda words: f"(macroexpand '{words})"),
    "time": ("FORM: its value, and how long that takes", lambda words: f"(time {words})"),
    "test": ("[PATTERN]: run the tests", lambda words: f"(run-tests {write(words) if words else ''})"),
    "help": ("this text", lambda _: f"(print {write(_help())})"),
}
_ENDS = frozenset({",quit", ",exit", ",q"})


class UnknownCommand(Exception):
    """A command that does not exist."""


def is_end(text: str) -> bool:
    """Whether an input asks to leave."""
    return text.strip() in _ENDS


def as_program(text: str) -> str:
    """Return the program that an input, which may be a command, stands for. Raises UnknownCommand."""
    if not text.startswith(","):
        return text
    name, _, words = text[1:].strip().partition(" ")
    if name not in COMMANDS:
        raise UnknownCommand(f"there is no command ,{name}\n{_help()}")
    return COMMANDS[name][1](words.strip())


def _help() -> str:
    lines = [f"  ,{name:<8} {description}" for name, (description, _) in COMMANDS.items()]
    return "\n".join([*lines, "  ,quit     leave, as Ctrl-D does", "  *1 *2 *3  the last values"])
