"""What kind of value is this? Predicates of one argument that never fail (language.md section 5.1)."""

from __future__ import annotations

from ..errors import TypeMismatch
from ..kinds import is_procedure, kind_of
from ..lists import List, Vector
from ..maps import Map, Set
from ..names import Char, Keyword, Symbol
from ..objects import ErrorValue, Promise
from .registry import native

__all__: list[str] = []


@native("null?", "empty?")
def is_null(value: object) -> bool:
    """Return whether `value` is nil or an empty list, vector or set."""
    if type(value) is List:  # the very field: every loop over a list asks
        return not value._size
    return value is None or (isinstance(value, (Vector, Set)) and not value)


@native("not-empty?", "some?")
def is_something(value: object) -> bool:
    """Return whether `value` is anything but nil or an empty list, vector or set."""
    return not is_null(value)


@native("nil?")
def is_nil(value: object) -> bool:
    """Return whether `value` is nil."""
    return value is None


@native("pair?")
def is_pair(value: object) -> bool:
    """Return whether `value` is a list that is not empty."""
    return isinstance(value, List) and len(value) > 0


@native("list?")
def is_list(value: object) -> bool:
    """Return whether `value` is a list or nil."""
    return value is None or isinstance(value, List)


@native("vector?")
def is_vector(value: object) -> bool:
    """Return whether `value` is a vector."""
    return isinstance(value, Vector)


@native("set?")
def is_set(value: object) -> bool:
    """Return whether `value` is a set."""
    return isinstance(value, Set)


@native("hash-map?", "map?")
def is_map(value: object) -> bool:
    """Return whether `value` is a map."""
    return isinstance(value, Map)


@native("symbol?")
def is_symbol(value: object) -> bool:
    """Return whether `value` is a symbol."""
    return isinstance(value, Symbol)


@native("string?")
def is_string(value: object) -> bool:
    """Return whether `value` is a string."""
    return isinstance(value, str)


@native("char?")
def is_char(value: object) -> bool:
    """Return whether `value` is a character."""
    return isinstance(value, Char)


@native("keyword?")
def is_keyword(value: object) -> bool:
    """Return whether `value` is a keyword."""
    return isinstance(value, Keyword)


@native("boolean?")
def is_boolean(value: object) -> bool:
    """Return whether `value` is #t or #f."""
    return type(value) is bool


@native("integer?")
def is_integer(value: object) -> bool:
    """Return whether `value` is an integer."""
    return type(value) is int


@native("float?")
def is_float(value: object) -> bool:
    """Return whether `value` is a float."""
    return type(value) is float


@native("number?")
def is_number(value: object) -> bool:
    """Return whether `value` is an integer or a float."""
    return type(value) is int or type(value) is float


@native("procedure?")
def is_a_procedure(value: object) -> bool:
    """Return whether `value` is a closure or a native function."""
    return is_procedure(value)


@native("foreign?")
def is_foreign(value: object) -> bool:
    """Return whether `value` is a channel, a fiber or an object of the host."""
    return kind_of(value) == "foreign"


@native("atom?")
def is_atom(value: object) -> bool:
    """Return whether `value` is anything but a list, nil or a procedure."""
    return not (is_list(value) or is_procedure(value))


@native("error?")
def is_error(value: object) -> bool:
    """Return whether `value` is an error value."""
    return isinstance(value, ErrorValue)


@native("promise?")
def is_promise(value: object) -> bool:
    """Return whether `value` is what `delay` makes."""
    return isinstance(value, Promise)


@native("even?")
def is_even(integer: object) -> bool:
    """Return whether an integer is even."""
    if type(integer) is int:  # in line, since filters ask it of every element
        return not integer & 1
    raise TypeMismatch("integer", integer)


@native("odd?")
def is_odd(integer: object) -> bool:
    """Return whether an integer is odd."""
    if type(integer) is int:
        return integer & 1 == 1
    raise TypeMismatch("integer", integer)
