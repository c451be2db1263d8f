"""How many arguments a procedure takes."""

from __future__ import annotations

from typing import Any

from ..errors import TypeMismatch
from ..kinds import is_procedure
from ..lists import List
from .registry import CO_VARARGS, native

__all__: list[str] = []


@native("arity")
def arity(procedure: object) -> List:
    """Return the least and the greatest number of arguments, the latter nil if there is no limit."""
    if not is_procedure(procedure):
        raise TypeMismatch("procedure", procedure)
    inner: Any = getattr(procedure, "__wrapped__", procedure)  # behind the guard of its capabilities
    code = inner.__code__  # every procedure is a Python function
    optional = inner.__defaults__ or ()
    greatest = None if code.co_flags & CO_VARARGS else code.co_argcount
    return List((code.co_argcount - len(optional), greatest))
