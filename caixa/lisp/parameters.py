"""Parameters: variables that have another value while some code runs, as `parameterize` says."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from .errors import NativeError, TypeMismatch

__all__ = ["Parameter", "parameterize"]


class Parameter:
    """A procedure of no arguments that returns its current value."""

    __slots__ = ("_value",)
    __lisp_kind__ = "native-fn"
    __lisp_native__ = True
    __lisp_name__ = "parameter"

    def __init__(self, value: object) -> None:
        """Make a parameter whose value is `value` outside of any `parameterize`."""
        self._value: ContextVar[object] = ContextVar("parameter", default=value)

    def __call__(self) -> object:
        """Return the value that holds now."""
        return self._value.get()

    @property
    def variable(self) -> ContextVar[object]:
        """The context variable behind it."""
        return self._value


def parameterize(thunk: Callable[[], object], *parts: object) -> object:
    """Call `thunk` while each parameter in `parts` has the value that follows it there."""
    if len(parts) % 2:
        raise NativeError("parameterize", "each parameter needs a value")
    tokens = []
    try:
        for parameter, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(parameter, Parameter):
                raise TypeMismatch("parameter", parameter)
            tokens.append((parameter.variable, parameter.variable.set(value)))
        return thunk()
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)
