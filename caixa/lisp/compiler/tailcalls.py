"""Calls in tail position that keep the stack flat, at little cost to any other call (DESIGN section 4).

A procedure that ends in a call of another returns `tail1(f, x) if flat is None else flat[f](x)`. Called the
ordinary way it finds `flat` to be nothing, and `tail1` makes the call. But `f` may end in a tail call itself,
so its *twin* is called instead: the same code with the name `flat` changed to that of a table, which has for
each procedure the twin to go on with. There are a few such tables, each leading to the next, and the last one
has for each procedure something that only asks for the call: a `Bounce`, which goes back to `tail1`. So the
stack grows by a few frames at most, and most tail calls cost little more than a call. A twin is made by
renaming in the code object, when it is first needed; it shares the closure.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from types import CodeType, FunctionType
from typing import Any, Final

from ..calling import call_with
from .naming import support_name

__all__ = ["FLAT", "SUPPORT", "Bounce", "has_tail_calls", "set_tail", "tail_of"]

FLAT: Final = "flat"
"""The name by which the code of a tail call sees how it was called."""

_LEVELS = 4  # frames that tail calls may take before one is asked for
_MAX_KEPT = 2_000  # procedures that a table remembers, and thereby keeps
_FLAT = support_name(FLAT)
_Procedure = Callable[..., object]


class Bounce(partial[object]):
    """A request to call `func` with `args`, the caller having nothing left to do."""

    __slots__ = ()


def has_tail_calls(code: CodeType) -> bool:
    """Return whether a procedure with this code ends in a call of something unknown."""
    return _FLAT in code.co_names


def set_tail(native: _Procedure, asks: _Procedure) -> None:
    """Let a tail call of `native` call `asks` instead, which returns the Bounce that it would end in."""
    native.__lisp_tail__ = asks  # type: ignore[attr-defined]  # what `tail_of` looks at


def tail_of(native: object) -> _Procedure | None:
    """Return what `set_tail` was given for `native`."""
    return getattr(native, "__lisp_tail__", None)


class _Table(dict[Any, _Procedure]):
    """What to call instead of each procedure, so that it makes its own tail calls by the table `following`."""

    def __init__(self, following: str | None) -> None:
        """Lead to the table named `following`; without one, procedures are not called but asked for."""
        super().__init__()
        self._following = following
        self._twins: dict[int, CodeType] = {}  # by id of the code
        self._alive: dict[int, weakref.ref[CodeType]] = {}

    def __missing__(self, function: Any) -> _Procedure:
        """Return the entry of a procedure; it is kept if the procedure closes over nothing."""
        if function.__class__ is not FunctionType:
            return function  # type: ignore[no-any-return]  # a keyword, a foreign callable, or an error when called
        entry = self._entry(function)
        if not function.__closure__:
            if len(self) >= _MAX_KEPT:
                self.clear()
            self[function] = entry
        return entry

    def _entry(self, function: FunctionType) -> _Procedure:
        code = function.__code__
        if not has_tail_calls(code):
            return tail_of(function) or function
        if self._following is None:
            return partial(Bounce, function)
        twin = self._twins.get(id(code)) or self._twin(code, self._following)
        return FunctionType(twin, function.__globals__, None, function.__defaults__, function.__closure__)

    def _twin(self, code: CodeType, following: str) -> CodeType:
        key = id(code)
        names = tuple(following if name == _FLAT else name for name in code.co_names)
        twin = self._twins[key] = code.replace(co_names=names)
        self._alive[key] = weakref.ref(code, lambda _: self._forget(key))
        return twin

    def _forget(self, key: int) -> None:
        self._twins.pop(key, None)
        self._alive.pop(key, None)


_tables = [_Table(support_name(f"{FLAT}{level - 1}") if level else None) for level in range(_LEVELS + 1)]
_first = _tables[-1]


def _entry(function: Any) -> _Procedure:
    """Return what to call instead of `function`."""
    try:
        return _first[function]
    except TypeError:  # it has no hash: an error when called, or foreign
        return function  # type: ignore[no-any-return]  # as in _Table


def _drive(request: Any) -> object:
    """Make the requested call, and those that it asks for."""
    while request.__class__ is Bounce:
        entry, arguments = _entry(request.func), request.args
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
            request = call_with(entry, arguments)
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
    FLAT: None, **{f"{FLAT}{level}": table for level, table in enumerate(_tables)},
}  # fmt: skip
