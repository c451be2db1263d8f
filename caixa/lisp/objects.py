"""The values with a life of their own: errors as values, promises, channels, fibers and foreign objects."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from .equality import Compound, Pairs, equal
from .names import Keyword

__all__ = ["Channel", "ErrorValue", "Fiber", "FiberStatus", "Foreign", "Promise"]


class ErrorValue(Compound):
    """An error as a value: a tag, a message, and pairs of data in order. Making one raises nothing."""

    __slots__ = ("data", "message", "tag")
    __lisp_kind__ = "error"

    def __init__(self, tag: Keyword, message: str, data: Iterable[tuple[object, object]] = ()) -> None:
        """Make an error value."""
        self.tag = tag
        self.message = message
        self.data = tuple(data)

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


class Channel:
    """A queue of values, bounded or not, that sending and receiving never wait for (language.md 5.5)."""

    __slots__ = ("_items", "capacity", "is_closed")
    __lisp_kind__ = "foreign"

    def __init__(self, capacity: int | None = None) -> None:
        """Make an open channel for `capacity` values, None meaning any number."""
        self._items: deque[object] = deque()
        self.capacity = capacity
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._items)

    def send(self, value: object) -> bool:
        """Queue `value`, and return whether that was possible."""
        if self.is_closed or (self.capacity is not None and len(self._items) >= self.capacity):
            return False
        self._items.append(value)
        return True

    def receive(self, otherwise: Callable[[bool], object]) -> object:
        """Return the next value; if there is none, `otherwise` of whether the channel is closed."""
        return self._items.popleft() if self._items else otherwise(self.is_closed)

    def close(self) -> None:
        """Refuse values from now on."""
        self.is_closed = True

    def drain(self) -> list[object]:
        """Close the channel and return what it still held."""
        self.close()
        items = list(self._items)
        self._items.clear()
        return items


class FiberStatus(StrEnum):
    """How far a fiber has come."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    ERRORED = "errored"


class Fiber:
    """A call that runs when it is asked to, once; its outcome is kept (language.md 4.10)."""

    __slots__ = ("error", "result", "status", "thunk")
    __lisp_kind__ = "foreign"

    def __init__(self, thunk: Callable[[], object]) -> None:
        """Keep `thunk`, a function without parameters."""
        self.thunk = thunk
        self.status = FiberStatus.PENDING
        self.result: object = None
        self.error: object = None

    def run(self, as_value: Callable[[Exception], object]) -> object:
        """Run to the end, once, and return the result, or the error that `as_value` made a value."""
        if self.status is FiberStatus.PENDING:
            self.status = FiberStatus.RUNNING
            try:
                self.result = self.thunk()
                self.status = FiberStatus.DONE
            except Exception as error:  # by definition a fiber turns every error into a value
                self.error = as_value(error)
                self.status = FiberStatus.ERRORED
            finally:
                if self.status is FiberStatus.RUNNING:  # stopped from outside: it may run again
                    self.status = FiberStatus.PENDING
        return self.error if self.status is FiberStatus.ERRORED else self.result


class Foreign:
    """A host object of which Lisp sees only that it is one."""

    __slots__ = ("label", "value")
    __lisp_kind__ = "foreign"

    def __init__(self, value: Any, label: str = "") -> None:
        """Wrap `value`; `label` is a word for printing."""
        self.value = value
        self.label = label
