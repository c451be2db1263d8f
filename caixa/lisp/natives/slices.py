"""Parts of sequences by place: pieces, windows, ends, and what Scheme calls by other names."""

from __future__ import annotations

from itertools import islice

from ..equality import equal, identical
from ..errors import NativeError, TypeMismatch
from ..lists import EMPTY, List, Vector
from ..maps import EMPTY_MAP, Map, Set
from ..pieces import extended, gathered
from .checks import check_length, integer_of, items_of
from .lists import car, cdr
from .registry import native

__all__: list[str] = []


def _positive(function: str, value: object) -> int:
    number = integer_of(value)
    if number < 1:
        raise NativeError(function, f"the size is {number}, and must be at least 1")
    return number


@native("take-last")
def take_last(count: object, items: object) -> List:
    """Return the last `count` elements of a list."""
    elements = items_of(items)
    return List(islice(elements, max(0, len(elements) - max(0, integer_of(count))), None))


@native("drop-last")
def drop_last(count: object, items: object) -> List:
    """Return a list without its last `count` elements."""
    elements = items_of(items)
    return List(islice(elements, max(0, len(elements) - max(0, integer_of(count)))))


@native("take-nth")
def take_nth(step: object, items: object) -> List:
    """Return the first element of a list and every `step`-th after it."""
    return List(islice(items_of(items), 0, None, _positive("take-nth", step)))


@native("split-at")
def split_at(count: object, items: object) -> List:
    """Return two lists: the first `count` elements, and the others."""
    elements, size = gathered(items_of(items)), max(0, integer_of(count))
    return List.own([List(islice(elements, size)), List(islice(elements, size, None))])


@native("partition-all", "chunks")
def partition_all(size: object, items: object) -> List:
    """Return a list in pieces of `size` elements, the last of which may be shorter."""
    elements, width = gathered(items_of(items)), _positive("partition-all", size)
    return List.own([List.own(elements[at : at + width]) for at in range(0, len(elements), width)])


@native("windows")
def windows(size: object, items: object) -> List:
    """Return each `size` elements of a list that stand side by side."""
    elements, width = gathered(items_of(items)), _positive("windows", size)
    count = max(0, len(elements) - width + 1)
    check_length("windows", count * width)
    return List.own([List.own(elements[at : at + width]) for at in range(count)])


@native("dedupe")
def dedupe(items: object) -> List:
    """Return a list without the elements that are equal to the one before them."""
    kept: list[object] = []
    for item in items_of(items):
        if not kept or not equal(kept[-1], item):
            kept.append(item)
    return List.own(kept)


@native("subvec")
def subvec(vector: object, start: object, end: object = None) -> Vector:
    """Return the elements of a vector from index `start` up to and without `end` (by default, to the last)."""
    if not isinstance(vector, Vector):
        raise TypeMismatch("vector", vector)
    first, last = integer_of(start), len(vector) if end is None else integer_of(end)
    if not 0 <= first <= last <= len(vector):
        raise NativeError("subvec", f"{first} to {last} is not within a vector of {len(vector)} elements")
    return Vector(islice(vector, first, last))


@native("vector-length")
def vector_length(vector: object) -> int:
    """Return the number of elements of a vector."""
    if not isinstance(vector, Vector):
        raise TypeMismatch("vector", vector)
    return len(vector)


@native("make-vector")
def make_vector(count: object, item: object = None) -> Vector:
    """Return a vector of `count` times `item`, by default nil."""
    check_length("make-vector", integer_of(count))
    return Vector([item] * integer_of(count))


@native("list*")
def list_star(item: object, *more: object) -> object:
    """Return a list of the arguments before the last, and then the elements of the last."""
    *leading, last = (item, *more)
    return List.own(extended(leading, items_of(last)))


@native("cadr")
def cadr(items: object) -> object:
    """Return the second element: the `car` of the `cdr`."""
    return car(cdr(items))


@native("cddr")
def cddr(items: object) -> object:
    """Return a list without its first two elements: the `cdr` of the `cdr`."""
    return cdr(cdr(items))


@native("caar")
def caar(items: object) -> object:
    """Return the first element of the first element: the `car` of the `car`."""
    return car(car(items))


@native("list-ref")
def list_ref(items: object, index: object) -> object:
    """Return the element of a list at `index`, counted from 0; unlike `nth`, there must be one."""
    elements, at = items_of(items), integer_of(index)
    if not 0 <= at < len(elements):
        raise NativeError("list-ref", f"there is no element {at} in a list of {len(elements)}")
    return next(islice(elements, at, None))


@native("list-tail")
def list_tail(items: object, count: object) -> object:
    """Return a list without its first `count` elements, of which there must be so many."""
    elements, size = items_of(items), integer_of(count)
    if not 0 <= size <= len(elements):
        raise NativeError("list-tail", f"a list of {len(elements)} has no {size} elements to leave out")
    return elements.drop(size) if isinstance(elements, List) else List(islice(elements, size, None))


@native("iota")
def iota(count: object, start: object = 0, step: object = 1) -> List:
    """Return a list of `count` integers from `start` (by default 0), each `step` (by default 1) more."""
    size, first, distance = integer_of(count), integer_of(start), integer_of(step)
    check_length("iota", size)
    return List.own([first + distance * place for place in range(size)])


@native("member")
def member(item: object, items: object) -> object:
    """Return the list from the first element that is equal to `item`, or #f if there is none."""
    elements = List(items_of(items)) if not isinstance(items, List) else items
    for place, element in enumerate(elements):
        if equal(item, element):
            return elements.drop(place)
    return False


@native("memq", "memv")
def memq(item: object, items: object) -> object:
    """Return the list from the first element that is `eq?` to `item`, or #f if there is none."""
    elements = List(items_of(items)) if not isinstance(items, List) else items
    for place, element in enumerate(elements):
        if identical(item, element):
            return elements.drop(place)
    return False


@native("assq", "assv")
def assq(key: object, pairs: object) -> object:
    """Return the first list of `pairs` whose first element is `eq?` to `key`, or #f if there is none."""
    for pair in items_of(pairs):
        if identical(car(pair), key):
            return pair
    return False


@native("delete")
def delete(item: object, items: object) -> List:
    """Return a list without the elements that are equal to `item`."""
    return List.own([element for element in items_of(items) if not equal(item, element)])


# -- any collection -----------------------------------------------------------------------------------------


@native("empty")
def empty(collection: object) -> object:
    """Return a collection of the same kind without elements; of nil, nil."""
    for kind, nothing in ((List, EMPTY), (Vector, Vector()), (Map, EMPTY_MAP), (Set, Set()), (str, "")):
        if isinstance(collection, kind):
            return nothing
    if collection is None:
        return None
    raise TypeMismatch("collection", collection)


@native("not-empty")
def not_empty(collection: object) -> object:
    """Return a list, vector, set, map or string as it is, or nil if it has nothing in it."""
    if isinstance(collection, (List, Vector, Map, Set, str)):
        return collection if len(collection) else None
    if collection is None:
        return None
    raise TypeMismatch("collection", collection)


@native("into")
def into(collection: object, items: object) -> object:
    """Add each element to a collection as `conj` does; to a map, entries or pairs."""
    elements = items.items() if isinstance(items, Map) else items_of(items)
    if isinstance(collection, Map):
        return collection.merge(Map(_pair(element) for element in elements))
    added = [List(element) if isinstance(element, tuple) else element for element in elements]
    if isinstance(collection, Vector):
        return Vector(extended(gathered(collection), added))
    if isinstance(collection, Set):
        return collection.union(Set(added))
    if collection is None or isinstance(collection, List):
        return List.own(extended(added[::-1], collection or ()))
    raise TypeMismatch("collection", collection)


def _pair(value: object) -> tuple[object, object]:
    parts = value if isinstance(value, tuple) else tuple(items_of(value))
    if len(parts) != 2:
        raise NativeError("into", f"a map takes pairs, not {len(parts)} elements")
    return parts
