"""The values of the language that Python has no type for: symbols, keywords, characters and lists.

nil is None, booleans, integers, floats and strings are Python's own, and a procedure is a Python function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final, Self

__all__ = ["EMPTY", "Char", "Keyword", "List", "Symbol"]


class _Interned:
    """A name of which there is only one object, so that comparing two is comparing identities."""

    __slots__ = ("__weakref__", "name")
    _table: ClassVar[dict[str, Any]]
    name: str

    def __init_subclass__(cls) -> None:
        cls._table = {}

    def __new__(cls, name: str) -> Self:
        found = cls._table.get(name)
        if found is None:
            found = object.__new__(cls)
            found.name = name
            cls._table[name] = found
        return found  # type: ignore[no-any-return]  # the table holds only this class

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.name,)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Symbol(_Interned):
    """A name, as in `foo`."""

    __slots__ = ()


class Keyword(_Interned):
    """A name that evaluates to itself, as in `:foo`; called on a map it looks itself up."""

    __slots__ = ()

    def __call__(self, target: object, default: object = None) -> object:
        """Return what `target`, a map, holds under this keyword, else `default`."""
        lookup = getattr(target, "get", None)
        if lookup is None:
            raise TypeError(f":{self.name} can only look itself up in a map")
        return lookup(self, default)


class Char(_Interned):
    r"""One Unicode character, as in `#\a`."""

    __slots__ = ()


class List:
    r"""An immutable list with O(1) `cdr` and sharing, and amortised O(1) `cons`.

    The elements stand in reverse in a growing Python list that several lists share: a list is the first
    `size` of them, its head being the last. `cons` onto the list that ends where the shared one does is an
    append; onto any other it copies once. DESIGN section 4.
    """

    __slots__ = ("_reversed", "_size")

    def __init__(self, items: Iterable[object] = ()) -> None:
        """Make a list of `items`, in their order."""
        backing = list(items)
        backing.reverse()
        self._reversed = backing
        self._size = len(backing)

    @classmethod
    def _view(cls, backing: list[object], size: int) -> List:
        view = object.__new__(cls)
        view._reversed = backing
        view._size = size
        return view

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        backing, size = self._reversed, self._size
        if size == len(backing):
            return reversed(backing)
        return iter(backing[size - 1 :: -1]) if size else iter(())

    def __getitem__(self, index: int) -> object:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return self._reversed[self._size - 1 - index]

    @property
    def head(self) -> object:
        """The first element; the list must not be empty."""
        return self._reversed[self._size - 1]

    @property
    def tail(self) -> List:
        """All but the first element, sharing them; the list must not be empty."""
        return List._view(self._reversed, self._size - 1)

    def cons(self, head: object) -> List:
        """Return a list of `head` and then these elements."""
        backing, size = self._reversed, self._size
        if size != len(backing):
            backing = backing[:size]
        backing.append(head)
        return List._view(backing, size + 1)

    def drop(self, count: int) -> List:
        """Return the list without its first `count` elements, sharing the rest."""
        return List._view(self._reversed, max(0, self._size - max(0, count)))


EMPTY: Final = List()
