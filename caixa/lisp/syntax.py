"""The syntax tree: what the reader makes of a text, with a span for each node and every comment kept.

One tree serves the compiler, the manifest, the formatter, the linter and the language server. A node
compares by identity; its meaning as data is what `quote` makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, StrEnum
from typing import NamedTuple

from .source import Span
from .values import Keyword, Symbol

__all__ = ["Atom", "Bracket", "Form", "Node", "Prefix", "PrefixKind", "Trivia"]


class Bracket(Enum):
    """The kinds of bracket, each as (opening, closing)."""

    LIST = ("(", ")")
    VECTOR = ("[", "]")
    MAP = ("{", "}")
    SET = ("#{", "}")

    @property
    def is_sequence(self) -> bool:
        """Whether what stands between them has an order: where a list is wanted, a vector is taken for one."""
        return self in (Bracket.LIST, Bracket.VECTOR)


_LIST = Bracket.LIST  # looking a member up costs Python 3.11 a call


class PrefixKind(StrEnum):
    """The reader prefixes, named as their long forms are."""

    QUOTE = "quote"
    QUASIQUOTE = "quasiquote"
    UNQUOTE = "unquote"
    UNQUOTE_SPLICE = "unquote-splice"

    @property
    def text(self) -> str:
        """The prefix as it is written."""
        return {"quote": "'", "quasiquote": "`", "unquote": ",", "unquote-splice": ",@"}[self.value]


class Trivia(NamedTuple):
    """A comment, or a run of blank lines (`text` is empty), before a node or a closing bracket."""

    span: Span
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether this stands for one or more blank lines."""
        return not self.text


class Atom:
    """A symbol, keyword, string, number, character or boolean; `value` is what it evaluates or is quoted to."""

    __slots__ = ("leading", "span", "value")

    def __init__(self, span: Span, value: object, leading: tuple[Trivia, ...] = ()) -> None:
        """Stand at `span`, after the comments `leading`."""
        self.span = span
        self.value = value
        self.leading = leading

    def __repr__(self) -> str:
        return f"Atom({self.span}, {self.value!r})"


class Form:
    """Items between brackets; `trailing` is what stands between the last item and the closing bracket."""

    __slots__ = ("bracket", "items", "leading", "span", "trailing")

    def __init__(
        self,
        span: Span,
        items: tuple[Node, ...],
        bracket: Bracket = Bracket.LIST,
        leading: tuple[Trivia, ...] = (),
        trailing: tuple[Trivia, ...] = (),
    ) -> None:
        """Stand at `span`, after the comments `leading`."""
        self.span = span
        self.items = items
        self.bracket = bracket
        self.leading = leading
        self.trailing = trailing

    def __repr__(self) -> str:
        return f"Form({self.span}, {self.bracket.name}, {len(self.items)} items)"

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    @property
    def head(self) -> str | None:
        """The name of the symbol at the front of a list, else None."""
        if self.bracket is _LIST and self.items:
            return symbol_name(self.items[0])
        return None


class Prefix:
    """A quote, quasi-quote, unquote or splice in its short form, and what it stands before."""

    __slots__ = ("inner", "kind", "leading", "span")

    def __init__(self, span: Span, kind: PrefixKind, inner: Node, leading: tuple[Trivia, ...] = ()) -> None:
        """Stand at `span`, after the comments `leading`."""
        self.span = span
        self.kind = kind
        self.inner = inner
        self.leading = leading

    def __repr__(self) -> str:
        return f"Prefix({self.span}, {self.kind})"


Node = Atom | Form | Prefix


def symbol_name(node: Node) -> str | None:
    """Return the name of a symbol atom, or None for any other node."""
    return node.value.name if isinstance(node, Atom) and isinstance(node.value, Symbol) else None


def keyword_name(node: Node) -> str | None:
    """Return the name of a keyword atom without its colon, or None for any other node."""
    return node.value.name if isinstance(node, Atom) and isinstance(node.value, Keyword) else None
