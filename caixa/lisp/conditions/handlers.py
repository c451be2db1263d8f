"""Handlers: what surrounds the code that runs and wants to know of conditions, innermost first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..errors import TypeMismatch
from ..names import Keyword
from ..objects import ErrorValue

__all__ = ["HANDLERS", "Binding", "Handling", "fits", "handlers_in_force", "takes"]

Catching = tuple[Any, ...]
"""A `try` on the handler stack: what is outside of it, and the tags that it takes, any if it has none.

Compiled code makes the tuple itself, so that a `try` costs little where nothing is thrown.
"""


def takes(catching: Catching, condition: object) -> bool:
    """Return whether a clause of a `try` catches `condition`."""
    return len(catching) == 1 or (isinstance(condition, ErrorValue) and condition.tag.name in catching[1:])


class Binding:
    """The handlers of one form on the handler stack, each with the test for what it handles."""

    __slots__ = ("clauses", "outer")

    def __init__(self, outer: Handling | None, clauses: Sequence[tuple[object, Callable[..., object]]]) -> None:
        """Take each clause as a test and the function that handles what it fits."""
        self.outer = outer
        self.clauses = clauses


Handling = Catching | Binding
HANDLERS: ContextVar[Handling | None] = ContextVar("handlers", default=None)


@contextmanager
def handlers_in_force(handlers: Handling | None) -> Iterator[None]:
    """Let `handlers` be what surrounds the code inside."""
    before = HANDLERS.get()
    HANDLERS.set(handlers)
    try:
        yield
    finally:
        HANDLERS.set(before)


def fits(test: object, condition: object) -> bool:
    """Return whether a clause handles `condition`: its test is a tag, a predicate, or true for everything."""
    if test is True:
        return True
    if isinstance(test, Keyword):
        return condition is test or (isinstance(condition, ErrorValue) and condition.tag is test)
    if callable(test):
        return test(condition) not in (None, False)
    raise TypeMismatch("keyword, predicate or else", test)
