"""The table of native functions: each is entered where it is written, under its Lisp names.

A native is the plain Python function itself, marked with attributes and not wrapped, so that calling it
costs what calling Python costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, cast

from ..capabilities import guarded

__all__ = ["NATIVES", "Native", "Needs", "is_native", "mark_native", "native", "needs_of", "watched"]

Needs = str | Sequence[str] | None
"""Capability tokens; an empty sequence is for what needs none but looks at those that there are."""


class Native(Protocol):
    """A Python function that carries its Lisp name, its parameters as Lisp text, and its documentation."""

    __name__: str
    __lisp_name__: str
    __lisp_params__: str
    __doc__: str | None

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it as Lisp does."""


NATIVES: dict[str, Native] = {}
"""Every native that needs nothing of an interpreter, by each of its names."""

CO_VARARGS = 0x04  # as in `inspect`, whose import would cost more than all natives
_Function = TypeVar("_Function", bound=Callable[..., object])


def native(
    *names: str, params: str | None = None, doc: str | None = None, needs: Needs = None
) -> Callable[[_Function], _Function]:
    """Enter the decorated function into NATIVES under `names`, the first being the one it prints as.

    `params` is the parameter list as Lisp text (by default made of the Python one), `doc` one sentence (by
    default the docstring). `needs` are the capabilities that each call needs: tokens, in which `{path}` stands
    for the scope that the argument `path` asks for. The function comes back unchanged but for its attributes.
    """

    def enter(function: _Function) -> _Function:
        marked = mark_native(function, names[0], params, doc, needs)
        for name in names:
            if name in NATIVES:
                raise ValueError(f"the native `{name}` is defined twice")
            NATIVES[name] = marked
        return function

    return enter


def mark_native(
    function: Callable[..., object],
    name: str,
    params: str | None = None,
    doc: str | None = None,
    needs: Needs = None,
) -> Native:
    """Give `function` the attributes of a native and return it; for natives made for one interpreter.

    One that `needs` capabilities comes back behind a guard.
    """
    marked = cast(Native, function)
    marked.__lisp_name__ = name
    function.__qualname__ = name  # by which Python's errors of arity call it
    marked.__lisp_params__ = params or _lisp_params(function)
    if doc is not None:
        marked.__doc__ = doc
    function.__lisp_native__ = True  # type: ignore[attr-defined]  # what `is_native` looks at
    if needs is None:
        return marked
    tokens = (needs,) if isinstance(needs, str) else tuple(needs)
    function.__lisp_needs__ = tokens  # type: ignore[attr-defined]  # what `needs_of` looks at
    return cast(Native, guarded(function, name, tokens))


def needs_of(value: object) -> tuple[str, ...] | None:
    """Return the capabilities that a native needs, None if it has nothing to do with any."""
    needs: tuple[str, ...] | None = getattr(value, "__lisp_needs__", None)
    return needs


def is_native(value: object) -> bool:
    """Return whether `value` is a native function, and not one written in Lisp."""
    return getattr(value, "__lisp_native__", False) is True


def _lisp_params(function: Callable[..., object]) -> str:
    """Return the parameters of a Python function as a Lisp programmer would write them."""
    code = function.__code__
    count = code.co_argcount
    required = count - len(function.__defaults__ or ())
    words = [name.strip("_").replace("_", "-") for name in code.co_varnames]
    optional = ["&optional", *words[required:count]] if required < count else []
    rest = ["&rest", words[count + code.co_kwonlyargcount]] if code.co_flags & CO_VARARGS else []
    return f"({' '.join([*words[:required], *optional, *rest])})"


def watched(native: Native, seen: Callable[[object], object]) -> Native:
    """Return `native` as one that hands what it returns to `seen` first."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        value = native(*arguments, **keywords)
        seen(value)
        return value

    call.__name__, call.__doc__ = native.__name__, native.__doc__
    call.__dict__.update(native.__dict__)
    return cast("Native", call)
