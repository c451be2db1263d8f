"""Between Lisp values and the plain data of JSON, YAML and TOML, without recursion.

An object is a map in source order, an array a list (decision `json-*`). What is shared stays shared, and
data that contains itself, as YAML can write it, is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import NativeError
from ...lists import EMPTY, List
from ...maps import EMPTY_MAP, Map
from ...names import Keyword, Symbol

__all__ = ["from_plain", "name_of"]


def name_of(value: object) -> str | None:
    """Return the text of a string, symbol or keyword, else None."""
    if isinstance(value, (Symbol, Keyword)):
        return value.name
    return value if isinstance(value, str) else None


def from_plain(function: str, data: Any) -> object:
    """Return plain data as Lisp values; raises NativeError of `function` if it contains itself."""
    done: dict[int, object] = {}
    work: list[tuple[Any, bool]] = [(data, False)]
    opened: set[int] = set()
    while work:
        item, ready = work.pop()
        if not isinstance(item, (dict, list)) or id(item) in done:
            continue
        if ready:
            done[id(item)] = _assembled(item, done)
        elif id(item) in opened:
            raise NativeError(function, "the data contains itself")
        else:
            opened.add(id(item))
            work.append((item, True))
            work += [(part, False) for part in _parts(item) if isinstance(part, (dict, list))]
    return _finished(data, done)


def _parts(item: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return item.values() if isinstance(item, dict) else item


def _assembled(item: dict[Any, Any] | list[Any], done: dict[int, object]) -> object:
    if isinstance(item, dict):
        return Map(_entries(item, done)) if item else EMPTY_MAP
    return List([_finished(part, done) for part in item]) if item else EMPTY


def _entries(item: dict[Any, Any], done: dict[int, object]) -> Iterator[tuple[object, object]]:
    for key, value in item.items():
        yield (key if isinstance(key, str) else _scalar_text(key)), _finished(value, done)


def _finished(item: Any, done: dict[int, object]) -> object:
    if isinstance(item, (dict, list)):
        return done[id(item)]
    return item if item is None or isinstance(item, (bool, int, float, str)) else _scalar_text(item)


def _scalar_text(value: Any) -> str:
    """Return a key or scalar that Lisp has no kind for (a date, say) as the formats write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    moment = getattr(value, "isoformat", None)
    return str(moment()) if moment else str(value)
