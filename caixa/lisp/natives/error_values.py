"""Errors as values: making, throwing and looking into them (language.md section 5.1)."""

from __future__ import annotations

from ..equality import equal
from ..errors import NativeError, TypeMismatch
from ..lists import List
from ..maps import Map
from ..names import Keyword, Symbol
from ..objects import ErrorValue
from .checks import items_of, string_of
from .registry import native

__all__: list[str] = []


@native("error")
def error(tag: object, message: object, data: object = None, cause: object = None) -> ErrorValue:
    """Return an error value (and raise nothing) with a tag, a message, and keys and values in turn."""
    return ErrorValue(_tag(tag), string_of(message), _pairs(data), cause)


@native("ex-info")
def ex_info(message: object, data: object = None, cause: object = None) -> ErrorValue:
    """Return an error value with the tag `:ex-info`."""
    return ErrorValue(Keyword("ex-info"), string_of(message), _pairs(data), cause)


def _tag(value: object) -> Keyword:
    if isinstance(value, Keyword):
        return value
    if isinstance(value, (Symbol, str)):
        return Keyword(value if isinstance(value, str) else value.name)
    raise TypeMismatch("keyword, symbol or string", value)


def _pairs(data: object) -> list[tuple[object, object]]:
    if isinstance(data, Map):
        return list(data.items())
    parts = list(items_of(data))
    if len(parts) % 2:
        raise NativeError("plist", "plist must have even number of elements (k v k v ...)")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _error(value: object) -> ErrorValue:
    if isinstance(value, ErrorValue):
        return value
    raise TypeMismatch("error", value)


@native("error-tag")
def error_tag(error: object) -> Keyword:
    """Return the tag of an error value, a keyword."""
    return _error(error).tag


@native("error-message")
def error_message(error: object) -> str:
    """Return the message of an error value."""
    return _error(error).message


@native("error-data")
def error_data(error: object) -> List:
    """Return the data of an error value, keys and values in turn."""
    return List([part for pair in _error(error).data for part in pair])


@native("error-data-get")
def error_data_get(error: object, key: object) -> object:
    """Return the datum of an error value under a key, or nil."""
    return next((value for name, value in _error(error).data if equal(name, key)), None)


@native("error-cause")
def error_cause(error: object) -> object:
    """Return the error that was being handled when this one was thrown, or that it was made with; else nil."""
    return _error(error).cause
