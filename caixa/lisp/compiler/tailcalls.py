"""Calls in tail position that keep the stack flat, at no cost to any other call (DESIGN section 4).

A procedure that ends in a call of another returns `tail1(f, x)`. Called the ordinary way, `tail1` makes that
call, and as long as what comes back asks for another call, that one too. But `f` may end in a tail call
itself, and then its *twin* is called instead: the same code with the name `tail1` changed to `Bounce`, so
that it returns its own tail call as a request. A twin is made by renaming in the code object, when it is
first needed; it shares the closure.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from types import CodeType, FunctionType
from typing import Any

from .naming import support_name

__all__ = ["SUPPORT", "Bounce", "has_tail_calls"]


class Bounce(partial[object]):
    """A request to call `func` with `args`, the caller having nothing left to do."""

    __slots__ = ()


_TAILS = {support_name(f"tail{count}") for count in range(5)} | {support_name("tail")}
_BOUNCE = support_name("bounce")
_Procedure = Callable[..., object]

_twins: dict[int, CodeType | FunctionType | None] = {}
"""By id of a code object: None without tail calls, else its twin, as a function if it closes over nothing."""
_functions: dict[int, FunctionType] = {}
"""Of `_twins`, the functions."""
_alive: dict[int, weakref.ref[CodeType]] = {}


def has_tail_calls(code: CodeType) -> bool:
    """Return whether a procedure with this code ends in a call of something unknown."""
    return not _TAILS.isdisjoint(code.co_names)


def _forget(key: int) -> None:
    for table in (_twins, _functions, _alive):
        table.pop(key, None)


def _remember(function: FunctionType) -> CodeType | FunctionType | None:
    code = function.__code__
    key = id(code)
    twin: CodeType | FunctionType | None = None
    if has_tail_calls(code):
        names = tuple(_BOUNCE if name in _TAILS else name for name in code.co_names)
        twin = code.replace(co_names=names)
        if not function.__closure__ and not function.__defaults__:
            twin = _functions[key] = FunctionType(twin, function.__globals__)
    _alive[key] = weakref.ref(code, lambda _: _forget(key))
    _twins[key] = twin
    return twin


def _entry(function: Any) -> _Procedure:
    """Return what to call instead of `function`: its twin if it has one."""
    if function.__class__ is not FunctionType:
        return function  # type: ignore[no-any-return]  # a keyword, a foreign callable, or an error when called
    code = function.__code__
    try:
        twin = _twins[id(code)]
    except KeyError:
        twin = _remember(function)
    if twin is None:
        return function
    if isinstance(twin, FunctionType):
        if twin.__globals__ is function.__globals__:
            return twin
        twin = twin.__code__  # the code of the library is shared by interpreters
    return FunctionType(twin, function.__globals__, None, function.__defaults__, function.__closure__)


def _drive(request: Any) -> object:
    """Make the requested call, and those that it asks for."""
    while request.__class__ is Bounce:
        function, arguments = request.func, request.args
        try:
            # what `_entry` does, without a call in the most frequent case
            entry: _Procedure = _functions[id(function.__code__)]
            if entry.__globals__ is not function.__globals__:
                entry = _entry(function)  # interpreters share the code of the library, and nothing else
        except (KeyError, AttributeError):
            entry = _entry(function)
        count = len(arguments)
        if count == 1:  # called one by one, since `f(*args)` uses the C stack on Python 3.11
            (a,) = arguments
            request = entry(a)
        elif count == 2:
            a, b = arguments
            request = entry(a, b)
        elif count == 3:
            a, b, c = arguments
            request = entry(a, b, c)
        elif count == 0:
            request = entry()
        else:
            request = entry(*arguments)
    return request


def tail0(function: _Procedure) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)()
    return _drive(result) if result.__class__ is Bounce else result


def tail1(function: _Procedure, a: object) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)(a)
    return _drive(result) if result.__class__ is Bounce else result


def tail2(function: _Procedure, a: object, b: object) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)(a, b)
    return _drive(result) if result.__class__ is Bounce else result


def tail3(function: _Procedure, a: object, b: object, c: object) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)(a, b, c)
    return _drive(result) if result.__class__ is Bounce else result


def tail4(function: _Procedure, a: object, b: object, c: object, d: object) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)(a, b, c, d)
    return _drive(result) if result.__class__ is Bounce else result


def tail(function: _Procedure, *arguments: object) -> object:
    """Call `function` as the last act of the caller."""
    result = _entry(function)(*arguments)
    return _drive(result) if result.__class__ is Bounce else result


SUPPORT: dict[str, object] = {
    "tail0": tail0, "tail1": tail1, "tail2": tail2, "tail3": tail3, "tail4": tail4, "tail": tail,
    "bounce": Bounce,
}  # fmt: skip
