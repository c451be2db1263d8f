"""YAML and TOML (language.md section 7, `Data`); mappings are maps in source order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from ...errors import NativeError
from ...kinds import kind_of
from ...lists import List, Vector
from ...maps import Map
from ...names import Keyword, Symbol
from ..registry import native
from ..strings import string_argument
from .files import read_file
from .interchange import from_plain, name_of
from .json_text import quoted

__all__: list[str] = []

_BARE_KEY = r"[A-Za-z0-9_-]+"


def _parse_yaml(function: str, text: str) -> object:
    import yaml  # noqa: PLC0415  # not needed to start

    try:
        return from_plain(function, yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError) as error:
        raise NativeError(function, " ".join(str(error).split())) from None


def _parse_toml(function: str, text: str) -> object:
    import tomllib  # noqa: PLC0415  # not needed to start

    try:
        return from_plain(function, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise NativeError(function, str(error)) from None


@native("yaml-parse")
def yaml_parse(text: object) -> object:
    """Return what a YAML document says."""
    return _parse_yaml("yaml-parse", string_argument("yaml-parse", text))


@native("yaml-read")
def yaml_read(path: object) -> object:
    """Return what a YAML file says."""
    return _parse_yaml("yaml-read", str(read_file(path)))


@native("toml-parse")
def toml_parse(text: object) -> object:
    """Return what a TOML document says."""
    return _parse_toml("toml-parse", string_argument("toml-parse", text))


@native("toml-read")
def toml_read(path: object) -> object:
    """Return what a TOML file says."""
    return _parse_toml("toml-read", str(read_file(path)))


@native("toml-stringify")
def toml_stringify(value: object) -> str:
    """Return a map, or a list of pairs, as a TOML document; entries that are nil are left out."""
    table = _table(value)
    if table is None:
        raise NativeError("toml-stringify", "TOML requires a table at the root", fix="Give a map.")
    lines: list[str] = []
    waiting: list[tuple[str, tuple[str, ...], Map]] = [("", (), table)]
    while waiting:
        header, path, at = waiting.pop()
        if header:
            lines += ["", header] if lines else [header]
        inner = list(_write_table(at, path, lines))
        waiting += reversed(inner)
    return "\n".join(lines) + "\n" if lines else ""


def _write_table(
    table: Map, path: tuple[str, ...], lines: list[str]
) -> Iterator[tuple[str, tuple[str, ...], Map]]:
    """Add the plain entries of a table to `lines`, and yield the tables in it."""
    for name, value in _entries(table):
        inner, tables = _table(value), _tables(value)
        deeper = (*path, name)
        dotted = ".".join(map(_key, deeper))
        if inner is not None:
            yield f"[{dotted}]", deeper, inner
        elif tables:
            yield from ((f"[[{dotted}]]", deeper, each) for each in tables)
        elif value is not None:
            lines.append(f"{_key(name)} = {_inline(value)}")


def _entries(table: Map) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        name = name_of(key)
        if name is None:
            raise NativeError("toml-stringify", f"a key of type {kind_of(key)}", fix="Use strings as keys.")
        yield name, value


def _table(value: object) -> Map | None:
    """Return a map, or a list of pairs as one, else None."""
    if isinstance(value, Map):
        return value
    if isinstance(value, List) and value and all(_is_pair(item) for item in value):
        return Map(tuple(item) for item in value)  # type: ignore[arg-type, misc]  # pairs, as just seen
    return None


def _is_pair(item: object) -> bool:
    return isinstance(item, List) and len(item) == 2 and name_of(item[0]) is not None


def _tables(value: object) -> Sequence[Map]:
    """Return the tables of a list that holds nothing else."""
    items = [_table(item) for item in value] if isinstance(value, (List, Vector)) else []
    tables = [item for item in items if item is not None]
    return tables if len(tables) == len(items) else ()


def _key(name: str) -> str:
    return name if re.fullmatch(_BARE_KEY, name) else quoted(name)


def _inline(value: object) -> str:
    if isinstance(value, (List, Vector)):
        return f"[{', '.join([_inline(item) for item in value])}]"
    table = _table(value)
    if table is not None:
        inner = ", ".join(
            [f"{_key(name)} = {_inline(item)}" for name, item in _entries(table) if item is not None]
        )
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, (int, str, Symbol, Keyword)):
        return str(value) if isinstance(value, int) else quoted(str(name_of(value)))
    raise NativeError("toml-stringify", f"TOML has no form for a value of type {kind_of(value)}")
