"""The functions that compiled code calls under names no program can spell: construction, templates, parameters.

They stand behind the globals of every namespace, beside the natives, so that calling one costs what calling any
global does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from ..data import Origins
from ..errors import ArityMismatch, IntegerTooLarge, LispError, NativeError, TypeMismatch
from ..lists import list_view
from ..parameters import parameterize
from ..values import EMPTY, ErrorValue, Keyword, List, Map, Promise, Set, Symbol, Vector
from . import tailcalls
from .arithmetic import OPERATORS
from .fusing import FUSED
from .naming import native_name, support_name
from .shortcuts import SHORTCUTS

__all__ = ["MISSING", "MultipleValues", "Templates", "support_table"]

MAX_INTEGER_BITS = 10_000_000


class _Missing:
    """What stands for an argument that was left out."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


class MultipleValues(tuple[object, ...]):
    """What `values` returns unless it is given exactly one."""

    __slots__ = ()


# -- construction -----------------------------------------------------------------------------------------


def make_list(*items: object) -> List:
    """Return a list of `items`."""
    return List(items)


def make_rest(items: tuple[object, ...]) -> List:
    """Return the list that a rest parameter is bound to."""
    return List(items) if items else EMPTY


def make_vector(*items: object) -> Vector:
    """Return a vector of `items`."""
    return Vector(items)


def make_set(*members: object) -> Set:
    """Return a set of `members`."""
    return Set(members)


def make_map(*parts: object) -> Map:
    """Return a map of keys and values in turn."""
    return Map(zip(parts[::2], parts[1::2], strict=True))


def truth(value: object) -> bool:
    """Return whether `value` counts as true: whether it is neither nil nor false."""
    return value is not None and value is not False


def bounded(number: float) -> float:
    """Return `number` unless it is an integer that is too large."""
    if isinstance(number, int) and number.bit_length() > MAX_INTEGER_BITS:
        raise IntegerTooLarge
    return number


# -- templates --------------------------------------------------------------------------------------------


class Templates:
    """Builds what templates stand for; during the expansion of a macro, its maps are let through as code."""

    def __init__(self, fresh_symbol: Callable[[object], object]) -> None:
        """Take symbols for `x#` from `fresh_symbol`."""
        self.origins: Origins | None = None
        self._fresh_symbol = fresh_symbol

    def map(self, *parts: object) -> Map:
        """Return a map of keys and values in turn."""
        made = make_map(*parts)
        if self.origins is not None:
            self.origins.admit(made)
        return made

    def spliced_map(self, *segments: object) -> Map:
        """Return a map of the keys and values in the lists `segments`."""
        parts = _joined(segments)
        if len(parts) % 2:
            raise NativeError("quasiquote", "a map has a value for each key")
        return self.map(*parts)

    def fresh_symbol(self, name: str) -> object:
        """Return a symbol that nothing else is called, for `name#`."""
        return self._fresh_symbol(Symbol(name))


def _joined(segments: tuple[object, ...]) -> list[object]:
    items: list[object] = []
    for segment in segments:
        if isinstance(segment, (List, Vector)):
            items += segment
        elif segment is not None:
            raise TypeMismatch("list", segment)
    return items


def spliced_list(*segments: object) -> List | None:
    """Return the elements of `segments` as one list, nil if there are none."""
    items = _joined(segments)
    return List(items) if items else None


def spliced_vector(*segments: object) -> Vector:
    """Return the elements of `segments` as one vector."""
    return Vector(_joined(segments))


def spliced_set(*segments: object) -> Set:
    """Return the elements of `segments` as one set."""
    return Set(_joined(segments))


# -- parameters and patterns ------------------------------------------------------------------------------


def check_keys(rest: List, names: tuple[str, ...]) -> None:
    """Raise if `rest` is not keywords out of `names`, each once, and a value after each."""
    items = list(rest)
    seen: set[str] = set()
    for key in items[::2]:
        if not isinstance(key, Keyword) or key.name not in names:
            shown = f":{key.name}" if isinstance(key, Keyword) else "a value that is no keyword"
            known = ", ".join(f":{name}" for name in names)
            raise ArityMismatch("&key", f"does not take {shown}; it takes {known}")
        if key.name in seen:
            raise ArityMismatch("&key", f"got :{key.name} twice")
        seen.add(key.name)
    if len(items) % 2:
        raise ArityMismatch("&key", "got a keyword without a value")


def key_value(rest: List, key: Keyword) -> object:
    """Return the value after `key`, or nil."""
    items = list(rest)
    return next((value for name, value in zip(items[::2], items[1::2], strict=True) if name is key), None)


def has_key(rest: List, key: Keyword) -> bool:
    """Return whether `key` was given."""
    return any(name is key for name in list(rest)[::2])


def destructure(value: object, count: int, takes_rest: bool) -> list[object]:  # noqa: FBT001  # compiled code has no keywords
    """Return the `count` elements of a list or vector, and the list of what is left if that is taken."""
    if not isinstance(value, (List, Vector)) and value is not None:
        raise TypeMismatch("list", value)
    items = [] if value is None else list(value)
    if len(items) < count or (len(items) > count and not takes_rest):
        wanted = f"at least {count}" if takes_rest else str(count)
        raise NativeError("let", f"the pattern takes {wanted} elements, the list has {len(items)}")
    return [*items[:count], List(items[count:])] if takes_rest else items


def item(items: list[object], index: int) -> object:
    """Return one of the elements that `destructure` took."""
    return items[index]


def values_list(value: object) -> List:
    """Return the values that an expression gave, as a list."""
    return List(value if isinstance(value, MultipleValues) else (value,))


# -- errors -----------------------------------------------------------------------------------------------


def raise_error(error: LispError) -> NoReturn:
    """Raise an error that expansion met inside `try`."""
    raise error.with_traceback(None)


def has_tag(value: object, tag: str) -> bool:
    """Return whether a caught value is an error with this tag."""
    return isinstance(value, ErrorValue) and value.tag.name == tag


def support_table() -> dict[str, object]:
    """Return what compiled code needs that is the same for every interpreter, under its own names."""
    from ..natives.checks import items_of  # noqa: PLC0415  # the natives load after the compiler
    from ..natives.registry import NATIVES  # noqa: PLC0415  # likewise

    table: dict[str, object] = {
        "list": make_list, "vector": make_vector, "map": make_map, "set": make_set, "rest": make_rest,
        "bounded": bounded, "int": int, "float": float, "str": str, "list_view": list_view,
        "List": List, "Map": Map, "Vector": Vector,
        "frame": dict, "frame_has": dict.__contains__, "frame_get": dict.__getitem__,
        "frame_set": dict.__setitem__,
        "truth": truth, "own": List.own, "items": items_of,
        "spliced_list": spliced_list, "spliced_vector": spliced_vector, "spliced_set": spliced_set,
        "missing": MISSING, "Exception": Exception,
        "check_keys": check_keys, "key_value": key_value, "has_key": has_key, "destructure": destructure,
        "item": item,
        "values_list": values_list, "raise": raise_error, "has_tag": has_tag, "delay": Promise,
        "parameterize": parameterize, **tailcalls.SUPPORT,
    }  # fmt: skip
    table.update({name: NATIVES[name] for name in OPERATORS if name in NATIVES})
    compared = {native_name(name): NATIVES[name] for name in (*SHORTCUTS, *FUSED) if name in NATIVES}
    return {support_name(name): value for name, value in table.items()} | compared
