"""The magics: one declaration each, which runs them, completes them and explains them.

`%caixa` is the door to the verbs, whose words `feira` declares; the others are cells in another language, or
cells that write a file of a caixa.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from caixa.lisp.printer import display
from caixa.lisp.source import Source, Span

from .cells import ATOM, MagicLine, Word
from .errors import MagicUsage, UnknownMagic

if TYPE_CHECKING:
    from .notebook import Notebook

__all__ = ["Call", "Magic", "cell_magics", "find", "line_magics", "values"]


_NAME: Final = re.compile(rf"\$(?:{ATOM.pattern})")


class Call(NamedTuple):
    """One use of a magic: its line, the text below it, and the cell both stand in."""

    line: MagicLine
    source: Source
    body: str = ""

    @property
    def words(self) -> tuple[Word, ...]:
        """What stands after the magic's name."""
        return self.line.words

    @property
    def span(self) -> Span:
        """The place of the magic's whole line."""
        return self.source.span(self.line.start, self.line.end)

    def span_of(self, word: Word) -> Span:
        """Return the place of one word."""
        return self.source.span(word.start, word.end)

    @property
    def blanked_body(self) -> str:
        """The text below the line, with blanks above it, so that its lines and columns are the cell's."""
        return "".join(character if character == "\n" else " " for character in self._above) + self.body

    @property
    def lowered_body(self) -> str:
        """The text below the line, at its own line, for languages in which indentation means something."""
        return "\n" * self._above.count("\n") + self.body

    @property
    def _above(self) -> str:
        return self.source.text[: len(self.source.text) - len(self.body)]


class Magic(NamedTuple):
    """A magic: `name` with its signs, the words it takes, what it does, and the function that does it."""

    name: str
    usage: str
    summary: str
    run: Callable[[Notebook, Call], object]

    def words(self, notebook: Notebook, call: Call, least: int, most: int) -> list[str]:
        """Return the words of `call`. Raises MagicUsage unless there are from `least` to `most` of them."""
        words = values(notebook, call)
        if not least <= len(call.words) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            found = len(call.words)
            raise MagicUsage(
                f"`{self.name}` takes {count} word{'s' * (most != 1)}, not {found}",
                call.span,
                fix=f"Write `{self.usage}`.",
            )
        return words


def values(notebook: Notebook, call: Call) -> list[str]:
    """Return the words of `call`, a word `$name` as the value that the name has in Lisp.

    Raises MagicUsage for a quote that is not closed, and for a name without a value.
    """
    names = notebook.session.interpreter.names
    words = []
    for word in call.words:
        if not word.closed:
            raise MagicUsage("this quote is never closed", call.span_of(word), fix="Close the quote.")
        name = word.text[1:]
        if not _NAME.fullmatch(call.source.text, word.start, word.end):
            words.append(word.text)
        elif name in names:
            words.append(display(names[name]))
        else:
            fix = f"Define it with (define {name} …), or write '{word.text}' for the text itself."
            raise MagicUsage(f"`{name}` has no value", call.span_of(word), fix=fix)
    return words


def find(call: Call, *, is_cell: bool) -> Magic:
    """Return the magic that `call` names. Raises UnknownMagic, or MagicUsage for `%` instead of `%%`."""
    signs, name = ("%%" if is_cell else "%"), call.line.name
    here, there = (cell_magics(), line_magics()) if is_cell else (line_magics(), cell_magics())
    if signs + name in here:
        return here[signs + name]
    other = ("%" if is_cell else "%%") + name
    place = call.source.span(call.line.start, call.line.start + len(signs + name))
    if other in there:
        fix = f"Write `{there[other].usage}`" + (" on the first line of a cell." if not is_cell else ".")
        raise MagicUsage(f"`{other}` is written with {len(other) - len(name)} percent signs", place, fix=fix)
    raise UnknownMagic(signs + name, [*here, *there], place)


@cache
def line_magics() -> Mapping[str, Magic]:
    """Return the magics that take one line, by name with the sign."""
    from . import line_magics as declared  # noqa: PLC0415  # a cell of forms needs no magic

    return MappingProxyType({magic.name: magic for magic in declared.MAGICS})


@cache
def cell_magics() -> Mapping[str, Magic]:
    """Return the magics that take the rest of the cell, by name with the signs."""
    from . import cell_magics as declared  # noqa: PLC0415  # a cell of forms needs no magic

    return MappingProxyType({magic.name: magic for magic in declared.MAGICS})
