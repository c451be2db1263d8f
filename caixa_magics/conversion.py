"""Values between Lisp and Python: the one place where they cross.

| Lisp | Python | |
|---|---|---|
| nil, booleans, numbers, strings | themselves | |
| list | list | a tuple comes back as a vector |
| vector | tuple | |
| map | dict | a keyword key becomes its name, and a name comes back as a keyword |
| set | frozenset | |
| keyword, symbol, character | themselves | |
| procedure | function | its arguments and result are converted at each call |
| anything else | itself, in Lisp as a foreign value | |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any, Final

from caixa.lisp.fibers.channel import Channel
from caixa.lisp.fibers.fiber import Fiber
from caixa.lisp.lists import List, Vector
from caixa.lisp.maps import Map, Set
from caixa.lisp.names import Char, Keyword, Symbol
from caixa.lisp.objects import ErrorValue, Foreign, Promise

__all__ = ["to_lisp", "to_python"]

_SHARED: Final = (bool, int, float, str, type(None), Keyword, Symbol, Char, ErrorValue, Promise, Channel, Fiber)


def _itself(value: object) -> object:
    return value


@singledispatch
def to_python(value: object) -> Any:
    """Return a Lisp value as Python has it."""
    return _called_from_python(value) if callable(value) else value


to_python.register(List, lambda items: [to_python(item) for item in items])
to_python.register(Vector, lambda items: tuple(to_python(item) for item in items))
to_python.register(Set, lambda items: frozenset(to_python(item) for item in items))
to_python.register(Map, lambda map_: {_key_to_python(key): to_python(item) for key, item in map_.items()})
to_python.register(Foreign, lambda foreign: foreign.value)


@singledispatch
def to_lisp(value: object) -> object:
    """Return a Python value as Lisp has it."""
    return _called_from_lisp(value) if callable(value) else Foreign(value, type(value).__name__)


to_lisp.register(list, lambda items: List([to_lisp(item) for item in items]))
to_lisp.register(tuple, lambda items: Vector([to_lisp(item) for item in items]))
to_lisp.register(set, lambda items: Set([to_lisp(item) for item in items]))
to_lisp.register(frozenset, lambda items: Set([to_lisp(item) for item in items]))
to_lisp.register(dict, lambda map_: Map([(_key_to_lisp(key), to_lisp(item)) for key, item in map_.items()]))
for _type in _SHARED:
    to_python.register(_type, _itself)
    to_lisp.register(_type, _itself)
for _compound in (List, Vector, Map, Set, Foreign):
    to_lisp.register(_compound, _itself)


def _key_to_python(key: object) -> Any:
    return key.name if isinstance(key, Keyword) else to_python(key)


def _key_to_lisp(key: object) -> object:
    is_name = isinstance(key, str) and key.replace("-", "_").isidentifier()
    return Keyword(key) if is_name and isinstance(key, str) else to_lisp(key)


def _called_from_python(procedure: Callable[..., object]) -> Callable[..., Any]:
    """Return a function that calls `procedure` with Lisp values and answers with a Python one."""
    inner = getattr(procedure, "__python_function__", None)
    if inner is not None:
        return inner  # type: ignore[no-any-return]  # what crosses twice is what it was

    def call(*args: object) -> Any:
        return to_python(procedure(*(to_lisp(arg) for arg in args)))

    call.__name__ = getattr(procedure, "__lisp_name__", None) or "procedure"
    call.__doc__ = getattr(procedure, "__doc__", None)
    call.__lisp_procedure__ = procedure  # type: ignore[attr-defined]  # functions take attributes
    return call


def _called_from_lisp(function: Callable[..., object]) -> Callable[..., object]:
    """Return a procedure that calls `function` with Python values and answers with a Lisp one."""
    inner = getattr(function, "__lisp_procedure__", None)
    if inner is not None:
        return inner  # type: ignore[no-any-return]  # what crosses twice is what it was

    def call(*args: object) -> object:
        return to_lisp(function(*(to_python(arg) for arg in args)))

    call.__lisp_name__ = getattr(function, "__name__", "function")  # type: ignore[attr-defined]
    call.__lisp_params__ = "args"  # type: ignore[attr-defined]
    call.__doc__ = getattr(function, "__doc__", None)
    call.__python_function__ = function  # type: ignore[attr-defined]
    return call
