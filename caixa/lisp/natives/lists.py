"""Lists and vectors: making them and taking them apart (language.md sections 5.1 and 6.4).

Where the result is empty some functions give nil and others the empty list, as section 2.3 tabulates.
"""

from __future__ import annotations

from itertools import chain, islice

from ..equality import distinct, equal
from ..errors import NativeError, TypeMismatch
from ..lists import EMPTY, List, Vector, list_view
from ..maps import Map, Set
from ..pieces import extended, gathered
from .checks import check_length, integer_of, items_of, list_or_nil
from .registry import native

__all__ = ["append", "car", "cdr", "cons"]


@native("car", "first")
def car(items: object) -> object:
    """Return the first element of a list that is not empty."""
    if type(items) is List and items._size:  # the very fields: this is the most called native of all
        return items._reversed[items._size - 1]
    return next(iter(_not_empty("car", items)))


@native("cdr", "rest")
def cdr(items: object) -> object:
    """Return a list without its first element, or nil if it has no other."""
    if type(items) is List and items._size:
        return list_view(items._reversed, items._size - 1) if items._size > 1 else None
    return list_or_nil(gathered(islice(_not_empty("cdr", items), 1, None)))


def _not_empty(function: str, value: object) -> List | Vector:
    if isinstance(value, (List, Vector)) and value:
        return value
    if value is None or isinstance(value, (List, Vector)):
        raise NativeError(function, f"{function} of empty list")
    raise TypeMismatch("pair", value)


@native("second")
def second(items: object) -> object:
    """Return the second element."""
    return car(cdr(items))


@native("third")
def third(items: object) -> object:
    """Return the third element."""
    return car(cdr(cdr(items)))


@native("fourth")
def fourth(items: object) -> object:
    """Return the fourth element."""
    return car(cdr(cdr(cdr(items))))


@native("cons")
def cons(item: object, items: object) -> List:
    """Return a list of `item` and then the elements of `items`; of both, if that is not a list."""
    if type(items) is List:
        return items.cons(item)
    if items is None:
        return List.own([item])
    return List.own([item, *items] if isinstance(items, (Vector, Set)) else [item, items])


@native("list")
def list_of(*items: object) -> List:
    """Return a list of the arguments."""
    return List(items)


@native("vector")
def vector_of(*items: object) -> Vector:
    """Return a vector of the arguments."""
    return Vector(items)


@native("vec", "list->vector")
def to_vector(items: object) -> Vector:
    """Return the elements of a list as a vector."""
    return items if isinstance(items, Vector) else Vector(items_of(items))


@native("vector->list", "sequence")
def to_list(items: object) -> List:
    """Return the elements of a vector or set as a list."""
    return items if isinstance(items, List) else List(items_of(items))


@native("vector-ref")
def vector_ref(vector: object, index: object) -> object:
    """Return the element of a vector at `index`, counted from 0."""
    if not isinstance(vector, Vector):
        raise TypeMismatch("vector", vector)
    at = integer_of(index)
    if not 0 <= at < len(vector):
        raise NativeError("vector-ref", f"there is no element {at} in a vector of {len(vector)}")
    return vector[at]


@native("conj")
def conj(collection: object, *items: object) -> object:
    """Add items where that is natural: at the end of a vector, at the front of a list, into a set or map."""
    for item in items:
        if isinstance(collection, (Vector, Set)):
            collection = collection.conj(item)
        elif isinstance(collection, Map):
            collection = collection.merge(item) if isinstance(item, Map) else collection.assoc(*_entry(item))
        else:
            collection = (EMPTY if collection is None else _list(collection)).cons(item)
    return collection


def _entry(value: object) -> tuple[object, object]:
    """Return the key and the value of a list or vector of both."""
    parts = tuple(items_of(value))
    if len(parts) != 2:
        raise NativeError("conj", f"a map takes pairs, not {len(parts)} elements")
    return parts


def _list(value: object) -> List:
    if isinstance(value, List):
        return value
    raise TypeMismatch("list", value)


@native("length")
def length(items: object) -> int:
    """Return the number of elements of a list."""
    return len(items_of(items))


@native("count")
def count(value: object) -> int:
    """Return how many elements, entries or characters `value` has; nil has none."""
    if isinstance(value, (str, Map)):
        return len(value)
    return len(items_of(value, "list, vector, set, map or string"))


@native("reverse")
def reverse(items: object) -> object:
    """Return the elements of a list in the opposite order; of nil, nil."""
    if isinstance(items, List):
        return List.own(gathered(reversed(items)))
    return None if items is None else list_view(elements := gathered(items_of(items)), len(elements))


@native("append", "concat")
def append(*lists: object) -> object:
    """Return the elements of all the lists, one after another; nil if there are none."""
    joined: list[object] = []
    for items in lists:
        extended(joined, items_of(items))
        check_length("append", len(joined))
    return list_or_nil(joined)


@native("take")
def take(count: object, items: object) -> List:
    """Return the first `count` elements of a list."""
    return List(islice(items_of(items), max(0, integer_of(count))))


@native("drop")
def drop(count: object, items: object) -> List:
    """Return a list without its first `count` elements."""
    number = max(0, integer_of(count))
    return items.drop(number) if isinstance(items, List) else List(islice(items_of(items), number, None))


@native("nth", params="(n items)")
def nth(index: object, items: object) -> object:
    """Return the element at `n`, counted from 0, or nil if there is none."""
    at, elements = integer_of(index), items_of(items)
    if not 0 <= at < len(elements):
        return None
    return elements[at] if isinstance(elements, (List, Vector)) else next(islice(elements, at, None))


@native("safe-nth", params="(n items)")
def safe_nth(index: object, items: object) -> object:
    """Return the element at `n`, the first if `n` is negative, or nil if there is none."""
    return nth(max(0, integer_of(index)), items)


@native("last")
def last(items: object) -> object:
    """Return the last element of a list that is not empty."""
    elements = _not_empty_items("last", items)
    return next(reversed(elements)) if isinstance(elements, List) else gathered(elements)[-1]


@native("butlast")
def butlast(items: object) -> object:
    """Return a list without its last element, or nil if it has no other."""
    return list_or_nil(gathered(_not_empty_items("butlast", items))[:-1])


def _not_empty_items(function: str, value: object) -> List | Vector:
    elements = _not_empty(function, value)
    assert len(elements)
    return elements


@native("member?")
def is_member(item: object, items: object) -> bool:
    """Return whether a list has an element equal to `item`."""
    if isinstance(items, Set):
        return item in items
    return position(item, items) >= 0


@native("position")
def position(item: object, items: object) -> int:
    """Return the index of the first element equal to `item`, or -1."""
    kind = type(item)
    if kind is int or kind is str:  # what Python itself compares as the language does
        for index, element in enumerate(items_of(items)):
            if element == item and type(element) is kind:
                return index
        return -1
    return next((index for index, element in enumerate(items_of(items)) if equal(item, element)), -1)


@native("distinct")
def distinct_items(items: object) -> List:
    """Return a list without the elements that are equal to an earlier one."""
    return List.own(distinct(items_of(items)))


@native("flatten")
def flatten(items: object) -> object:
    """Return the elements of a list and of the lists in it, at any depth, as one list without nils."""
    flat: list[object] = []
    waiting = [iter(items_of(items))]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, (List, Vector)):
                waiting.append(iter(item))
                break
            if item is not None:
                flat.append(item)
        else:
            waiting.pop()
    return list_or_nil(flat)


@native("zip")
def zip_lists(left: object, right: object, *others: object) -> List:
    """Return a list of lists of the elements at the same place, as long as the shortest list."""
    rows = zip(*map(items_of, (left, right, *others)), strict=False)
    return List.own([List(row) for row in rows])


@native("interleave")
def interleave(left: object, right: object, *others: object) -> object:
    """Return the elements of the lists in turn, as long as each of them has one."""
    return list_or_nil(gathered(chain.from_iterable(zip(*map(items_of, (left, right, *others)), strict=False))))


@native("intersperse", "interpose")
def intersperse(separator: object, items: object) -> object:
    """Return a list with `separator` between each two of its elements."""
    spread = [part for item in items_of(items) for part in (separator, item)]
    return list_or_nil(spread[1:])


@native("plist-get")
def plist_get(plist: object, key: object) -> object:
    """Return the value after `key` in a list of keys and values, or nil."""
    elements = iter(items_of(plist))
    for name, value in zip(elements, elements, strict=False):
        if equal(name, key):
            return value
    return None


@native("unwrap-or")
def unwrap_or(value: object, default: object) -> object:
    """Return `value`, or `default` if that is nil or an empty list."""
    return default if value is None or (isinstance(value, List) and not value) else value
