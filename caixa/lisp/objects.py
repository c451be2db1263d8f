"""The values with a life of their own: errors as values, promises and foreign objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .equality import Compound, Pairs, equal
from .names import Keyword

__all__ = ["ErrorValue", "Foreign", "Promise"]


class ErrorValue(Compound):
    """An error as a value: a tag, a message, and pairs of data in order. Making one raises nothing."""

    __slots__ = ("cause", "data", "given_cause", "message", "span", "stack", "tag")
    __lisp_kind__ = "error"

    def __init__(
        self, tag: Keyword, message: str, data: Iterable[tuple[object, object]] = (), cause: object = None
    ) -> None:
        """Make an error value; `cause` is the error that led to it, if that is known already."""
        self.tag = tag
        self.message = message
        self.data = tuple(data)
        self.given_cause = self.cause = cause
        self.span: Any = None  # where it was last raised, and in which calls: no part of what it is equal to
        self.stack: Any = ()

    def happened(self, span: object, stack: object, cause: object) -> None:
        """Note that it was raised at `span` in the calls of `stack`, while `cause` was being handled."""
        self.span, self.stack = span, stack
        self.cause = cause if self.given_cause is None else self.given_cause

    def __repr__(self) -> str:
        return f"ErrorValue({self.tag.name!r}, {self.message!r})"

    def get(self, key: object, default: object = None) -> object:
        """Return the datum whose key is equal to `key`, else `default`."""
        return next((value for name, value in self.data if equal(name, key)), default)

    def parts(self) -> Iterator[object]:
        """See Compound: tag, message and data."""
        return iter((self.tag, self.message, *self.data))

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: errors are the same when tag, message and data are."""
        assert isinstance(other, ErrorValue)
        if len(self.data) != len(other.data):
            return None
        mine = [self.tag, self.message, *(part for pair in self.data for part in pair)]
        theirs = [other.tag, other.message, *(part for pair in other.data for part in pair)]
        return ((iter(zip(mine, theirs, strict=True)), False),)


class Promise:
    """What `delay` makes: an expression that runs when it is first forced, and keeps its value.

    If it raises, the promise stays pending and runs again the next time.
    """

    __slots__ = ("_thunk", "_value")
    __lisp_kind__ = "promise"

    def __init__(self, thunk: Callable[[], object]) -> None:
        """Keep `thunk`, a function without parameters, to be run later."""
        self._thunk: Callable[[], object] | None = thunk
        self._value: object = None

    @property
    def is_pending(self) -> bool:
        """Whether it has no value yet."""
        return self._thunk is not None

    @property
    def value(self) -> object:
        """The value, or None while pending."""
        return self._value

    def force(self) -> object:
        """Return the value, running the expression if that has not been done."""
        thunk = self._thunk
        if thunk is not None:
            value = thunk()
            if self._thunk is not None:  # else it forced itself meanwhile, and the first value stands
                self._value, self._thunk = value, None
        return self._value


class Foreign:
    """A host object of which Lisp sees only that it is one."""

    __slots__ = ("label", "value")
    __lisp_kind__ = "foreign"

    def __init__(self, value: Any, label: str = "") -> None:
        """Wrap `value`; `label` is a word for printing."""
        self.value = value
        self.label = label
