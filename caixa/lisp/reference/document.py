"""A Markdown document as a value, and its text: pages are built of these blocks and never of pieces of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Block", "Code", "Heading", "Inline", "Link", "Listing", "Paragraph", "Table", "prose", "render"]

_SPECIAL = re.compile(r"([\\*_\[\]<>#])")


@dataclass(frozen=True, slots=True)
class Code:
    """A word of code within a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link within a line; what is linked may be code."""

    label: str | Code
    target: str


Inline = str | Code | Link


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1 to 6; links reach it by each of its `anchors`."""

    level: int
    content: tuple[Inline, ...]
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines of code in a language."""

    text: str
    language: str = "lisp"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells in line."""

    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Heading | Paragraph | Listing | Table


def prose(text: str) -> tuple[Inline, ...]:
    """Return a sentence in which code stands between back quotes."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return (text,)
    return tuple([Code(part) if index % 2 else part for index, part in enumerate(parts) if part])


def render(blocks: list[Block]) -> str:
    """Return the document as Markdown, with a line end at its end."""
    return "\n\n".join(["\n".join(_lines(block)) for block in blocks]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, content, anchors):
            yield from [f'<a id="{anchor}"></a>' for anchor in anchors]
            yield f"{'#' * level} {_line(content)}"
        case Paragraph(content):
            yield _line(content)
        case Listing(text, language):
            yield from (f"```{language}", text, "```")
        case Table(header, rows):
            yield _row([(title,) for title in header])
            yield "|" + "---|" * len(header)
            yield from [_row(list(row)) for row in rows]


def _row(cells: list[tuple[Inline, ...]]) -> str:
    """Return a row of a table, in which a bar ends a cell, even within code."""
    return "| " + " | ".join([_line(cell).replace("|", "\\|") for cell in cells]) + " |"


def _line(content: tuple[Inline, ...]) -> str:
    return "".join([_inline(part) for part in content])


def _inline(part: Inline) -> str:
    match part:
        case Code(text):
            return _code(text)
        case Link(label, target):
            return f"[{_inline(label)}]({target})"
        case text:
            return _SPECIAL.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Return code between back quotes: two when it has one of its own."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
