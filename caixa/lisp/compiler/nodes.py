"""Making nodes of Python's syntax tree, hundreds for a function, in half the time they usually take."""

from __future__ import annotations

import ast
from typing import Any, TypeVar

from .placing import Place

__all__ = ["make"]

_Node = TypeVar("_Node", bound=ast.AST)


def make(kind: type[_Node], place: Place, /, **fields: Any) -> _Node:
    """Return a node of `kind` at `place` with all of its `fields`, without a look at what they are."""
    node = kind.__new__(kind)
    fields.update(place)
    node.__dict__ = fields
    return node
