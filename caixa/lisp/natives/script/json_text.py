"""JSON (language.md section 7, `Data`): objects are maps in source order, and lists stay lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any, Final

from ...errors import NativeError
from ...lists import EMPTY, List, Vector
from ...maps import EMPTY_MAP, Map, Set
from ...names import Char, Keyword, Symbol
from ..registry import native
from ..strings import string_argument
from .interchange import name_of

__all__ = ["parse_json", "stringify"]

MAX_DEPTH: Final = 1000  # of a text to be parsed: Python's parser recurses in C
_STEPS: Final = {ord("["): 1, ord("]"): -1}
_ROUNDS: Final = 20  # of taking innermost brackets away, which leave nothing of a usual text
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(code for code in range(128) if code not in b"[]{}")


@native("json-parse")
def json_parse(text: object) -> object:
    """Return what a JSON text says: objects as maps, arrays as lists, null as nil."""
    return parse_json("json-parse", string_argument("json-parse", text))


def parse_json(function: str, text: str) -> object:
    """Return what a JSON text says, as `function` asks for it. Raises NativeError with the position."""
    import json  # noqa: PLC0415  # not needed to start

    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise NativeError(function, f"the text is nested more than {MAX_DEPTH} deep")
    try:
        return _value(json.loads(text, object_hook=_object, parse_constant=_refuse))
    except json.JSONDecodeError as error:
        raise NativeError(
            function, str(error), fix="Is it JSON, and all of it?", line=error.lineno, column=error.colno
        ) from error
    except ValueError as error:  # an integer of too many digits
        raise NativeError(function, str(error)) from error


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _depth(text: str) -> int:
    """Return how deep the brackets of a text are nested, those in strings not counted."""
    bare = text.replace("\\\\", "").replace('\\"', "") if "\\" in text else text
    outside = "".join(bare.split('"')[::2]).encode("ascii", "ignore")
    brackets = outside.translate(_ONE_KIND, _NO_BRACKETS)
    closed = 0
    while closed < _ROUNDS and (fewer := brackets.replace(b"[]", b"")) != brackets:
        brackets, closed = fewer, closed + 1
    return closed + max(accumulate([_STEPS[bracket] for bracket in brackets]), default=0)


def _object(entries: dict[Any, Any]) -> Map:
    """Return an object as a map; the parser has called this for the objects in it before."""
    if not entries:
        return EMPTY_MAP
    for key, value in entries.items():
        if type(value) is list:
            entries[key] = _array(value)
    return Map.own(entries)


def _array(items: list[Any]) -> List:
    if list in map(type, items):
        items = [_array(item) if type(item) is list else item for item in items]
    return List.own(items) if items else EMPTY


def _value(data: Any) -> object:
    return _array(data) if type(data) is list else data


# -- writing ----------------------------------------------------------------------------------------------


@native("json-stringify", "->json")
def json_stringify(value: object) -> str:
    """Return a value as compact JSON: maps as objects, lists as arrays, names as strings, nil as null."""
    return stringify(value)


def stringify(value: object) -> str:
    """Return a value as compact JSON; what JSON has no form for becomes null."""
    from json.encoder import encode_basestring  # noqa: PLC0415  # not needed to start

    text = _by_library(value)
    return _Writer(encode_basestring).text(value) if text is None else text


class _NotForLibrary(Exception):
    """The value is nested so deep that the library, which recurses in C, must not have it."""


def _by_library(value: object) -> str | None:
    """Return a value as Python's own encoder writes it, None if it cannot: infinities, odd keys, depth."""
    from json import encoder  # noqa: PLC0415  # see above

    opened: dict[int, object] = {}  # where the encoder keeps what it is in the middle of

    def plain(item: object) -> object:
        if len(opened) > MAX_DEPTH:
            raise _NotForLibrary
        if isinstance(item, Map):
            return item.as_dict()
        if isinstance(item, (List, Vector, Set)):
            return list(item)
        return item.name if isinstance(item, (Symbol, Keyword, Char)) else None

    make: Any = getattr(encoder, "c_make_encoder", None)  # a Python without C has none
    if make is None:
        return None
    encode = make(opened, plain, encoder.encode_basestring, None, ":", ",", False, False, False)  # noqa: FBT003  # by position only
    try:
        return "".join(encode(value, 0))
    except (TypeError, ValueError, RecursionError, _NotForLibrary):
        return None


class _Writer:
    """Writes values; what is open stands on a list and not on the C stack."""

    __slots__ = ("_quoted", "_scalars")

    def __init__(self, quoted: Callable[[str], str]) -> None:
        """Write strings as `quoted` does."""
        self._quoted = quoted
        self._scalars: dict[type, Callable[[Any], str]] = {
            str: quoted,
            int: _integer,
            float: _float,
            bool: lambda value: "true" if value else "false",
            type(None): lambda _: "null",
            **dict.fromkeys((Symbol, Keyword, Char), lambda value: quoted(value.name)),
        }

    def text(self, value: object) -> str:
        """Return the text of `value`."""
        scalars, parts = self._scalars, list[str]()
        put = parts.append
        opened: list[tuple[Iterator[tuple[str, object]], str]] = [(iter((("", value),)), "")]
        while opened:
            entries, close = opened[-1]
            for before, item in entries:
                scalar = scalars.get(type(item))
                if scalar is not None:
                    put(before + scalar(item))
                    continue
                put(before)
                inner = self._opened(item)
                if inner is not None:
                    put(inner[2])
                    opened.append(inner[:2])
                    break
                put("null")
            else:
                put(close)
                opened.pop()
        return "".join(parts)

    def _opened(self, value: object) -> tuple[Iterator[tuple[str, object]], str, str] | None:
        """Return what is in a compound value, each after the text before it, and the brackets around it."""
        if isinstance(value, Map):
            return self._entries(value), "}", "{"
        if isinstance(value, (List, Vector, Set)):
            return _elements(value), "]", "["
        return None

    def _entries(self, entries: Map) -> Iterator[tuple[str, object]]:
        quoted, comma = self._quoted, ""
        for key, value in entries.items():
            name = key if type(key) is str else name_of(key)
            yield f"{comma}{quoted(self._scalar_text(key) if name is None else name)}:", value
            comma = ","

    def _scalar_text(self, key: object) -> str:
        scalar = self._scalars.get(type(key))
        return "null" if scalar is None else scalar(key)


def _elements(items: Iterable[object]) -> Iterator[tuple[str, object]]:
    comma = ""
    for item in items:
        yield comma, item
        comma = ","


def _integer(value: int) -> str:
    try:
        return str(value)
    except ValueError:
        raise NativeError("json-stringify", "an integer has too many digits") from None


def _float(value: float) -> str:
    return repr(value) if math.isfinite(value) else "null"


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
