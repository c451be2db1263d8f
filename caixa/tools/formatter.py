"""Canonical layout of Lisp text, keeping every comment (caixa.md section 6.2).

A list that fits stays on its line; else a list of keywords and values has a pair on each line, any other one
item. Widths are computed once for each node and printing keeps its own stack: time is linear, depth is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Bracket, Form, Node, Prefix, Trivia, keyword_name, symbol_name
from caixa.manifest.shapes import quoted

__all__ = ["Style", "format_source"]


@dataclass(frozen=True, slots=True)
class Style:
    """The choices: the width of a line and the step of indentation, in characters."""

    line_width: int = 100
    indent: int = 2


def format_source(source: Source, style: Style | None = None) -> str:
    """Return the text of `source` in canonical layout. Raises ReaderError for a text that is not Lisp.

    Formatting twice is formatting once, and the result reads as the same forms.
    """
    program = read(source)
    printer = _Printer(source, style or Style())
    blocks = [printer.top_level(form) for form in program.forms]
    comments = _block(program.trailing).rstrip("\n")
    blocks += [comments] if comments else []
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _block(trivia: Iterable[Trivia]) -> str:
    """Return comments one a line, a blank line where there were any; none before the first."""
    return "\n".join(each.text for each in trivia).lstrip("\n")


@dataclass(slots=True)
class _Line:
    """Go to a new line at this indentation."""

    indent: int


@dataclass(slots=True)
class _Put:
    """Print a node whose broken form is indented from here."""

    node: Node
    indent: int


_Work = str | _Line | _Put


class _Printer:
    def __init__(self, source: Source, style: Style) -> None:
        self.source = source
        self.style = style
        self.texts: dict[int, str] = {}
        self.widths: dict[int, float] = {}

    def top_level(self, form: Node) -> str:
        self._measure(form)
        lead = _block((*form.leading, *_within(form)))
        body = self._print(form)
        return f"{lead}\n{body}" if lead else body

    # -- measuring ------------------------------------------------------------------------------------------

    def _measure(self, root: Node) -> None:
        """Give each node the width of its one-line form: infinite where a comment is inside."""
        for node in _inner_first(root):
            if isinstance(node, Atom):
                text = self.texts[id(node)] = self._atom(node)
                width: float = len(text)
            elif isinstance(node, Prefix):
                width = len(node.kind.text) + self.widths[id(node.inner)] + _lost(node.inner)
            else:
                inside = sum(self.widths[id(item)] + _lost(item) for item in node.items)
                width = inside + max(0, len(node.items) - 1) + 2
                width += inf if any(not each.is_blank for each in node.trailing) else 0
            self.widths[id(node)] = width

    def _atom(self, atom: Atom) -> str:
        value = atom.value
        if isinstance(value, str):
            return quoted(value)
        if isinstance(value, float) and isfinite(value):
            return _decimal(value)
        return str(value) if type(value) is int else self.source.slice(atom.span)

    # -- printing -------------------------------------------------------------------------------------------

    def _print(self, root: Node) -> str:
        pieces: list[str] = []
        column = 0
        work: list[_Work] = [_Put(root, 0)]
        while work:
            task = work.pop()
            if isinstance(task, _Line):
                pieces.append("\n" + " " * task.indent)
                column = task.indent
            elif isinstance(task, str):
                pieces.append(task)
                column += len(task)
            else:
                work += reversed(list(self._expand(task, column)))
        return "".join(pieces)

    def _expand(self, task: _Put, column: int) -> Iterator[_Work]:
        node = task.node
        if isinstance(node, Atom):
            yield self.texts[id(node)]
        elif isinstance(node, Prefix):
            yield node.kind.text
            yield _Put(node.inner, task.indent)
        elif self._fits(node, column):
            yield from self._inline(node)
        else:
            yield from self._broken(node, task.indent)

    def _fits(self, form: Form, column: int) -> bool:
        return self.widths[id(form)] + 2 + column <= self.style.line_width or (
            not form.items and self.widths[id(form)] < inf
        )

    def _inline(self, form: Form) -> Iterator[_Work]:
        opening, closing = form.bracket.value
        yield opening
        for index, item in enumerate(form.items):
            if index:
                yield " "
            yield _Put(item, 0)
        yield closing

    def _broken(self, form: Form, indent: int) -> Iterator[_Work]:
        opening, closing = form.bracket.value
        inner = indent + self.style.indent
        yield opening
        rows = _rows(form)
        previous: Node | None = None
        for number, row in enumerate(rows):
            beside, above = self._comments(row, previous)
            if beside:
                yield " " + beside.text
            for comment in above:
                yield _Line(inner)
                yield comment.text
            if number or above or len(row) > 1:
                yield _Line(inner)
            for index, item in enumerate(row):
                if index:
                    yield " "
                yield _Put(item, inner)
            previous = row[-1]
        beside, above = self._split([each for each in form.trailing if not each.is_blank], previous)
        if beside:
            yield " " + beside.text
        for comment in above:
            yield _Line(inner)
            yield comment.text
        if beside or above:
            yield _Line(indent)
        yield closing

    def _comments(self, row: tuple[Node, ...], previous: Node | None) -> tuple[Trivia | None, list[Trivia]]:
        return self._split([comment for item in row for comment in _leading(item)], previous)

    def _split(self, comments: list[Trivia], previous: Node | None) -> tuple[Trivia | None, list[Trivia]]:
        """Return the comment on the line of `previous`, and those on lines of their own."""
        if not comments or previous is None:
            return None, comments
        start = self.source.char_index(previous.span.end)
        between = self.source.text[start : self.source.char_index(comments[0].span.start)]
        return (None, comments) if "\n" in between else (comments[0], comments[1:])


def _rows(form: Form) -> list[tuple[Node, ...]]:
    """Return what stands on each line: an optional head and pairs, or single items."""
    items = form.items
    head = 1 if form.bracket is Bracket.LIST and items and symbol_name(items[0]) is not None else 0
    rest = items[head:]
    is_map = form.bracket is Bracket.MAP
    if rest and len(rest) % 2 == 0 and (is_map or all(keyword_name(key) is not None for key in rest[::2])):
        return [*((item,) for item in items[:head]), *zip(rest[::2], rest[1::2], strict=True)]
    return [(item,) for item in items]


def _inner_first(root: Node) -> Iterator[Node]:
    """Yield every node after those inside it."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, Form):
            waiting += node.items
        elif isinstance(node, Prefix):
            waiting.append(node.inner)
    return reversed(found)


def _leading(node: Node) -> list[Trivia]:
    """Return the comments before a node, and after its quotes."""
    return [each for each in node.leading if not each.is_blank] + _within(node)


def _within(node: Node) -> list[Trivia]:
    """Return the comments between a node's quotes and what they quote."""
    comments: list[Trivia] = []
    while isinstance(node, Prefix):
        node = node.inner
        comments += [each for each in node.leading if not each.is_blank]
    return comments


def _lost(node: Node) -> float:
    """Return what a comment before `node` adds to the width of a line: it cannot be on one."""
    return inf if any(not each.is_blank for each in node.leading) else 0


def _decimal(value: float) -> str:
    """Return a float in plain notation: `100000.0`, `0.0000001`."""
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else text + ".0"
