"""Values as canonical Lisp: what reading them gives the same values again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from caixa.manifest.shapes import quoted

from .names import keyword_of, lisp_type
from .values import Raw, Reference, RefKind, Template, Value

__all__ = ["print_object", "print_reference", "print_value"]

_HAS_TYPE: Final = (RefKind.RESOURCE, RefKind.DATA)


def print_value(value: Value) -> str:  # noqa: PLR0911 - one way out for each kind
    """Return a value as it would be written."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "#t" if value else "#f"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Reference):
        return print_reference(value)
    if isinstance(value, Raw):
        return f"(expr {quoted(value.text)})"
    if isinstance(value, Template):
        return f"(texto{''.join(f' {print_value(part)}' for part in value.parts)})"
    if isinstance(value, Mapping):
        return print_object(value)
    return f"[{' '.join(map(print_value, value))}]"


def print_object(value: Mapping[str, Value]) -> str:
    """Return names and values as a plist, or as a map where a name is none that a keyword could say."""
    keywords = [keyword_of(name) for name in value]
    if not value or None in keywords:
        return "{" + " ".join(f"{quoted(name)} {print_value(each)}" for name, each in value.items()) + "}"
    pairs = zip(keywords, value.values(), strict=True)
    return f"({' '.join(f':{keyword} {print_value(each)}' for keyword, each in pairs)})"


def print_reference(value: Reference) -> str:
    """Return a reference as the form that it is."""
    words = [value.kind.value]
    if value.kind in _HAS_TYPE:
        words.append(lisp_type(value.type))
    words.append(quoted(value.name))
    if value.path:
        words.append(quoted(value.path))
    return f"({' '.join(words)})"
