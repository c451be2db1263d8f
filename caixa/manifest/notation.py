"""Edits that bring a manifest from any notation that was ever documented to the one that is written.

Lists of pairs become flat, enumerations and booleans get their one spelling, values without their keywords get
these. No edit touches a comment, or changes what a form that reads means: `read ∘ rewrite = read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from caixa.lisp.diagnostics import Edit
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node, Prefix, keyword_name, symbol_name

from .decoding import INVALID, Decoding, Place
from .plists import is_list, is_plist
from .profile import Profile
from .records import Record, Tagged
from .shapes import Boolean, Choice, ListOf, Quantity, Shape
from .slots import CAIXA

__all__ = ["notation_edits"]


def notation_edits(source: Source, form: Form) -> list[Edit]:
    """Return the edits for `form`, a `(defcaixa …)` in `source`; none overlaps another."""
    return list(_Rewriting(source).slots(CAIXA, form.items[1:]))


class _Rewriting:
    """One walk along a form and its shapes together; what does not fit its shape is left to `validate`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def node(self, shape: Shape, node: Node) -> Iterator[Edit]:
        """Yield the edits within a value of a shape."""
        while isinstance(node, Prefix):
            yield self._replace(node.span.start, node.inner.span.start, "")
            node = node.inner
        match shape:
            case ListOf():
                yield from self._list(shape.item, node)
            case Record():
                yield from self._record(shape, node)
            case Tagged():
                yield from self._tagged(shape, node)
            case Choice() | Boolean():
                yield from self._word(shape, node)
            case Quantity():
                yield from self._quantity(node)

    def slots(self, record: Record, items: Sequence[Node]) -> Iterator[Edit]:
        """Yield the edits within keywords and values in turn."""
        for key, value in pairwise(items):
            slot = record.by_keyword.get(keyword_name(key) or "")
            if slot is not None:
                yield from self.node(slot.shape, value)

    def _list(self, item: Shape, node: Node) -> Iterator[Edit]:
        if not isinstance(node, Form) or not is_list(node):
            return
        is_bare = bool(node.items) and keyword_name(node.items[0]) is not None
        if is_bare and isinstance(item, Record | Tagged):  # one item without brackets of its own
            yield self._insert(node.span.start, "(")
            yield self._insert(node.span.end, ")")
            yield from self.node(item, node)
            return
        for each in node.items:
            yield from self.node(item, each)

    def _record(self, record: Record, node: Node) -> Iterator[Edit]:
        if not isinstance(node, Form) or not is_list(node):
            return
        if node.items and all(is_plist(item) for item in node.items):
            yield from self._flattened(record, node.items)
        elif is_plist(node):
            yield from self.slots(record, node.items)
        elif _are_bare(node.items) and len(node.items) <= len(record.older):
            yield from self._named(record, node.items)

    def _flattened(self, record: Record, items: Iterable[Node]) -> Iterator[Edit]:
        for item in items:
            assert isinstance(item, Form)
            yield self._replace(item.span.start, item.span.start + 1, " ")
            yield from self.slots(record, item.items)
            yield self._replace(item.span.end - 1, item.span.end, " ")

    def _named(self, record: Record, items: Iterable[Node]) -> Iterator[Edit]:
        for keyword, item in zip(record.older, items, strict=False):
            yield self._insert(item.span.start, f":{keyword} ")
            yield from self.node(record.by_keyword[keyword].shape, item)

    def _tagged(self, shape: Tagged, node: Node) -> Iterator[Edit]:
        if not isinstance(node, Form) or not is_list(node) or not node.items:
            return
        head, rest = node.items[0], node.items[1:]
        word = keyword_name(head) or _word_of(head)
        if word is not None and word in shape.variants:
            yield Edit(head.span, f":{shape.tag} {word}")
            record = shape.variants[word]
            is_flat = bool(rest) and is_plist(Form(node.span, tuple(rest)))
            yield from self.slots(record, rest) if is_flat else self._named(record, rest)
            return
        pairs = [pair for item in node.items if isinstance(item, Form) for pair in pairwise(item.items)]
        tags = (value for key, value in (*pairwise(node.items), *pairs) if keyword_name(key) == shape.tag)
        tag = next(tags, None)
        chosen = shape.variants.get(_word_of(tag) or "") if tag is not None else None
        if tag is None or chosen is None:
            return
        if symbol_name(tag) is None:
            yield Edit(tag.span, _word_of(tag) or "")
        yield from self._record(chosen, node)

    def _word(self, shape: Choice | Boolean, node: Node) -> Iterator[Edit]:
        place = Place(Decoding(self._source, Profile.STRICT))
        value = shape.decode(node, place)
        if value is INVALID:
            return
        text = shape.to_lisp(value, Profile.STRICT)
        if text != self._source.slice(node.span):
            yield Edit(node.span, text)

    def _quantity(self, node: Node) -> Iterator[Edit]:
        """`(:per-caller "100/s")`, as it was once drawn, is `"100/s"`."""
        if isinstance(node, Form) and len(node.items) == 2 and keyword_name(node.items[0]) == "per-caller":
            yield Edit(node.span, self._source.slice(node.items[1].span))

    def _insert(self, at: int, text: str) -> Edit:
        return self._replace(at, at, text)

    def _replace(self, start: int, end: int, text: str) -> Edit:
        return Edit(Span(self._source.name, start, end), text)


def _are_bare(items: Sequence[Node]) -> bool:
    return bool(items) and all(isinstance(item, Atom) and keyword_name(item) is None for item in items)


def _word_of(node: Node) -> str | None:
    value = node.value if isinstance(node, Atom) else None
    return value if isinstance(value, str) else symbol_name(node)
