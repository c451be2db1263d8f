"""Whether two definitions mean the same, and if not, the first place where they part."""

from __future__ import annotations

from dataclasses import dataclass

from .addresses import Addresses
from .text import to_text
from .tree import GLOBAL, Tree

__all__ = ["Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two definitions part: the names that lead there, outermost first, and what stands on each side."""

    through: tuple[tuple[str, str], ...]
    here: str
    there: str

    def __str__(self) -> str:
        """Say it in a line."""
        way = " → ".join([left if left == right else f"{left}/{right}" for left, right in self.through])
        return f"in {way}: {self.here} here, {self.there} there"


def compare(here: Addresses, name: str, there: Addresses, other: str) -> Difference | None:
    """Return None if `name` here means what `other` means there, else the first difference.

    A call of another definition is followed into that definition, where the difference really is.
    """
    if here.of(name) == there.of(other):
        return None
    return _Walk(here, there).definition(name, other, ())


class _Walk:
    """Goes down both sides at once, along parts whose digests differ; each pair of names is entered once."""

    def __init__(self, here: Addresses, there: Addresses) -> None:
        self.here, self.there = here, there
        self.entered: set[tuple[str, str]] = set()

    def definition(self, left: str, right: str, through: tuple[tuple[str, str], ...]) -> Difference:
        """Return the first difference between two definitions that are not the same."""
        self.entered.add((left, right))
        way = (*through, (left, right))
        ours, theirs = self.here.program.definitions.get(left), self.there.program.definitions.get(right)
        if ours is None or theirs is None:
            return Difference(way, self._said(self.here, left), self._said(self.there, right))
        found = self._trees(ours.tree, theirs.tree, way)
        return found or Difference(way, to_text(ours.tree), to_text(theirs.tree))

    def _trees(self, left: Tree, right: Tree, way: tuple[tuple[str, str], ...]) -> Difference | None:
        pending = [(left, right)]
        while pending:
            a, b = pending.pop()
            if a.label == GLOBAL == b.label:
                found = self._globals(a.text, b.text, way)
                if found is not None:
                    return found
            elif (a.label, a.text, len(a.children)) != (b.label, b.text, len(b.children)):
                return Difference(way, to_text(a), to_text(b))
            else:
                pending.extend(zip(reversed(a.children), reversed(b.children), strict=True))
        return None

    def _globals(self, a: str, b: str, way: tuple[tuple[str, str], ...]) -> Difference | None:
        if self.here.of(a) == self.there.of(b) or (a, b) in self.entered:
            return None
        both_defined = a in self.here.program.definitions and b in self.there.program.definitions
        return self.definition(a, b, way) if both_defined else Difference(way, a, b)

    def _said(self, side: Addresses, name: str) -> str:
        definition = side.program.definitions.get(name)
        return to_text(definition.tree) if definition is not None else f"{name}, which is not defined here"
