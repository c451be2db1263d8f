"""Calling with the arguments in a sequence, one by one, since `f(*args)` uses the C stack on Python 3.11."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

__all__ = ["call_with"]

MAX_COUNTED: Final = 100  # arguments; with more, each call has to do with room on the C stack
_Function = Callable[..., object]


def call_with(function: _Function, arguments: Sequence[object]) -> object:
    """Return what `function` gives for `arguments`, so that recursion through here costs no C stack."""
    count = len(arguments)
    if count == 1:
        return function(arguments[0])
    if count == 2:
        return function(arguments[0], arguments[1])
    if count > MAX_COUNTED:
        return function(*arguments)
    return _caller(count)(function, arguments)


@cache
def _caller(count: int) -> Callable[[_Function, Sequence[object]], object]:
    """Return what calls a function with `count` arguments, written out."""
    arguments = ", ".join([f"a[{index}]" for index in range(count)])
    caller: Any = eval(f"lambda f, a: f({arguments})")  # noqa: S307  # numbers only
    return caller  # type: ignore[no-any-return]  # of what eval gives nothing is known
