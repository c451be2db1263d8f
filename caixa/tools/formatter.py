"""Canonical layout of Lisp text, keeping every comment (caixa.md section 6.2).

A list that fits stays on its line; else a list of keywords and values has a pair on each line, any other one
item. Texts that may fit a line are made once for each node and printing keeps its own stack: time is linear,
depth is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, Trivia, symbol_name

from .formatting.literals import spelled
from .formatting.rows import Row, comment_text, comments_inside, has_comment, rows_of
from .formatting.style import Layout, Style

__all__ = ["Layout", "Style", "format_source"]


def format_source(source: Source, style: Style | None = None) -> str:
    """Return the text of `source` in canonical layout. Raises ReaderError for a text that is not Lisp.

    Formatting twice is formatting once, and the result reads as the same forms.
    """
    style = style or Style()
    program = read(source)
    printer = _Printer(source, style)
    blocks: list[str] = []
    previous: Node | None = None
    for form in program.forms:
        beside, above = printer.split(form.leading, previous)
        if beside:
            blocks[-1] += " " + beside
        body = printer.top_level(form)
        blocks.append("\n".join([*_block([*above, *comments_inside(form)]), body]))
        previous = form
    beside, above = printer.split(program.trailing, previous)
    if beside:
        blocks[-1] += " " + beside
    last = "\n".join(_block(above)).rstrip("\n")
    text = "\n\n".join([*blocks, last] if last else blocks)
    return text + "\n" if text and style.trailing_newline else text


def _block(comments: Sequence[str]) -> Sequence[str]:
    """Return comments without the blank lines (empty texts) before the first."""
    start = next((index for index, text in enumerate(comments) if text), len(comments))
    return comments[start:]


@dataclass(slots=True)
class _Line:
    """Go to a new line at this indentation; after a blank one."""

    indent: int
    is_after_blank: bool = False


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
        self.texts: dict[int, str | None] = {}  # on one line, by identity; None for what cannot be on one

    def top_level(self, form: Node) -> str:
        self._measure(form)
        text = self.texts[id(form)]
        return text if text is not None and self._fits(text, 0) else self._print(form)

    # -- one line -------------------------------------------------------------------------------------------

    def _measure(self, root: Node) -> None:
        """Give each node its text on one line; None where that cannot be: a comment, a line end, too long."""
        texts, limit = self.texts, self.style.line_width
        for node in _inner_first(root):
            if node.__class__ is Atom:
                texts[id(node)] = spelled(node, self._written(node))
            elif isinstance(node, Prefix):
                inner = None if has_comment(node.inner) else texts[id(node.inner)]
                fits = inner is not None and len(inner) < limit
                texts[id(node)] = _prefix(node, inner) + inner if fits and inner is not None else None
            elif isinstance(node, Form):
                texts[id(node)] = self._one_line(node, limit)

    def _written(self, node: Node) -> str:
        if self.source.is_ascii:
            return self.source.text[node.span.start : node.span.end]
        return self.source.slice(node.span)

    def _one_line(self, form: Form, limit: int) -> str | None:
        if form.trailing and any(each.text for each in form.trailing):
            return None
        parts: list[str] = []
        size = 0
        for item in form.items:
            text = self.texts[id(item)]
            if text is None or "\n" in text or (item.leading and has_comment(item)):
                return None
            parts.append(text)
            size += len(text) + 1
            if size > limit:
                return None
        opening, closing = form.bracket.value
        return f"{opening}{' '.join(parts)}{closing}"

    def _fits(self, text: str, column: int) -> bool:
        return len(text) + 2 + column <= self.style.line_width or len(text) <= 3

    # -- several lines --------------------------------------------------------------------------------------

    def _print(self, root: Node) -> str:
        pieces: list[str] = []
        column = 0
        work: list[_Work] = [_Put(root, 0)]
        while work:
            task = work.pop()
            if isinstance(task, _Line):
                pieces.append(("\n\n" if task.is_after_blank else "\n") + " " * task.indent)
                column = task.indent
            elif isinstance(task, str):
                pieces.append(task)
                column = len(task) - task.rindex("\n") - 1 if "\n" in task else column + len(task)
            else:
                work += reversed(list(self._expand(task, column)))
        return "".join(pieces)

    def _expand(self, task: _Put, column: int) -> Iterator[_Work]:
        node = task.node
        text = self.texts[id(node)]
        if isinstance(node, Prefix):
            yield _prefix(node, self.texts[id(node.inner)] or "")
            yield _Put(node.inner, task.indent)
        elif text is not None and (isinstance(node, Atom) or self._fits(text, column)):
            yield text
        elif isinstance(node, Form):
            yield from self._broken(node, task.indent, column)

    def _broken(self, form: Form, indent: int, column: int) -> Iterator[_Work]:
        opening, closing = form.bracket.value
        inner = self._inner(form, indent, column)
        yield opening
        rows = rows_of(form, self.style.layout) if form.items else []
        width = self._key_width(rows) if self.style.align_values else 0
        previous: Node | None = None
        for row in rows:
            yield from self._lead(row, previous, inner)
            yield from self._row(row, inner, width)
            previous = row.items[-1]
        comments = list(self._lines(*self.split(form.trailing, previous), inner))
        yield from comments
        if comments:
            yield _Line(indent)
        yield closing

    def _inner(self, form: Form, indent: int, column: int) -> int:
        """Return the indentation of the lines after the first: below the first item for data in LISP layout."""
        is_data = not (form.bracket is Bracket.LIST and form.items and symbol_name(form.items[0]) is not None)
        if self.style.layout is Layout.LISP and is_data:
            return column + len(form.bracket.value[0])
        return indent + self.style.indent

    def _lead(self, row: Row, previous: Node | None, inner: int) -> Iterator[_Work]:
        """Yield the comments of a row, and go to its line."""
        first, *others = row.items
        if not any(item.leading or isinstance(item, Prefix) for item in row.items):
            if previous is not None or self._is_below(row):
                yield _Line(inner)
            return
        beside, above = self.split(first.leading, previous)
        above = [*above, *(text for item in row.items for text in comments_inside(item))]
        for item in others:
            above += [comment_text(each) for each in item.leading if each.text]
        is_blank = bool(above) and not above[-1] and previous is not None
        lines = list(self._lines(beside, above, inner, is_first=previous is None))
        yield from lines
        if previous is not None or lines or self._is_below(row):
            yield _Line(inner, is_blank and self._keeps_blanks)

    def _is_below(self, row: Row) -> bool:
        """Whether a first row begins below the bracket: a pair in PLAIN layout does."""
        return row.is_pair and self.style.layout is Layout.PLAIN

    def _row(self, row: Row, inner: int, width: int) -> Iterator[_Work]:
        for index, item in enumerate(row.items):
            if index:
                key = self.texts[id(row.items[0])] if row.is_pair else None
                yield " " * (1 + (max(0, width - len(key)) if key else 0))
            yield _Put(item, inner)

    def _key_width(self, rows: Sequence[Row]) -> int:
        """Return the width of the column of keys: of those that stand on a line."""
        keys = (self.texts[id(row.items[0])] for row in rows if row.is_pair)
        return max((len(key) for key in keys if key is not None), default=0)

    # -- comments -------------------------------------------------------------------------------------------

    @property
    def _keeps_blanks(self) -> bool:
        return self.style.layout is Layout.LISP

    def _lines(
        self, beside: str | None, above: Sequence[str], inner: int, *, is_first: bool = False
    ) -> Iterator[_Work]:
        """Yield a comment on the line before, then those on lines of their own."""
        if beside:
            yield " " + beside
        is_blank = False
        for text in above:
            if text:
                yield _Line(inner, is_blank and self._keeps_blanks and not is_first)
                yield text
            is_blank = not text
            is_first = is_first and not text

    def split(self, trivia: Sequence[Trivia], previous: Node | None) -> tuple[str | None, list[str]]:
        """Return the comment on the line of `previous`, and those (and blank lines) on lines of their own."""
        if not trivia:
            return None, []
        texts = [comment_text(each) for each in trivia]
        if previous is None or not texts[0]:
            return None, texts
        start = self.source.char_index(previous.span.end)
        between = self.source.text[start : self.source.char_index(trivia[0].span.start)]
        return (None, texts) if "\n" in between else (texts[0], texts[1:])


def _prefix(node: Prefix, inner: str) -> str:
    """Return the prefix as it is written, with a blank where it would read as another one."""
    text = node.kind.text
    return text + " " if node.kind is PrefixKind.UNQUOTE and inner.startswith("@") else text


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
