"""Syntax as JSON data and back: how typed forms and JSON documents stand for each other (language.md 8.4)."""

from __future__ import annotations

import math
import re
from typing import Any

from .source import Span
from .syntax import Atom, Bracket, Form, Node, Prefix, keyword_name
from .values import Keyword, Symbol

__all__ = ["camel_case", "from_json", "kebab_case", "to_json"]

_HYPHEN = re.compile(r"-+(.?)", re.DOTALL)
_NOWHERE = Span("json", 0, 0)


def camel_case(name: str) -> str:
    """Return a kebab-case name in camelCase: each hyphen goes, and the letter after it becomes upper case."""
    return _HYPHEN.sub(lambda match: match.group(1).upper(), name)


def kebab_case(name: str) -> str:
    """Return a camelCase name in kebab-case; a first letter stays as it is."""
    return name[:1] + "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name[1:])


def to_json(node: Node) -> Any:
    """Return `node` as JSON data: a list of keywords and values is an object, any other list an array.

    A symbol is a string, a keyword one with its colon; prefixes count for nothing; infinities and nan are null.
    """
    while isinstance(node, Prefix):
        node = node.inner
    if isinstance(node, Atom):
        return _atom(node.value)
    if node.bracket is Bracket.MAP or is_plist(node):
        pairs = zip(node.items[::2], node.items[1::2], strict=True)
        return {camel_case(_key(key)): to_json(value) for key, value in pairs}
    return [to_json(item) for item in node.items]


def is_plist(node: Node) -> bool:
    """Return whether `node` is a list of keywords, each followed by a value."""
    return (
        isinstance(node, Form)
        and bool(node.items)
        and len(node) % 2 == 0
        and all(keyword_name(key) is not None for key in node.items[::2])
    )


def _key(node: Node) -> str:
    name = keyword_name(node)
    return str(to_json(node)) if name is None else name


def _atom(value: object) -> object:
    if isinstance(value, Symbol):
        return value.name
    if isinstance(value, Keyword):
        return f":{value.name}"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def from_json(data: Any, span: Span = _NOWHERE) -> Node:
    """Return JSON data as syntax: objects as plists with their keys in order of the alphabet, null as nil."""
    if isinstance(data, dict):
        items: list[Node] = []
        for key in sorted(data):
            items += [Atom(span, Keyword(kebab_case(key))), from_json(data[key], span)]
        return Form(span, tuple(items))
    if isinstance(data, list):
        return Form(span, tuple([from_json(item, span) for item in data]))
    if data is None:
        return Form(span, ())
    if isinstance(data, float) and data.is_integer():
        return Atom(span, int(data))
    return Atom(span, data)
