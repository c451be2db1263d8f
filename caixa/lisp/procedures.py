"""What can be asked of a procedure: its name, its parameters, where it is written.

A procedure written in Lisp is a plain Python function, and all of this is in its code object already, so that
making a closure costs no more than Python takes for it.
"""

from __future__ import annotations

import re
from types import CodeType, FunctionType

from .compiler.naming import MARK, lisp_name, support_name

__all__ = ["is_lisp_function", "procedure_doc", "procedure_name", "procedure_params"]

_SENTINEL = support_name("missing")
_HAS_REST = 0x04
_ANONYMOUS = re.compile(f"{MARK}[0-9]+|<lambda>")


def is_lisp_function(value: object) -> bool:
    """Return whether `value` is a procedure that was compiled from Lisp."""
    if type(value) is not FunctionType:
        return False
    builtins = value.__globals__.get("__builtins__")
    return isinstance(builtins, dict) and _SENTINEL in builtins


def code_name(code: CodeType) -> str:
    """Return the name under which errors and stacks show the procedure that `code` belongs to."""
    return "lambda" if _ANONYMOUS.fullmatch(code.co_name) else lisp_name(code.co_name)


def procedure_name(value: object) -> str:
    """Return the name of a procedure, `lambda` for one without."""
    declared = getattr(value, "__lisp_name__", None)
    if isinstance(declared, str):
        return declared
    code = getattr(value, "__code__", None)
    if isinstance(code, CodeType):
        return code_name(code)
    return str(getattr(value, "__name__", type(value).__name__))


def procedure_params(value: object) -> str | None:
    """Return the parameter list of a procedure as Lisp text, or None for what has none that is known."""
    declared = getattr(value, "__lisp_params__", None)
    if isinstance(declared, str):
        return declared
    if not is_lisp_function(value):
        return None
    assert isinstance(value, FunctionType)
    code = value.__code__
    names = [lisp_name(name) for name in code.co_varnames[: code.co_argcount]]
    optional = len(value.__defaults__ or ())
    words = names[: len(names) - optional]
    if optional:
        words += ["&optional", *names[len(names) - optional :]]
    if code.co_flags & _HAS_REST:
        words += ["&rest", lisp_name(code.co_varnames[code.co_argcount])]
    return f"({' '.join(words)})"


def procedure_doc(value: object) -> str | None:
    """Return the documentation of a procedure, if it has any."""
    doc = getattr(value, "__doc__", None)
    return doc if isinstance(doc, str) and callable(value) else None
