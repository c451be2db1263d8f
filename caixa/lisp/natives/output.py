"""Writing to standard output, which is looked up at each call, so that a notebook can redirect it.

`display`, `print` and `println` write strings bare; `write`, `pr` and `prn` quote them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..capture import captured
from ..printer import display, write
from .registry import native
from .strings import string_argument

__all__: list[str] = []


@native("display")
def display_value(value: object) -> None:
    """Write a value for people, without a line end."""
    sys.stdout.write(display(value))


@native("print")
def print_value(value: object) -> None:
    """Write a value for people, and a line end."""
    sys.stdout.write(display(value) + "\n")


@native("println")
def println(*values: object) -> None:
    """Write values for people with a space between, and a line end."""
    sys.stdout.write(" ".join([display(value) for value in values]) + "\n")


@native("newline")
def newline() -> None:
    """Write a line end."""
    sys.stdout.write("\n")


@native("write")
def write_value(value: object) -> None:
    """Write a value so that it reads back, without a line end."""
    sys.stdout.write(write(value))


@native("pr")
def pr(*values: object) -> None:
    """Write values so that they read back, with a space between."""
    sys.stdout.write(" ".join([write(value) for value in values]))


@native("prn")
def prn(*values: object) -> None:
    """Write values so that they read back, with a space between, and a line end."""
    sys.stdout.write(" ".join([write(value) for value in values]) + "\n")


@native("print-line")
def print_line(text: object) -> None:
    """Write a string and a line end to standard output."""
    sys.stdout.write(string_argument("print-line", text) + "\n")


@native("eprint-line")
def eprint_line(text: object) -> None:
    """Write a string and a line end to standard error."""
    sys.stderr.write(string_argument("eprint-line", text) + "\n")


@native("call-with-output-string")
def call_with_output_string(thunk: Callable[[], object]) -> str:
    """Call `thunk` and return what it wrote to standard output."""
    with captured() as written:
        thunk()
        return written.getvalue()
