"""Nix expressions as values, and their text: so that no string of a manifest can end a string of Nix.

Only what flakes need: strings, references, attribute sets, functions, application, lists and `let`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "Apply",
    "Attrs",
    "Comment",
    "Concat",
    "Expression",
    "Function",
    "Items",
    "Joined",
    "Key",
    "Let",
    "Reference",
    "Script",
    "is_identifier",
    "quote",
    "write",
]

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*")
_QUOTE = re.compile(r"'(?=['$])")  # one that would begin an escape of an indented string
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_RESERVED = frozenset(("assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"))
# A string of Nix cannot hold NUL, so that becomes the character that stands for what cannot be shown.
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\ufffd"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A name or a path of names, as `pkgs.stdenvNoCC`, or a path literal, as `./.`: written as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Attrs:
    """An attribute set; a key may be a path, as ("inputs", "nixpkgs")."""

    entries: Mapping[Key, Expression]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one name, or of an attribute set whose names are given (an ellipsis is added)."""

    parameter: str | tuple[str, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Apply:
    """A function with its arguments."""

    function: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Concat:
    """A path and a text that is added to it."""

    path: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A string of texts and of expressions whose values stand between them."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A text of several lines, written as such where it can be."""

    text: str


@dataclass(frozen=True, slots=True)
class Let:
    """Names for a body."""

    entries: Mapping[Key, Expression]
    body: Expression


@dataclass(frozen=True, slots=True)
class Comment:
    """An expression with a comment above it."""

    text: str
    body: Expression


Enclosed = Attrs | Items | Joined | Script
Compound = Function | Apply | Concat | Let | Comment
Expression = str | bool | Reference | Enclosed | Compound
Key = str | tuple[str, ...]


def quote(text: str) -> str:
    """Return `text` as a Nix string: quotes, backslashes, line ends and `${` escaped."""
    return f'"{_escaped(text)}"'


def is_identifier(text: str) -> bool:
    """Whether `text` can be a name in Nix without quotes."""
    return _IDENTIFIER.fullmatch(text) is not None and text not in _RESERVED


def write(expression: Expression) -> str:
    """Return the expression as a file, with its last line ended."""
    return _write(expression, "") + "\n"


def _write(expression: Expression, pad: str) -> str:
    match expression:
        case bool():
            return "true" if expression else "false"
        case str():
            return quote(expression)
        case Reference(text):
            return text
        case Attrs() | Items() | Joined() | Script():
            return _write_enclosed(expression, pad)
        case _:
            return _write_compound(expression, pad)


def _write_enclosed(expression: Enclosed, pad: str) -> str:
    match expression:
        case Attrs(entries):
            return _block("{", entries, "}", pad) if entries else "{ }"
        case Items(items):
            return f"[ {' '.join(_argument(item, pad) for item in items)} ]" if items else "[ ]"
        case Joined(parts):
            return f'"{"".join(_joined(part, pad) for part in parts)}"'
        case Script(text):
            return _indented(text, pad) if _keeps_its_lines(text) else quote(text)


def _write_compound(expression: Compound, pad: str) -> str:
    match expression:
        case Function(parameter, body):
            return f"{_parameter(parameter)}: {_write(body, pad)}"
        case Apply(function, arguments):
            return " ".join(_argument(part, pad) for part in (function, *arguments))
        case Concat(path, text):
            return f"{_argument(path, pad)} + {quote(text)}"
        case Let(entries, body):
            return f"{_block('let', entries, 'in', pad)} {_write(body, pad)}"
        case Comment(text, body):
            plain = _UNPRINTABLE.sub("\ufffd", text)
            lines = "".join(f"# {line}".rstrip() + f"\n{pad}" for line in plain.splitlines())
            return lines + _write(body, pad)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text).replace("${", "\\${")


def _joined(part: Expression, pad: str) -> str:
    return _escaped(part) if isinstance(part, str) else f"${{{_write(part, pad)}}}"


def _keeps_its_lines(text: str) -> bool:
    """Whether an indented string means `text`: Nix takes away the blanks that all its lines begin with."""
    *lines, last = text.split("\n")
    plain = all(line.isprintable() and (line.strip(" ") or not line) for line in lines)
    return plain and not last and any(line and not line.startswith(" ") for line in lines)


def _indented(text: str, pad: str) -> str:
    escaped = _QUOTE.sub(r"''\\'", text).replace("${", "''${")
    lines = (f"{pad}  {line}\n" if line else "\n" for line in escaped.splitlines())
    return f"''\n{''.join(lines)}{pad}''"


def _block(opening: str, entries: Mapping[Key, Expression], closing: str, pad: str) -> str:
    inner = pad + "  "
    lines = (f"{inner}{_key(key)} = {_write(value, inner)};\n" for key, value in entries.items())
    return f"{opening}\n{''.join(lines)}{pad}{closing}"


def _argument(expression: Expression, pad: str) -> str:
    text = _write(expression, pad)
    return f"({text})" if isinstance(expression, Compound) else text


def _key(key: Key) -> str:
    return ".".join(map(_name, (key,) if isinstance(key, str) else key))


def _name(name: str) -> str:
    return name if is_identifier(name) else quote(name)


def _parameter(parameter: str | tuple[str, ...]) -> str:
    return parameter if isinstance(parameter, str) else f"{{ {', '.join((*parameter, '...'))} }}"
