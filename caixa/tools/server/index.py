"""The index of one document: its pieces and their facts, at the places where they stand now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from caixa.lisp.syntax import Form

from .environment import Environment, Outline
from .facts import Binding, Definition, Facts, Mention, Need
from .pieces import Piece
from .text import Range, Text

__all__ = ["Index", "Local", "Part"]


class Part(NamedTuple):
    """A piece with what is known of it; `known` and `hidden` are the macros and variables before it."""

    piece: Piece
    outline: Outline
    facts: Facts
    known: frozenset[str]
    hidden: frozenset[str]

    @property
    def start(self) -> int:
        """The character that the piece begins at."""
        return self.piece.start


class Local(NamedTuple):
    """A local variable, and the part that it is in."""

    part: Part
    binding: Binding

    def places(self) -> list[Range]:
        """Return every place in the document where its name is written."""
        return [place.moved(self.part.start) for place in self.binding.places()]

    @property
    def place(self) -> Range:
        """Where it is bound."""
        return self.binding.place.moved(self.part.start)


@dataclass(frozen=True, eq=False)
class Index:
    """Everything about one state of a document; nothing in it changes."""

    path: str
    text: Text
    parts: tuple[Part, ...]
    environment: Environment

    @cached_property
    def _starts(self) -> list[int]:
        return [part.start for part in self.parts]

    def part_at(self, at: int) -> Part:
        """Return the part that holds the character at `at`."""
        return self.parts[max(0, bisect_right(self._starts, at) - 1)]

    @cached_property
    def definitions(self) -> dict[str, list[Definition]]:
        """The global names that the document defines, each with its definitions in order."""
        found: dict[str, list[Definition]] = {}
        for part in self.parts:
            for each in part.facts.definitions:
                moved = replace(each, place=each.place.moved(part.start), whole=each.whole.moved(part.start))
                found.setdefault(each.name, []).append(moved)
        return found

    @cached_property
    def needs(self) -> tuple[tuple[Part, Need], ...]:
        """What the document requires, with the part that says so."""
        return tuple((part, need) for part in self.parts for need in part.facts.needs)

    @cached_property
    def provided(self) -> frozenset[str]:
        """The names that the document lends as a module."""
        return frozenset(lent.name for part in self.parts for lent in part.facts.provided)

    def local_at(self, at: int) -> Local | None:
        """Return the local variable whose name is written at `at`."""
        part = self.part_at(at)
        binding = part.facts.binding_at(at - part.start)
        return None if binding is None else Local(part, binding)

    def mention_at(self, at: int) -> tuple[Part, Mention] | None:
        """Return the global name that is written at `at`, with the part that it is in."""
        part = self.part_at(at)
        mention = part.facts.mention_at(at - part.start)
        return None if mention is None else (part, mention)

    def mentions(self) -> Iterator[tuple[Part, Mention]]:
        """Yield every mention of a global name, in order."""
        return ((part, mention) for part in self.parts for mention in part.facts.mentions)

    def manifest(self) -> tuple[Part, Form] | None:
        """Return the first `(defcaixa …)`, if there is one."""
        return next(
            (
                (part, form)
                for part in self.parts
                for form in part.piece.parsed.forms
                if isinstance(form, Form) and form.head == "defcaixa"
            ),
            None,
        )
