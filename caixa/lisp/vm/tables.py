"""What the machine offers, by number: instructions and natives, read from the tables its C code is made of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["MACHINE", "SOURCES", "Native", "natives", "opcodes"]

SOURCES = Path(__file__).with_name("c")
MACHINE = Path(__file__).with_name("machine.wasm")
_OPCODE = re.compile(r"^OP\((\w+)\)", re.MULTILINE)
_NATIVE = re.compile(r'^N\(\w+, "([^"]+)", (\d+), (-?\d+)\)', re.MULTILINE)


class Native(NamedTuple):
    """A function of the machine: its number, and how many arguments it takes (`most` -1: any number)."""

    number: int
    least: int
    most: int


@cache
def opcodes() -> dict[str, int]:
    """Return the number of each instruction."""
    text = (SOURCES / "opcodes.def").read_text("utf-8")
    return {name: number for number, name in enumerate(_OPCODE.findall(text))}


@cache
def natives() -> dict[str, Native]:
    """Return the natives by their names in Lisp."""
    found = _NATIVE.findall((SOURCES / "natives.def").read_text("utf-8"))
    return {name: Native(at, int(least), int(most)) for at, (name, least, most) in enumerate(found)}
