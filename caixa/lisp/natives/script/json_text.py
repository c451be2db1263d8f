"""JSON (language.md section 7, `Data`): objects are maps in source order, and lists stay lists."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ...errors import NativeError
from ...lists import List, Vector
from ...maps import Map, Set
from ...names import Char, Keyword, Symbol
from ..registry import native
from ..strings import string_argument
from .interchange import from_plain, name_of

__all__ = ["quoted", "stringify"]

MAX_DEPTH = 1000  # of a text to be parsed: Python's parser recurses in C
_STRUCTURE = r'(?s)"(?:[^"\\]|\\.)*+"|[\[\]{}]'


@native("json-parse")
def json_parse(text: object) -> object:
    """Return what a JSON text says: objects as maps, arrays as lists, null as nil."""
    import json  # noqa: PLC0415  # not needed to start

    source = string_argument("json-parse", text)
    if _depth(source) > MAX_DEPTH:
        raise NativeError("json-parse", f"the text is nested more than {MAX_DEPTH} deep")
    try:
        return from_plain("json-parse", json.loads(source, parse_constant=_refuse))
    except ValueError as error:  # JSONDecodeError, or an integer of too many digits
        raise NativeError("json-parse", str(error)) from None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in re.findall(_STRUCTURE, text):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


@native("json-stringify", "->json")
def json_stringify(value: object) -> str:
    """Return a value as compact JSON: maps as objects, lists as arrays, names as strings, nil as null."""
    return stringify(value)


def stringify(value: object) -> str:
    """Return a value as compact JSON; what JSON has no form for becomes null."""
    return "".join(_pieces(value))


def _pieces(value: object) -> Iterator[str]:
    """Yield the text in pieces; what is open stands on a list and not on the C stack."""
    waiting: list[Iterator[object]] = [iter((value,))]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, _Punctuation):
                yield item
            elif isinstance(item, Map):
                waiting.append(_object(item))
                break
            elif isinstance(item, (List, Vector, Set)):
                waiting.append(_array(item))
                break
            else:
                yield _scalar(item)
        else:
            waiting.pop()


class _Punctuation(str):
    """Text of JSON itself among the values that are still to be written."""

    __slots__ = ()


def _array(items: List | Vector | Set) -> Iterator[object]:
    between = _Punctuation("[")
    for item in items:
        yield between
        yield item
        between = _Punctuation(",")
    yield _Punctuation("]" if items else "[]")


def _object(entries: Map) -> Iterator[object]:
    between = _Punctuation("{")
    for key, value in entries.items():
        name = name_of(key)
        yield between
        yield name if name is not None else _scalar(key)
        yield _Punctuation(":")
        yield value
        between = _Punctuation(",")
    yield _Punctuation("}" if entries else "{}")


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "null"
    if isinstance(value, (str, Symbol, Keyword, Char)):
        return quoted(value if isinstance(value, str) else value.name)
    return "null"


def _integer(value: int) -> str:
    try:
        return str(value)
    except ValueError:
        raise NativeError("json-stringify", "an integer has too many digits") from None


def quoted(text: str) -> str:
    """Return a text as a JSON string."""
    import json  # noqa: PLC0415  # not needed to start

    return json.dumps(text, ensure_ascii=False)


@native("alist-get")
def alist_get(alist: object, key: object, default: object = None) -> object:
    """Return the value under a key, compared by its name, in a list of pairs or a map, or `default`."""
    wanted = name_of(key)
    if wanted is None:
        if isinstance(alist, (List, Map)):
            raise NativeError("alist-get", "the key is not a string, symbol or keyword")
        return default
    return next((value for name, value in _named(alist) if name == wanted), default)


def _named(alist: object) -> Iterator[tuple[str | None, object]]:
    if isinstance(alist, Map):
        yield from ((name_of(key), value) for key, value in alist.items())
    elif isinstance(alist, List):
        for pair in alist:
            if isinstance(pair, List) and len(pair) == 2:
                yield name_of(pair[0]), pair[1]
