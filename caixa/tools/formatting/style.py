"""The choices that a formatter leaves open, with the defaults of caixa.md section 6.2."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Layout", "Style"]


class Layout(StrEnum):
    """How a form is broken that does not fit on its line.

    PLAIN is section 6.2: each item on a line of its own. LISP keeps what belongs to a head beside it (the name
    of a `define`, the bindings of a `let`), aligns lists of data, and keeps blank lines between items.
    """

    PLAIN = "Plain"
    LISP = "Lisp"


@dataclass(frozen=True, slots=True)
class Style:
    """The choices: width and step in characters, whether a file ends its last line, columns, and the layout.

    With `align_values` the values of a form of keywords stand in one column.
    """

    line_width: int = 100
    indent: int = 2
    trailing_newline: bool = True
    align_values: bool = False
    layout: Layout = Layout.PLAIN
