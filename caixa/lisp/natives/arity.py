"""How many arguments a procedure takes."""

from __future__ import annotations

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
    code = procedure.__code__  # type: ignore[attr-defined]  # every procedure is a Python function
    optional = procedure.__defaults__ or ()  # type: ignore[attr-defined]  # likewise
    greatest = None if code.co_flags & CO_VARARGS else code.co_argcount
    return List((code.co_argcount - len(optional), greatest))
