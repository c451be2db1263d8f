"""How an atom is spelled: as its author did, but for what has a canonical form (caixa.md 6.2, rule 5)."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from caixa.lisp.atoms import barred, written_character
from caixa.lisp.syntax import Atom
from caixa.lisp.values import Char, Symbol

__all__ = ["spelled"]

_NEEDS_CARE = re.compile(r'\\[^nrt0"\\u]|\\u(?!\{)|[\t\r]')
_PART = re.compile(r"\\u\{[0-9A-Fa-f]{1,6}\}|\\(.)|(\t)|(\r)(?!\n)", re.DOTALL)


def spelled(atom: Atom, text: str) -> str:
    """Return the canonical spelling of `atom`, which is written as `text`; it reads as the same value."""
    value = atom.value
    if value.__class__ is Symbol:
        return barred(text) if text.startswith("#!") else text  # at the start of a file that is a comment
    if isinstance(value, str):
        return _string(text)
    if isinstance(value, float):
        return _decimal(value) if isfinite(value) else text
    if value.__class__ is int:
        return str(value)
    return written_character(text[-1]) if isinstance(value, Char) and text[-1].isspace() else text


def _string(text: str) -> str:
    """Return a string without needless escapes and with tabs escaped; its line ends, as in docstrings, stay."""
    return _PART.sub(_part, text) if _NEEDS_CARE.search(text) else text


def _part(match: re.Match[str]) -> str:
    escaped, tab, carriage_return = match.groups()
    if tab or carriage_return:
        return "\\t" if tab else "\\r"
    return match.group() if escaped is None or escaped in 'nrt0"\\' else _bare(escaped)


def _bare(character: str) -> str:
    return {"\t": "\\t", "\r": "\\r"}.get(character, character)


def _decimal(value: float) -> str:
    """Return a float in plain notation: `100000.0`, `0.0000001`."""
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else text + ".0"
