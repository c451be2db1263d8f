"""Between Lisp values and the plain data of YAML and TOML.

An object is a map in source order, an array a list (decision `json-*`). What is shared stays shared, and
data that contains itself, as YAML can write it, is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import NativeError
from ...kinds import kind_of
from ...lists import EMPTY, List, Vector
from ...maps import EMPTY_MAP, Map, Set
from ...names import Char, Keyword, Symbol

__all__ = ["MAX_DEPTH", "as_table", "from_plain", "name_of", "to_plain"]

MAX_DEPTH = 1000  # of a document: the libraries recurse


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


# -- from Lisp --------------------------------------------------------------------------------------------


def to_plain(
    function: str, value: object, *, pairs_are_tables: bool = False, keep_nil: bool = True, depth: int = 0
) -> Any:
    """Return a value as plain data: maps as dicts, sequences and sets as lists, names as their text.

    With `pairs_are_tables` a list of pairs is a dict too; without `keep_nil` entries that are nil are left out.
    Raises NativeError of `function` for what is no data, and for data more than 1000 deep.
    """
    if depth > MAX_DEPTH:
        raise NativeError(function, f"the value is nested more than {MAX_DEPTH} deep")

    def inner(part: object) -> Any:
        return to_plain(function, part, pairs_are_tables=pairs_are_tables, keep_nil=keep_nil, depth=depth + 1)

    table = value if isinstance(value, Map) else as_table(value) if pairs_are_tables else None
    if table is not None:
        return {_key(function, key): inner(each) for key, each in table.items() if keep_nil or each is not None}
    if isinstance(value, (List, Vector, Set)):
        return [inner(each) for each in value]
    if isinstance(value, (Symbol, Keyword, Char)):
        return value.name
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise NativeError(function, f"there is no form for a value of type {kind_of(value)}")


def _key(function: str, key: object) -> str:
    name = name_of(key)
    if name is None:
        raise NativeError(function, f"a key of type {kind_of(key)}", fix="Use strings as keys.")
    return name


def as_table(value: object) -> Map | None:
    """Return a map, or a list of pairs of a name and a value as one, else None."""
    if isinstance(value, Map):
        return value
    if isinstance(value, List) and value and all(_is_pair(item) for item in value):
        return Map(tuple(item) for item in value)  # type: ignore[arg-type, misc]  # pairs, as just seen
    return None


def _is_pair(item: object) -> bool:
    return isinstance(item, List) and len(item) == 2 and name_of(item[0]) is not None
