"""How Lisp names become Python's: as they are, but for five that Python keeps for itself.

A symbol may be any text, so the names of the run time begin with U+0001, and a symbol that does has it doubled.
"""

from __future__ import annotations

import re

__all__ = ["lisp_name", "native_name", "python_name", "support_name", "variant"]

MARK = "\x01"
_RESERVED = frozenset({"None", "True", "False", "__debug__", "__builtins__"})
_VARIANT = re.compile("\x01[0-9]+\\Z")


def python_name(name: str) -> str:
    """Return the identifier that stands for the Lisp name `name`."""
    return MARK * 2 + name if name in _RESERVED or name.startswith(MARK) else name


def support_name(name: str) -> str:
    """Return the identifier of the run-time function `name`, which no program can spell."""
    return MARK + name


def native_name(name: str) -> str:
    """Return the identifier of the native `name`, whatever the program makes of the name."""
    return f"{MARK}native {name}"


def variant(name: str, number: int) -> str:
    """Return another identifier for a local variable whose first choice `name` is taken."""
    return f"{name}{MARK}{number}"


def lisp_name(identifier: str) -> str:
    """Return the Lisp name that `identifier` stands for."""
    bare = _VARIANT.sub("", identifier)
    return bare[2:] if bare.startswith(MARK * 2) else bare
