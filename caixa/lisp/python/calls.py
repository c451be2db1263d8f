"""Calls between Lisp and Python: arguments and results are converted at each, and so are errors.

A keyword and the value after it are a keyword argument on Python's side, `:max-size 3` being `max_size=3`. An
exception of Python is an error `:python-error` in Lisp, and on its way back to Python the very exception again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Any

from ..diagnostics import Reportable
from ..errors import LispError, RecursionLimit
from ..names import Keyword
from ..objects import Foreign
from ..procedures import procedure_name
from .conversion import to_lisp, to_python

__all__ = [
    "PythonRaised",
    "call_method",
    "call_python",
    "called_from_lisp",
    "called_from_python",
    "get_attribute",
    "raising_lisp",
    "set_attribute",
]

_OURS = str(Path(__file__).parent.parent)
_SHOWN = 3  # frames of Python, the innermost
MAX_CROSSINGS = 6_000  # from Lisp into Python, inside each other: on 3.11 each takes room on the C stack
_crossings: ContextVar[int] = ContextVar("crossings", default=0)
_AS_THEY_ARE = (Reportable, RecursionError, MemoryError)  # they mean in Lisp what they mean in Python


class PythonRaised(LispError):
    """An exception of Python, in Lisp; it knows where Python raised it."""

    kind = "python-error"

    def __init__(self, error: Exception) -> None:
        """Carry `error`."""
        name = type(error).__name__
        text = str(error)
        super().__init__(f"{name}: {text}" if text else name)
        self.error = error
        self.facts = {"type": name, "exception": Foreign(error, name)}
        self.diagnostics = (self.diagnostics[0]._replace(why=_path(error)),)


def _path(error: Exception) -> str:
    """Return through which lines of Python the error came, outermost first."""
    frames = [frame for frame in extract_tb(error.__traceback__) if not frame.filename.startswith(_OURS)]
    return " → ".join(f"{frame.name} at line {frame.lineno} of {frame.filename}" for frame in frames[-_SHOWN:])


def called_from_python(procedure: Callable[..., object]) -> Callable[..., Any]:
    """Return a function that calls `procedure` with Lisp values and answers with a Python one."""
    inner = getattr(procedure, "__python_function__", None)
    if inner is not None:
        return inner  # type: ignore[no-any-return]  # what crosses twice is what it was

    def call(*arguments: object, **keywords: object) -> Any:
        given = [to_lisp(argument) for argument in arguments]
        for name, value in keywords.items():
            given += [Keyword(name.replace("_", "-")), to_lisp(value)]
        try:
            return to_python(procedure(*given))
        except PythonRaised as raised:
            error = raised.error
        raise error from error.__cause__

    call.__name__ = procedure_name(procedure)
    call.__doc__ = getattr(procedure, "__doc__", None)
    call.__lisp_procedure__ = procedure  # type: ignore[attr-defined]  # functions take attributes
    return call


def called_from_lisp(function: Callable[..., object]) -> Callable[..., object]:
    """Return a procedure that calls `function` with Python values and answers with a Lisp one."""
    inner = getattr(function, "__lisp_procedure__", None)
    if inner is not None:
        return inner  # type: ignore[no-any-return]  # what crosses twice is what it was

    def call(*arguments: object) -> object:
        return call_python(function, arguments)

    call.__lisp_name__ = getattr(function, "__name__", "function")  # type: ignore[attr-defined]
    call.__lisp_params__ = "args"  # type: ignore[attr-defined]
    call.__doc__ = getattr(function, "__doc__", None)
    call.__python_function__ = function  # type: ignore[attr-defined]
    return call


def call_python(function: Callable[..., object], arguments: Sequence[object]) -> object:
    """Call `function` with Lisp values, keywords among them naming arguments. Raises PythonRaised."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    waiting = list(reversed(arguments))
    while waiting:
        argument = waiting.pop()
        if isinstance(argument, Keyword) and waiting:
            named[_spelling(argument.name)] = to_python(waiting.pop())
        else:
            positional.append(to_python(argument))
    return raising_lisp(lambda: function(*positional, **named))


def raising_lisp(thunk: Callable[[], object]) -> object:
    """Return as Lisp what `thunk`, which is Python's, returns. Raises PythonRaised for what it raises."""
    depth = _crossings.get()
    if depth >= MAX_CROSSINGS:
        raise RecursionLimit("calls between Lisp and Python are nested too deep")
    token = _crossings.set(depth + 1)
    try:
        return to_lisp(thunk())
    except _AS_THEY_ARE:
        raise
    except Exception as error:
        raise PythonRaised(error) from error
    finally:
        _crossings.reset(token)


def call_method(target: object, method: str, arguments: Sequence[object]) -> object:
    """Call a method of what `target` is in Python; see `call_python`."""
    return call_python(partial(_call_method, to_python(target), _spelling(method)), arguments)


def _call_method(target: Any, method: str, *arguments: Any, **keywords: Any) -> object:
    return getattr(target, method)(*arguments, **keywords)


def get_attribute(target: object, name: str) -> object:
    """Return an attribute of what `target` is in Python. Raises PythonRaised."""
    return raising_lisp(lambda: getattr(to_python(target), _spelling(name)))


def set_attribute(target: object, name: str, value: object) -> object:
    """Change an attribute of what `target` is in Python, and return nil. Raises PythonRaised."""
    return raising_lisp(lambda: setattr(to_python(target), _spelling(name), to_python(value)))


def _spelling(name: str) -> str:
    return name.replace("-", "_")
