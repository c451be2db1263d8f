"""Lists and vectors: immutable sequences that share their elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from .equality import Compound, Pairs
from .pieces import PIECE, gathered

__all__ = ["EMPTY", "List", "Vector", "list_view"]


class List(Compound):
    r"""An immutable list with O(1) `cdr` and sharing, and amortised O(1) `cons`.

    The elements stand in reverse in a growing Python list that several lists share: a list is the first
    `size` of them, its head being the last. `cons` onto the list that ends where the shared one does is an
    append; onto any other it copies once. DESIGN section 4.
    """

    __slots__ = ("_reversed", "_size")
    __lisp_kind__ = "list"

    def __init__(self, items: Iterable[object] = ()) -> None:
        """Make a list of `items`, in their order."""
        backing = gathered(items)
        backing.reverse()
        self._reversed = backing
        self._size = len(backing)

    @classmethod
    def own(cls, items: list[object]) -> List:
        """Make a list of `items` without copying them; the caller gives them away."""
        items.reverse()
        return list_view(items, len(items))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        # It goes by index, downwards: a list that is consed onto meanwhile is not seen to grow.
        elements = reversed(self._reversed)
        elements.__setstate__(self._size - 1)  # type: ignore[attr-defined]  # the iterator of a list has it
        return elements

    def __reversed__(self) -> Iterator[object]:
        return islice(self._reversed, self._size)

    def __getitem__(self, index: int) -> object:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return self._reversed[self._size - 1 - index]

    def __repr__(self) -> str:
        return f"List of {self._size}"

    @property
    def head(self) -> object:
        """The first element; the list must not be empty."""
        return self._reversed[self._size - 1]

    @property
    def tail(self) -> List:
        """All but the first element, sharing them; the list must not be empty."""
        return list_view(self._reversed, self._size - 1)

    def cons(self, head: object) -> List:
        """Return a list of `head` and then these elements."""
        backing, size = self._reversed, self._size
        if size != len(backing):
            backing = _begun(backing, size)
        backing.append(head)
        return list_view(backing, size + 1)

    def drop(self, count: int) -> List:
        """Return the list without its first `count` elements, sharing the rest."""
        return list_view(self._reversed, max(0, self._size - max(0, count)))

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: lists are the same when their elements are, one by one."""
        assert isinstance(other, List)
        return ((zip(self, other, strict=True), False),) if self._size == other._size else None

    def parts(self) -> Iterator[object]:
        """See Compound: the elements."""
        return iter(self)


def _begun(items: list[object], size: int) -> list[object]:
    """Return a list of the first `size` of `items`."""
    return items[:size] if size <= PIECE else gathered(islice(items, size))


def list_view(backing: list[object], size: int) -> List:
    """Return the list of the first `size` elements of `backing`, the last of them being its head.

    A function of its own, since `cons` and `cdr` make one each time that they are called.
    """
    view = _new(List)
    view._reversed = backing
    view._size = size
    return view


_new = object.__new__
EMPTY: Final = List()


class Vector(Compound):
    """An immutable sequence with O(1) access by index and amortised O(1) `conj` at its end.

    As with lists, several vectors share one growing Python list, each being its first `size` elements.
    """

    __slots__ = ("_items", "_size")
    __lisp_kind__ = "vector"

    def __init__(self, items: Iterable[object] = ()) -> None:
        """Make a vector of `items`."""
        self._items = gathered(items)
        self._size = len(self._items)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        return islice(self._items, self._size)

    def __getitem__(self, index: int) -> object:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return self._items[index]

    def __repr__(self) -> str:
        return f"Vector of {self._size}"

    def conj(self, item: object) -> Vector:
        """Return the vector with `item` after its last element."""
        items = self._items if self._size == len(self._items) else _begun(self._items, self._size)
        items.append(item)
        grown = object.__new__(Vector)
        grown._items, grown._size = items, self._size + 1
        return grown

    def assoc(self, index: int, item: object) -> Vector:
        """Return the vector with `item` at `index` (which may be one past the last); copies it."""
        if index == self._size:
            return self.conj(item)
        changed = Vector(self)
        changed._items[range(self._size)[index]] = item
        return changed

    def pair_up(self, other: object) -> tuple[tuple[Pairs, bool], ...] | None:
        """See Compound: vectors are the same when their elements are, one by one."""
        assert isinstance(other, Vector)
        return ((zip(self, other, strict=True), False),) if self._size == other._size else None

    def parts(self) -> Iterator[object]:
        """See Compound: the elements."""
        return iter(self)
