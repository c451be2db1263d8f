"""Keywords and values in turn: the notation of every record, and what to make of it when it is broken.

A keyword is never a value of a slot, so one that follows another means that a value was forgotten; reading
goes on with it, and every other problem of the form is found in the same pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caixa.lisp.source import Span
from caixa.lisp.syntax import Bracket, Form, Node, keyword_name

from .decoding import Place, described

__all__ = ["Pair", "is_list", "is_plist", "paired", "plist_pairs"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A keyword and its value as written; the value is None where it was forgotten."""

    name: str
    key: Node
    value: Node | None

    @property
    def span(self) -> Span:
        """From the keyword to the end of its value."""
        end = self.value.span.end if self.value else self.key.span.end
        return Span(self.key.span.source, self.key.span.start, end)


def is_list(node: Node) -> bool:
    """Whether `node` is a list in parentheses."""
    return isinstance(node, Form) and node.bracket is Bracket.LIST


def is_plist(node: Node) -> bool:
    """Whether `node` is a list with a keyword at every even place (caixa.md section 1.0)."""
    if not isinstance(node, Form) or not is_list(node) or not node.items or len(node.items) % 2:
        return False
    return all(keyword_name(key) is not None for key in node.items[::2])


def plist_pairs(items: Sequence[Node]) -> Iterator[Pair]:
    """Yield the pairs of a plist's items."""
    for key, value in zip(items[::2], items[1::2], strict=True):
        yield Pair(keyword_name(key) or "", key, value)


def paired(items: Sequence[Node], place: Place) -> list[Pair]:
    """Return the pairs of `items`, reporting each run of items without a keyword and each forgotten value."""
    pairs: list[Pair] = []
    at, stray = 0, False
    while at < len(items):
        name = keyword_name(items[at])
        if name is None:
            if not stray:
                _stray(items[at], place)
            at, stray = at + 1, True
            continue
        stray = False
        has_value = at + 1 < len(items) and keyword_name(items[at + 1]) is None
        pairs.append(Pair(name, items[at], items[at + 1] if has_value else None))
        if not has_value:
            _forgotten(items[at], name, place)
        at += 2 if has_value else 1
    return pairs


def _stray(node: Node, place: Place) -> None:
    place.report(
        "key-expected",
        node.span,
        f"{described(node)} stands where a keyword belongs",
        why="A form is keywords and values in turn.",
        fix="Put a keyword before it, or remove it.",
        form="kwargs",
    )


def _forgotten(node: Node, name: str, place: Place) -> None:
    place.report(
        "value-missing", node.span, f"`:{name[:40]}` has no value", fix="Write a value after it.", slot=name
    )
