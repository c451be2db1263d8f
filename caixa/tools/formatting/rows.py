"""What stands on each line of a form that is broken into several."""

from __future__ import annotations

from typing import NamedTuple

from caixa.lisp.syntax import Bracket, Form, Node, Trivia, keyword_name, symbol_name

from .style import Layout

__all__ = ["Row", "comment_text", "comments_inside", "has_comment", "rows_of"]

_BESIDE = {
    "case": 1, "catch": 1, "defmacro": 2, "defn": 1, "do": 2, "dolist": 1, "doseq": 1, "dotimes": 1, "fn": 1,
    "for": 1, "handler-bind": 1, "handler-case": 1, "if": 1, "if-let": 1, "importar": 1, "lambda": 1, "let": 1,
    "let*": 1, "let*-values": 1, "let-values": 1, "letrec": 1, "letrec*": 1, "loop": 1, "match": 1,
    "parameterize": 1, "require": 1, "restart-case": 1, "set!": 1, "unless": 1, "unless-let": 1, "when": 1,
    "when-let": 1, "while": 1, "with-gensyms": 1,
}  # fmt: skip
"""How many items stay beside a head in the LISP layout; `def…` keeps the name."""


class Row(NamedTuple):
    """The items of one line; those of a pair are a key and its value."""

    items: tuple[Node, ...]
    is_pair: bool = False


def rows_of(form: Form, layout: Layout) -> list[Row]:
    """Return the lines of `form`: its head, then pairs of keyword and value; or item by item."""
    items = form.items
    head = 1 if form.bracket is Bracket.LIST and items and symbol_name(items[0]) is not None else 0
    rest = items[head:]
    is_map = form.bracket is Bracket.MAP
    if rest and len(rest) % 2 == 0 and (is_map or all(keyword_name(key) is not None for key in rest[::2])):
        pairs = [Row(pair, is_pair=True) for pair in zip(rest[::2], rest[1::2], strict=True)]
        return [*(Row((item,)) for item in items[:head]), *pairs]
    first = 1 + (_beside(form) if head and layout is Layout.LISP else 0)
    return [Row(items[:first]), *(Row((item,)) for item in items[first:])]


def _beside(form: Form) -> int:
    """Return how many items stay beside the head: none that a comment stands before."""
    name = form.head or ""
    count = _BESIDE.get(name, 1 if name.startswith("def") else 0)
    if name in ("defn", "let", "loop") and len(form) > 2 and symbol_name(form.items[1]) is not None:
        count = 2  # a name, then parameters or bindings
    for number, item in enumerate(form.items[1 : count + 1]):
        if has_comment(item) or comments_inside(item):
            return number
    return count


def has_comment(node: Node) -> bool:
    """Whether a comment stands right before `node`."""
    return bool(node.leading) and any(each.text for each in node.leading)


def comment_text(trivia: Trivia) -> str:
    """Return a comment as it is written out: blanks before the end of its line are left away."""
    return trivia.text.rstrip() if trivia.text.startswith(";") else trivia.text


def comments_inside(node: Node) -> list[str]:
    """Return the comments between a node's quotes and what they quote."""
    found: list[str] = []
    while not isinstance(node, Form) and (inner := getattr(node, "inner", None)) is not None:
        node = inner
        found += [comment_text(each) for each in node.leading if each.text]
    return found
