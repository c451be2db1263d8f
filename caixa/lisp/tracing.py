"""Functions that write their calls: `trace` puts one in the place of a function, and keeps it there.

Which names are traced stands in the namespace itself, under a name that no program can spell, so that what
takes back a cell's definitions takes back its tracing. After each form, names that were defined anew are traced
anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar

from .calling import call_with
from .compiler.naming import python_name, support_name
from .errors import TypeMismatch
from .kinds import is_procedure
from .printer import write_short

__all__ = ["TRACED", "trace", "trace_again", "traced", "traced_names", "untrace", "untraced"]

TRACED = support_name("traced")
_DEEPEST = 40  # to which calls are indented
_depth: ContextVar[int] = ContextVar("trace depth", default=0)
Function = Callable[..., object]
Names = dict[str, object]


def traced(label: str, function: Function) -> Function:
    """Return a function that writes each call of `function`, and its result, indented by depth."""
    if not is_procedure(function):
        raise TypeMismatch("procedure", function)
    if hasattr(function, "__traced__"):
        return function

    def tracing(*arguments: object) -> object:
        depth = _depth.get()
        indent = "  " * min(depth, _DEEPEST)
        words = " ".join([label, *[write_short(argument) for argument in arguments]])
        sys.stdout.write(f"{indent}({words})\n")
        _depth.set(depth + 1)
        try:
            result = call_with(function, arguments)
        except Exception:
            sys.stdout.write(f"{indent}=> left by an error\n")
            raise
        finally:
            _depth.set(depth)
        sys.stdout.write(f"{indent}=> {write_short(result)}\n")
        return result

    tracing.__traced__ = function  # type: ignore[attr-defined]  # what `untraced` gives back
    tracing.__lisp_name__ = label  # type: ignore[attr-defined]  # so that errors name it
    tracing.__doc__ = function.__doc__
    return tracing


def untraced(function: object) -> object:
    """Return the function that `traced` was given."""
    return getattr(function, "__traced__", function)


def trace(names: Names, labels: Iterable[str]) -> None:
    """Keep tracing those of `labels` whose values in `names`, the globals of a program, are traced now."""
    found = [label for label in labels if hasattr(names.get(python_name(label)), "__traced__")]
    if found:
        names[TRACED] = tuple(dict.fromkeys([*traced_names(names), *found]))


def untrace(names: Names, labels: Iterable[str]) -> None:
    """End what `trace` began for `labels`; a native or a function of the library is itself again."""
    builtins = names["__builtins__"]
    assert isinstance(builtins, dict)
    ended = tuple(labels)
    for label in ended:
        name = python_name(label)
        function = untraced(names.get(name))
        if function is not None and function is builtins.get(name):
            del names[name]
        elif name in names:
            names[name] = function
    left = tuple([label for label in traced_names(names) if label not in ended])
    if left:
        names[TRACED] = left
    else:
        names.pop(TRACED, None)


def trace_again(names: Names) -> None:
    """Trace what has been defined anew under a name that is traced."""
    for label in traced_names(names):
        value = names.get(python_name(label))
        if is_procedure(value) and not hasattr(value, "__traced__"):
            names[python_name(label)] = traced(label, value)  # type: ignore[arg-type]  # a procedure


def traced_names(names: Names) -> tuple[str, ...]:
    """Return the names that are traced, in order."""
    found = names.get(TRACED, ())
    return found if isinstance(found, tuple) else ()
