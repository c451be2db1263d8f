"""What kind of value something is: the names that error messages use and those that `type-of` answers.

Each class of values.py and its companions says its own kind in `__lisp_kind__`, so that nothing needs to
be imported here and the error tree can name the kind of any value.
"""

from __future__ import annotations

__all__ = ["is_procedure", "kind_of", "type_of"]

_BUILTIN = {type(None): "nil", bool: "bool", int: "int", float: "float", str: "string"}
_PROCEDURES = ("closure", "native-fn")


def kind_of(value: object) -> str:
    """Return the name by which error messages call the kind of `value` (language.md section 2.2)."""
    builtin = _BUILTIN.get(type(value))
    if builtin is not None:
        return builtin
    declared = getattr(type(value), "__lisp_kind__", None)
    if isinstance(declared, str):
        return declared
    if callable(value):
        return "native-fn" if getattr(value, "__lisp_native__", False) is True else "closure"
    return "foreign"


def type_of(value: object) -> str:
    """Return the name, without its colon, that `type-of` answers for `value`."""
    kind = kind_of(value)
    return "procedure" if kind in _PROCEDURES else kind


def is_procedure(value: object) -> bool:
    """Return whether `value` is a closure or a native (a keyword can be called, but is not a procedure)."""
    return callable(value) and kind_of(value) in _PROCEDURES
