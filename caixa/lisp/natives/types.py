"""Types at run time: what a specification like `:int` or `(:list-of :int)` admits (language.md section 4.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..errors import NativeError, Thrown
from ..kinds import type_of
from ..lists import List, Vector
from ..maps import Map
from ..names import Keyword, Symbol
from ..objects import ErrorValue
from ..printer import write, write_short
from .registry import native

__all__ = ["conforms"]

_WIDER: Mapping[str, frozenset[str]] = {
    "number": frozenset({"int", "float"}),
    "list": frozenset({"list", "nil"}),
}
_QUOTE = Symbol("quote")


def conforms(value: object, specification: object) -> bool:
    """Return whether `value` is of the type that `specification`, a keyword or a list, describes.

    An unknown keyword admits nothing; a malformed specification raises NativeError of `type-check`.
    """
    if isinstance(specification, Keyword):
        kind, name = type_of(value), specification.name
        return name in ("any", kind) or kind in _WIDER.get(name, ())
    head, *rest = _parts(specification)
    if head is _QUOTE and len(rest) == 1:  # as in (the '(:list-of :int) …) written inside a quoted form
        return conforms(value, rest[0])
    check = _CONSTRUCTORS.get(head.name) if isinstance(head, Keyword) else None
    if check is None:
        raise _malformed(specification)
    return check(value, rest, specification)


def _parts(specification: object) -> list[object]:
    if isinstance(specification, (List, Vector)) and specification:
        return list(specification)
    raise _malformed(specification)


def _malformed(specification: object) -> NativeError:
    known = "Write a keyword such as `:int`, or `(:list-of T)`, `(:map-of K V)`, `(:union T …)`, `(:fn …)`."
    return NativeError("type-check", f"{write_short(specification)} is not a type", fix=known)


def _list_of(value: object, parameters: list[object], specification: object) -> bool:
    if len(parameters) != 1:
        raise _malformed(specification)
    if not isinstance(value, List):
        return value is None
    for item in value:  # noqa: SIM110  # `all` would recurse on the C stack
        if not conforms(item, parameters[0]):
            return False
    return True


def _map_of(value: object, parameters: list[object], specification: object) -> bool:
    if len(parameters) != 2:
        raise _malformed(specification)
    if not isinstance(value, Map):
        return False
    for key, item in value.items():  # noqa: SIM110  # likewise
        if not (conforms(key, parameters[0]) and conforms(item, parameters[1])):
            return False
    return True


def _union(value: object, parameters: list[object], _: object) -> bool:
    for parameter in parameters:  # noqa: SIM110  # likewise
        if conforms(value, parameter):
            return True
    return False


def _function(value: object, _parameters: list[object], _: object) -> bool:
    return type_of(value) == "procedure"


_CONSTRUCTORS: Mapping[str, Callable[[object, list[object], object], bool]] = {
    "list-of": _list_of,
    "map-of": _map_of,
    "union": _union,
    "fn": _function,
}


@native("type-of")
def type_of_value(value: object) -> Keyword:
    """Return the type of a value as a keyword."""
    return Keyword(type_of(value))


@native("is?")
def is_of_type(value: object, type_: object) -> bool:
    """Return whether a value is of a type."""
    return conforms(value, type_)


@native("the")
def the(type_: object, value: object) -> object:
    """Return `value` if it is of the type; else throw an error with the tag `:type-mismatch`."""
    if conforms(value, type_):
        return value
    got = type_of_value(value)
    data = ((Keyword("expected"), type_), (Keyword("got"), got))
    raise Thrown(ErrorValue(Keyword("type-mismatch"), f"expected {write(type_)}, got {write(got)}", data))
