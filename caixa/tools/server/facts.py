"""What a piece of text defines, binds and mentions, with the place of each: the unit that an index is made of.

Places are characters from the beginning of the piece, so that facts stay true when a piece moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from caixa.lisp.core import Core
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.requests import Request

from .text import Range

__all__ = ["NO_FACTS", "Binding", "Definition", "Facts", "Kind", "Lent", "Mention", "Need", "Role"]


class Kind(StrEnum):
    """What a definition makes."""

    FUNCTION = "function"
    VARIABLE = "variable"
    MACRO = "macro"
    TEST = "test"
    CAIXA = "caixa"


class Role(StrEnum):
    """How a global name is mentioned."""

    READ = "read"
    WRITE = "write"
    DEFINE = "define"
    MACRO = "macro"
    PROVIDE = "provide"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Binding:
    """A local variable: where its name is written, the range in which it is known, and its mentions."""

    name: str
    place: Range
    extent: Range
    mentions: tuple[Range, ...] = ()
    is_parameter: bool = False
    is_function: bool = False

    def places(self) -> tuple[Range, ...]:
        """Return every place where the name is written, in order."""
        return tuple(sorted({self.place, *self.mentions}))


@dataclass(frozen=True, slots=True)
class Definition:
    """A global name and the form that defines it; `params` and `doc` are empty where there are none."""

    name: str
    kind: Kind
    place: Range
    whole: Range
    params: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A global name where the text has it; `need` is the request that lends it, for `:refer` alone."""

    name: str
    place: Range
    role: Role = Role.READ
    need: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A `require` or `importar`: what it asks for, and where its path stands."""

    request: Request
    place: Range
    is_library: bool = False


@dataclass(frozen=True, slots=True)
class Lent:
    """A name that a module provides."""

    name: str
    place: Range


@dataclass(frozen=True, slots=True)
class Facts:
    """All of one piece; `codes` is what its forms expand to."""

    definitions: tuple[Definition, ...] = ()
    bindings: tuple[Binding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    specials: tuple[Range, ...] = ()
    needs: tuple[Need, ...] = ()
    provided: tuple[Lent, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    codes: tuple[Core, ...] = ()

    def binding_at(self, at: int) -> Binding | None:
        """Return the local variable whose name is written at `at`."""
        return next((each for each in self.bindings if any(place.holds(at) for place in each.places())), None)

    def mention_at(self, at: int) -> Mention | None:
        """Return the global name that is written at `at`."""
        return next((each for each in self.mentions if each.place.holds(at)), None)

    def known_at(self, at: int) -> Iterator[Binding]:
        """Yield the local variables that are known at `at`, the innermost first."""
        around = [each for each in self.bindings if each.extent.start < at < each.extent.end]
        return iter(sorted(around, key=lambda each: (each.extent.start, each.place.start), reverse=True))


NO_FACTS = Facts()
