"""A tree of text that may not read yet: open brackets, half strings, half keywords, as one types them.

Nothing is refused: an open bracket closes at the end, or where a definition begins at the start of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Branch", "Leaf", "enclosing", "grow"]

_TOKEN = re.compile(
    r"""(?P<blank>[\s,'`@]+) | (?P<comment>;[^\n]*) | (?P<restart>^\((?=def))
      | (?P<open>[(\[{]) | (?P<close>[)\]}])
      | (?P<string>"(?:[^"\\]|\\.)*+(?:"|\Z)) | (?P<atom>[^\s()\[\]{}"';`,]+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An atom or a string, and its range in characters."""

    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str | None:
        """The name of a keyword without its colon, or None."""
        return self.text[1:] if self.text.startswith(":") else None

    @property
    def word(self) -> str:
        """What a name or a string says, its quotes taken off."""
        return self.text.strip('"')

    @property
    def is_string(self) -> bool:
        """Whether this is a string, closed or not."""
        return self.text.startswith('"')

    def holds(self, at: int) -> bool:
        """Whether `at` is in this leaf or just after it; in a closed string, before its last quote."""
        is_closed = self.is_string and len(self.text) > 1 and self.text.endswith('"')
        return self.start < at <= self.end - is_closed


@dataclass(slots=True)
class Branch:
    """A bracket and what is inside; `end` is past the closing bracket, or past the text if it is open."""

    start: int
    end: int = 0
    items: list[Branch | Leaf] = field(default_factory=list)

    @property
    def head(self) -> str | None:
        """The first item, if it is an atom."""
        first = self.items[0] if self.items else None
        return first.text if isinstance(first, Leaf) else None

    def value(self, keyword: str) -> Branch | Leaf | None:
        """Return what follows a keyword, if it is no keyword itself."""
        for item, after in zip(self.items, self.items[1:], strict=False):
            if isinstance(item, Leaf) and item.keyword == keyword:
                return after if isinstance(after, Branch) or after.keyword is None else None
        return None


def grow(text: str) -> list[Branch]:
    """Return the top-level brackets of `text`, in linear time."""
    top: list[Branch] = []
    stack: list[Branch] = []
    for match in _TOKEN.finditer(text):
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "restart":
            _close_all(stack, start)
        if kind in ("open", "restart"):
            branch = Branch(start)
            (stack[-1].items if stack else top).append(branch)
            stack.append(branch)
        elif kind == "close" and stack:
            stack.pop().end = end
        elif kind in ("atom", "string") and stack:
            stack[-1].items.append(Leaf(match.group(), start, end))
    _close_all(stack, len(text) + 1)
    return top


def _close_all(stack: list[Branch], end: int) -> None:
    while stack:
        stack.pop().end = end


def enclosing(roots: list[Branch], at: int) -> list[Branch]:
    """Return the brackets around the place `at`, outermost first."""
    path: list[Branch] = []
    items: list[Branch | Leaf] = list(roots)
    while True:
        inner = next((each for each in items if isinstance(each, Branch) and each.start < at < each.end), None)
        if inner is None:
            return path
        path.append(inner)
        items = inner.items
