"""Functions that write their calls, for `trace` and `untrace`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..printer import write_short
from .checks import string_of
from .registry import native

__all__: list[str] = []


@native("traced")
def traced(name: object, function: Callable[..., object]) -> Callable[..., object]:
    """Return a function that writes each call of `function`, and its result, indented by depth."""
    label = string_of(name)
    if hasattr(function, "__traced__"):
        return function
    depth = 0

    def tracing(*arguments: object) -> object:
        nonlocal depth
        indent = "  " * depth
        words = " ".join([label, *(write_short(argument) for argument in arguments)])
        sys.stdout.write(f"{indent}({words})\n")
        depth += 1
        try:
            result = function(*arguments)
        finally:
            depth -= 1
        sys.stdout.write(f"{indent}=> {write_short(result)}\n")
        return result

    tracing.__traced__ = function  # type: ignore[attr-defined]  # what `untraced` gives back
    tracing.__lisp_name__ = label  # type: ignore[attr-defined]  # so that errors name it
    tracing.__doc__ = function.__doc__
    return tracing


@native("untraced")
def untraced(function: object) -> object:
    """Return the function that `traced` was given."""
    return getattr(function, "__traced__", function)
