"""Options of natives: keywords and values after the other arguments, as in `(exec-run command :timeout 5)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...capabilities import demand_for
from ...errors import NativeError
from ...kinds import kind_of
from ...lists import List, Vector
from ...maps import Map
from ...names import Keyword
from ..strings import string_argument
from .interchange import name_of

__all__ = ["boolean", "options_of", "pairs_of", "positive", "procedure", "readable_file", "seconds", "text"]

Check = Callable[[str, object], Any]


def options_of(function: str, given: Sequence[object], known: Mapping[str, Check]) -> dict[str, Any]:
    """Return the options that were `given`, by name with `-` as `_`, each as its check returns it.

    Raises NativeError if one is not known, has no value, or comes twice. A value nil leaves the option out.
    """
    if len(given) % 2:
        raise NativeError(function, "an option has no value", fix=f"Options: {_names(known)}.")
    options: dict[str, Any] = {}
    for key, value in zip(given[::2], given[1::2], strict=True):
        name = key.name if isinstance(key, Keyword) else ""
        if name not in known:
            said = f":{name}" if name else f"a value of type {kind_of(key)}"
            raise NativeError(function, f"{said} is not an option", fix=f"Options: {_names(known)}.")
        if name in options:
            raise NativeError(function, f":{name} is given twice")
        options[name] = None if value is None else known[name](f"{function} :{name}", value)
    return {name.replace("-", "_"): value for name, value in options.items() if value is not None}


def _names(known: Mapping[str, Check]) -> str:
    return ", ".join([f":{name}" for name in known])


text: Check = string_argument


def boolean(name: str, value: object) -> bool:
    """Return a boolean option."""
    if isinstance(value, bool):
        return value
    raise NativeError(name, f"expected boolean, got {kind_of(value)}")


def seconds(name: str, value: object) -> float:
    """Return an option that is a positive number of seconds."""
    if type(value) in (int, float) and value > 0:  # type: ignore[operator]  # a number, as just seen
        return float(value)  # type: ignore[arg-type]  # likewise
    raise NativeError(name, "expected a positive number of seconds")


def positive(name: str, value: object) -> int:
    """Return an option that is a positive integer."""
    if type(value) is int and value > 0:
        return value
    raise NativeError(name, "expected a positive integer")


def procedure(name: str, value: object) -> Callable[..., object]:
    """Return an option that is a procedure."""
    if callable(value):
        return value
    raise NativeError(name, f"expected procedure, got {kind_of(value)}")


def pairs_of(name: str, value: object) -> list[tuple[str, str]]:
    """Return a map, or a list of pairs, of names and strings: headers, variables."""
    entries = list(value.items()) if isinstance(value, Map) else _listed(name, value)
    return [(_name(name, key), string_argument(name, each)) for key, each in entries]


def _listed(name: str, value: object) -> list[tuple[object, object]]:
    if value is None:
        return []
    if not isinstance(value, (List, Vector)):
        raise NativeError(name, f"expected a map or a list of pairs, got {kind_of(value)}")
    pairs = [tuple(pair) if isinstance(pair, (List, Vector)) else () for pair in value]
    if any(len(pair) != 2 for pair in pairs):
        raise NativeError(name, "each entry must be a list of a name and a string")
    return pairs  # type: ignore[return-value]  # pairs, as just seen


def _name(name: str, key: object) -> str:
    found = name_of(key)
    if found is None:
        raise NativeError(name, f"a name of type {kind_of(key)}")
    return found


def readable_file(name: str, value: object) -> str:
    """Return an option that is the path of a file which the running code may read."""
    path = string_argument(name, value)
    demand_for(name, "fs", path, "ro")
    return path
