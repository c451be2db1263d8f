"""Values between Lisp and Python: the one place where they cross; without recursion.

| Lisp | Python | |
|---|---|---|
| nil, booleans, numbers, strings | themselves | |
| list | list | |
| vector | tuple | what `values` returns is a tuple too |
| map | dict | a keyword key becomes its name if that is a name, and a name comes back as a keyword |
| set | frozenset | |
| keyword, symbol, character, error, promise, channel, fiber | themselves | |
| procedure | function | see `calls` |
| foreign value | what it holds | |
| map or set with keys that Python cannot tell apart, or not hash | itself | 1, 1.0 and #t; lists |

Anything else of Python is a foreign value in Lisp. What crosses over and back is equal, but for a map with a
string that is a name as a key: it comes back as a keyword.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple

from ..compiler.support import MAX_INTEGER_BITS, MultipleValues
from ..equality import Compound
from ..errors import IntegerTooLarge, NativeError
from ..lists import List, Vector
from ..maps import Map, Set
from ..names import Keyword
from ..objects import Foreign
from ..procedures import is_lisp_function

__all__ = ["to_lisp", "to_python"]


class _Opened(NamedTuple):
    """A value with parts: these, and what makes the other side's value of the converted ones."""

    parts: list[object]
    build: Callable[[list[Any]], object]


def to_python(value: object) -> Any:
    """Return a Lisp value as Python has it."""
    return _crossed(value, _opened_lisp, _atom_to_python)


def to_lisp(value: object) -> object:
    """Return a Python value as Lisp has it. Raises NativeError if it contains itself, and IntegerTooLarge."""
    return _crossed(value, _opened_python, _atom_to_lisp)


def _crossed(
    value: object, opened: Callable[[object], _Opened | None], atom: Callable[[object], object]
) -> object:
    """Convert `value` from the inside out; what appears twice in it is converted once and shared."""
    known: dict[int, tuple[object, object]] = {}
    running: set[int] = set()
    done: list[object] = []
    work: list[tuple[object, _Opened | None]] = [(value, None)]
    while work:
        at, parted = work.pop()
        if parted is not None:
            start = len(done) - len(parted.parts)
            result = parted.build(done[start:])
            del done[start:]
            running.discard(id(at))
            known[id(at)] = (at, result)  # the original is kept, so that its id stays its own
            done.append(result)
        elif id(at) in known:
            done.append(known[id(at)][1])
        elif (parted := opened(at)) is None:
            done.append(atom(at))
        elif id(at) in running:
            raise NativeError("py", "a value that contains itself has no counterpart in Lisp")
        else:
            running.add(id(at))
            work.append((at, parted))
            work += [(part, None) for part in reversed(parted.parts)]
    return done[0]


def _flat(pairs: Iterable[tuple[object, object]]) -> list[object]:
    return [part for pair in pairs for part in pair]


# -- to Python --------------------------------------------------------------------------------------------


def _opened_lisp(value: object) -> _Opened | None:
    match value:
        case List():
            return _Opened(list(value), list)
        case Vector() | MultipleValues():
            return _Opened(list(value), tuple)
        case Map():
            return _Opened(_flat(value.items()), lambda parts: _dict_or(value, parts))
        case Set():
            return _Opened(list(value), lambda parts: _frozenset_or(value, parts))
    return None


def _dict_or(map_: Map, parts: list[Any]) -> object:
    """Return a dict, or the map itself if Python cannot have it as one."""
    keys = parts[::2]
    taken = set(keys) if all(map(_is_key, keys)) else set()
    if len(taken) < len(keys):
        return map_
    named = [key.name if isinstance(key, Keyword) and _is_name(key.name) else key for key in keys]
    keys = [key if name in taken else name for key, name in zip(keys, named, strict=True)]
    return dict(zip(keys, parts[1::2], strict=True))


def _frozenset_or(items: Set, parts: list[Any]) -> object:
    made = frozenset(parts) if all(map(_is_key, parts)) else frozenset()
    return made if len(made) == len(parts) else items


def _is_key(value: object) -> bool:
    """Whether a value can be a key in Python; a tuple only if it is flat, since hashing it recurses."""
    if type(value) is tuple:
        return all(type(part) is not tuple and _is_key(part) for part in value)
    if isinstance(value, (list, dict, frozenset, Compound)):
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _is_name(text: str) -> bool:
    return text.replace("-", "_").isidentifier()


def _atom_to_python(value: object) -> object:
    if isinstance(value, Foreign):
        return value.value
    if callable(value) and not isinstance(value, Keyword):
        from .calls import called_from_python  # noqa: PLC0415  # calls convert, so they come after this

        return called_from_python(value)
    return value


# -- to Lisp ----------------------------------------------------------------------------------------------


def _opened_python(value: object) -> _Opened | None:
    kind = type(value)
    if kind is list:
        return _Opened(value, List)  # type: ignore[arg-type]  # it is a list
    if kind is tuple:
        return _Opened(list(value), Vector)  # type: ignore[call-overload]  # it is a tuple
    if kind in (set, frozenset):
        return _Opened(list(value), Set)  # type: ignore[call-overload]  # it is a set
    if isinstance(value, dict):
        keys = [_key_to_lisp(key, value) for key in value]
        return _Opened(_flat(zip(keys, value.values(), strict=True)), _map)
    return None


def _map(parts: list[object]) -> Map:
    return Map(zip(parts[::2], parts[1::2], strict=True))


def _key_to_lisp(key: object, keys: dict[Any, Any]) -> object:
    if type(key) is str and _is_name(key):
        keyword = Keyword(key)
        return key if keyword in keys else keyword
    return key


def _atom_to_lisp(value: object) -> object:
    kind = type(value)
    if kind in (bool, str, float) or value is None or hasattr(kind, "__lisp_kind__") or _is_lisp(value):
        return value
    if isinstance(value, Enum):
        return Foreign(value, kind.__name__)
    for base in (int, float, str):  # a number of a numerical library, say
        if isinstance(value, base):
            return _integer(int(value)) if isinstance(value, int) else base(value)
    if callable(value):
        from .calls import called_from_lisp  # noqa: PLC0415  # see above

        return called_from_lisp(value)
    return Foreign(value, kind.__name__)


def _is_lisp(value: object) -> bool:
    return is_lisp_function(value) or getattr(value, "__lisp_native__", False) is True


def _integer(value: int) -> int:
    if value.bit_length() > MAX_INTEGER_BITS:
        raise IntegerTooLarge
    return value
