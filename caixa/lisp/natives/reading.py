"""Reading text as data (language.md section 5.1)."""

from __future__ import annotations

from ..data import quote
from ..errors import NativeError
from ..lists import List
from ..reader import read
from ..source import Source
from .checks import string_of
from .registry import native

__all__: list[str] = []


@native("read-string")
def read_string(text: object) -> object:
    """Return the first form of a text as data."""
    forms = read(Source("read-string", string_of(text))).forms
    if not forms:
        raise NativeError("read-string", "empty source")
    return quote(forms[0])


@native("read-all")
def read_all(text: object) -> List:
    """Return all the forms of a text as data."""
    return List.own([quote(form) for form in read(Source("read-all", string_of(text))).forms])
