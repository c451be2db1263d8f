"""What names mean at a place in a program, while it is being expanded."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..core import Local
from ..source import Span

__all__ = ["Macro", "Scope"]


class Macro(NamedTuple):
    """A macro: a function from the values of its arguments' syntax to that of its expansion."""

    name: str
    function: Callable[..., object]
    params: str
    doc: str | None = None
    span: Span | None = None


class Scope:
    """One frame of local names: those of a procedure, a `let` or a handler, and the macros defined there."""

    __slots__ = ("declared", "frame", "has_body", "macros", "names", "parent")

    def __init__(self, parent: Scope | None = None) -> None:
        """Make an empty frame inside `parent`; without one, only globals are visible around it."""
        self.names: dict[str, Local] = {}
        self.macros: dict[str, Macro] = {}
        self.declared: set[str] = set()  # found in the body ahead of its `define`
        self.parent = parent
        self.has_body = False  # whether a body is expanded in it, which can make a frame
        self.frame: Local | None = None  # the variable with what `eval` defines in that body (late.py)

    def bind(self, name: str, span: Span) -> Local:
        """Return a new binding of `name`, written at `span`, hiding any other."""
        self.macros.pop(name, None)
        local = self.names[name] = Local(name, span)
        return local

    def declare(self, name: str, span: Span) -> None:
        """Make `name` known here, to be bound by a `define` further on."""
        if name not in self.names:
            self.bind(name, span)
            self.declared.add(name)

    def define(self, name: str, span: Span) -> tuple[Local, bool]:
        """Return this frame's binding of `name`, made if need be, and whether this `define` is its first."""
        if name in self.declared:
            self.declared.discard(name)
            return self.names[name], True
        if name in self.names:
            return self.names[name], False
        return self.bind(name, span), True

    def find(self, name: str) -> Local | Macro | None:
        """Return what `name` means: a local variable, a local macro, or None for something global."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.macros.get(name) or scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def visible(self) -> tuple[Local, ...]:
        """Return the bindings that can be seen from here."""
        seen: dict[str, Local] = {}
        scope: Scope | None = self
        while scope is not None:
            for name, local in scope.names.items():
                seen.setdefault(name, local)
            scope = scope.parent
        return (*seen.values(), *self.frames())

    def frames(self) -> list[Local]:
        """Return the variables that hold what `eval` defined around here, the innermost first."""
        found: list[Local] = []
        scope: Scope | None = self
        while scope is not None:
            if scope.frame is not None:
                found.append(scope.frame)
            scope = scope.parent
        return found
