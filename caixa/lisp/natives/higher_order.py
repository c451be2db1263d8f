"""Functions that call functions (language.md section 5.2).

Each calls back from Python code, never from C (`sorted`, `functools.reduce`), so that recursion through
them costs no C stack; and truth is Lisp's: only nil and #f are false.
"""

from __future__ import annotations

from collections.abc import Callable

from ..calling import call_with
from ..compiler.tailcalls import Bounce, set_tail
from ..equality import equal, key_of
from ..errors import NativeError, TypeMismatch
from ..lists import List, Vector
from ..pieces import extended, gathered, kinds_of, pieces_of
from .checks import items_of
from .numbers import bounded, plus
from .registry import native

__all__ = ["foldl"]

Function = Callable[..., object]


def _is_true(value: object) -> bool:
    return value is not None and value is not False


@native("apply")
def apply(function: Function, arguments: object, *more: object) -> object:
    """Call `function` with the arguments between and then the elements of the list that comes last."""
    return call_with(function, _applied(arguments, more))


def _applied(arguments: object, more: tuple[object, ...]) -> list[object]:
    """Return the arguments of a call of `apply`, its function left out."""
    *leading, last = (arguments, *more)
    return [*leading, *items_of(last, "list (last arg of apply)")]


def _asks(function: Function, arguments: object, *more: object) -> object:
    applied = _applied(arguments, more)
    return Bounce(function, *applied) if callable(function) else call_with(function, applied)


set_tail(apply, _asks)


@native("map")
def map_lists(function: Function, items: object, *others: object) -> List:
    """Return what `function` gives for each element, or for those of several lists in parallel."""
    if not others:
        return List.own([function(item) for item in items_of(items)])
    rows = zip(items_of(items), *map(items_of, others), strict=False)
    return List.own([function(*row) for row in rows])


@native("filter")
def filter_items(predicate: Function, items: object) -> List:
    """Return the elements for which `predicate` holds."""
    kept = [item for item in items_of(items) if (result := predicate(item)) is not False and result is not None]
    return List.own(kept)


@native("remove")
def remove(predicate: Function, items: object) -> List:
    """Return the elements for which `predicate` does not hold."""
    return List.own([item for item in items_of(items) if not _is_true(predicate(item))])


@native("mapcat", "append-map")
def mapcat(function: Function, items: object) -> List:
    """Return the elements of all the lists that `function` gives, one after another."""
    joined: list[object] = []
    for item in items_of(items):
        extended(joined, items_of(function(item)))
    return List.own(joined)


@native("map-indexed")
def map_indexed(function: Function, items: object) -> List:
    """Return what `function` gives for the index and the element of each place."""
    return List.own([function(index, item) for index, item in enumerate(items_of(items))])


@native("mapv", "vector-map")
def mapv(function: Function, items: object, *others: object) -> Vector:
    """Return a vector of what `function` gives for each element, or for those of several lists."""
    return Vector(map_lists(function, items, *others))


@native("keep", "filter-map")
def keep(function: Function, items: object) -> List:
    """Return what `function` gives for each element, without what is nil or #f."""
    results = [function(item) for item in items_of(items)]
    return List.own([result for result in results if result is not None and result is not False])


@native("for-each")
def for_each(function: Function, items: object) -> None:
    """Call `function` with each element."""
    for item in items_of(items):
        function(item)


@native("foldl", "fold-left")
def foldl(function: Function, accumulator: object, items: object) -> object:
    """Combine the elements from the left: `(f acc x)`."""
    elements = items_of(items)
    if function is plus and type(accumulator) is int and kinds_of(elements) <= {int}:
        return bounded(accumulator + sum(map(sum, pieces_of(elements))))  # type: ignore[arg-type]  # integers
    for item in elements:
        accumulator = function(accumulator, item)
    return accumulator


@native("foldr", "fold-right")
def foldr(function: Function, accumulator: object, items: object) -> object:
    """Combine the elements from the right: `(f x acc)`."""
    elements = items_of(items)
    for item in reversed(elements) if isinstance(elements, List) else reversed(gathered(elements)):
        accumulator = function(item, accumulator)
    return accumulator


@native("reduce", params="(function &optional init items)")
def reduce(function: Function, first: object, *rest: object) -> object:
    """Combine the elements from the left, starting with `init` or else with the first of them."""
    if len(rest) > 1:
        raise TypeError(f"reduce() takes from 2 to 3 positional arguments but {2 + len(rest)} were given")
    if rest:
        return foldl(function, first, rest[0])
    elements = iter(items_of(first))
    for item in elements:
        return foldl(function, item, List(elements))
    raise NativeError("reduce", "no init and empty list")


@native("scan-left")
def scan_left(function: Function, accumulator: object, items: object) -> List:
    """Return all that `foldl` comes by, `accumulator` included."""
    passed = [accumulator]
    for item in items_of(items):
        accumulator = function(accumulator, item)
        passed.append(accumulator)
    return List.own(passed)


@native("find")
def find(predicate: Function, items: object) -> object:
    """Return the first element for which `predicate` holds, or nil."""
    for item in items_of(items):
        if _is_true(predicate(item)):
            return item
    return None


@native("find-index")
def find_index(predicate: Function, items: object) -> int:
    """Return the index of the first element for which `predicate` holds, or -1."""
    for index, item in enumerate(items_of(items)):
        if _is_true(predicate(item)):
            return index
    return -1


@native("some")
def some(function: Function, items: object) -> object:
    """Return the first result of `function` that is true, or nil."""
    for item in items_of(items):
        result = function(item)
        if _is_true(result):
            return result
    return None


@native("any?")
def is_any(predicate: Function, items: object) -> bool:
    """Return whether `predicate` holds for an element."""
    return _is_true(some(predicate, items))


@native("every?")
def is_every(predicate: Function, items: object) -> bool:
    """Return whether `predicate` holds for all elements."""
    for item in items_of(items):  # noqa: SIM110  # `all` would call back from C
        if not _is_true(predicate(item)):
            return False
    return True


@native("none?")
def is_none(predicate: Function, items: object) -> bool:
    """Return whether `predicate` holds for no element."""
    return not is_any(predicate, items)


@native("count-if")
def count_if(predicate: Function, items: object) -> int:
    """Return for how many elements `predicate` holds."""
    return len(filter_items(predicate, items))


@native("take-while")
def take_while(predicate: Function, items: object) -> List:
    """Return the elements before the first for which `predicate` does not hold."""
    taken: list[object] = []
    for item in items_of(items):
        if not _is_true(predicate(item)):
            break
        taken.append(item)
    return List.own(taken)


@native("drop-while")
def drop_while(predicate: Function, items: object) -> List:
    """Return the elements from the first for which `predicate` does not hold."""
    elements = List(items_of(items))
    while elements and _is_true(predicate(elements.head)):
        elements = elements.tail
    return elements


@native("partition")
def partition(predicate: Function, items: object) -> List:
    """Return two lists: the elements for which `predicate` holds, and the others."""
    matching: list[object] = []
    others: list[object] = []
    for item in items_of(items):
        (matching if _is_true(predicate(item)) else others).append(item)
    return List.own([List.own(matching), List.own(others)])


@native("partition-by")
def partition_by(function: Function, items: object) -> List:
    """Return a list in pieces, a new one wherever `function` gives something else than before."""
    pieces: list[list[object]] = []
    before: object = None
    for item in items_of(items):
        result = function(item)
        if pieces and equal(result, before):
            pieces[-1].append(item)
        else:
            pieces.append([item])
        before = result
    return List.own([List.own(piece) for piece in pieces])


@native("distinct-by")
def distinct_by(function: Function, items: object) -> List:
    """Return a list without the elements for which `function` gives what it gave before."""
    known: dict[object, object] = {}
    for item in items_of(items):
        known.setdefault(key_of(function(item)), item)
    return List(known.values())


@native("group-by")
def group_by(function: Function, items: object) -> List:
    """Return a list of `(key elements)` in order of appearance; `function` gives the key of an element."""
    groups: dict[object, tuple[object, list[object]]] = {}
    for item in items_of(items):
        key = function(item)
        groups.setdefault(key_of(key), (key, []))[1].append(item)
    return List.own([List.own([key, List.own(members)]) for key, members in groups.values()])


@native("max-by")
def max_by(function: Function, items: object) -> object:
    """Return the first element for which `function` gives the greatest number."""
    return _extreme(function, items, lambda new, best: new > best)


@native("min-by")
def min_by(function: Function, items: object) -> object:
    """Return the first element for which `function` gives the least number."""
    return _extreme(function, items, lambda new, best: new < best)


def _extreme(function: Function, items: object, is_better: Callable[[float, float], bool]) -> object:
    elements = iter(items_of(items))
    for chosen in elements:
        best = _number(function(chosen))
        for item in elements:
            measure = _number(function(item))
            if is_better(measure, best):
                chosen, best = item, measure  # noqa: PLW2901  # the outer loop runs once
        return chosen
    raise NativeError("car", "car of empty list")


def _number(value: object) -> float:
    if isinstance(value, (int, float)) and type(value) is not bool:
        return value
    raise TypeMismatch("number", value)


@native("force")
def force(promise: object) -> object:
    """Return the value of a promise, running it if needed; anything else as it is."""
    run = getattr(promise, "force", None)
    return promise if run is None else run()
