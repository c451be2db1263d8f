"""Ranges of a document: what can be folded, what a selection grows to, and how a range is laid out."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.syntax import Form, Node, Prefix, Trivia
from caixa.tools.formatter import format_source

from ..formatting.style import Style
from .index import Index, Part
from .text import Encoding, Range

__all__ = ["folds", "format_edits", "selections"]


def folds(index: Index) -> list[tuple[int, int, str]]:
    """Return the first and the last line of each form and block of comments that takes more than one line."""
    found: dict[int, tuple[int, int, str]] = {}
    for part in index.parts:
        for place, kind in _foldable(part):
            first = index.text.place(place.start, Encoding.UTF32).line
            last = index.text.place(place.end, Encoding.UTF32).line
            if last > first:
                found.setdefault(first, (first, last, kind))
    return sorted(found.values())


def _foldable(part: Part) -> Iterator[tuple[Range, str]]:
    pending: list[Node] = list(reversed(part.piece.parsed.forms))
    yield from _comments(part, part.piece.parsed.trailing)
    while pending:
        node = pending.pop()
        yield from _comments(part, node.leading)
        if isinstance(node, Form):
            yield _place(part, node), "region"
            pending += reversed(node.items)
        elif isinstance(node, Prefix):
            pending.append(node.inner)


def _comments(part: Part, trivia: tuple[Trivia, ...]) -> Iterator[tuple[Range, str]]:
    """Yield the runs of comments without a blank line between them."""
    run: list[Trivia] = []
    for each in [*trivia, None]:
        if each is not None and not each.is_blank:
            run.append(each)
        elif run:
            parsed = part.piece.parsed
            yield parsed.range(run[0].span.start, run[-1].span.end).moved(part.start), "comment"
            run = []


def _place(part: Part, node: Node) -> Range:
    return part.piece.parsed.range(node.span.start, node.span.end).moved(part.start)


def selections(index: Index, at: int) -> list[Range]:
    """Return the ranges around `at`, the innermost first; the last is everything."""
    part = index.part_at(at)
    found = [Range(0, len(index.text.value))]
    nodes: tuple[Node, ...] = part.piece.parsed.forms
    while True:
        node = next((each for each in nodes if _place(part, each).holds(at)), None)
        if node is None:
            return list(reversed(found))
        place = _place(part, node)
        found.append(place)
        if isinstance(node, Form):
            inner = Range(place.start + len(node.bracket.value[0]), place.end - 1)
            if inner.start <= at <= inner.end and inner.covers(Range(at, at)) and node.items:
                found.append(inner)
        nodes = node.items if isinstance(node, Form) else (node.inner,) if isinstance(node, Prefix) else ()


def format_edits(index: Index, style: Style, within: Range | None = None) -> list[tuple[Range, str]]:
    """Return the edits that lay out the document in `style`, or the pieces that touch a range.

    Pieces that do not read are left as they are; a document with one is not laid out as a whole.
    """
    if any(part.piece.parsed.error is not None for part in index.parts) and within is None:
        return []
    if within is None:
        from caixa.lisp.source import Source  # noqa: PLC0415  # only to lay out a whole document

        text = index.text.value
        new = format_source(Source(index.path, text), style)
        return [] if new == text else [(Range(0, len(text)), new)]
    return [edit for part in index.parts for edit in _format_part(part, style, within)]


def _format_part(part: Part, style: Style, within: Range) -> Iterator[tuple[Range, str]]:
    parsed = part.piece.parsed
    old = parsed.text.strip()
    start = part.start + parsed.text.find(old) if old else part.start
    place = Range(start, start + len(old))
    if not old or parsed.error is not None or not (place.start <= within.end and within.start <= place.end):
        return
    new = format_source(parsed.source, style).rstrip("\n")
    if new != old:
        yield place, new
