"""Calls of higher-order natives that can be loops: `(map (lambda (x) …) items)`, `(foldl + 0 items)`."""

from __future__ import annotations

from collections.abc import Callable

from ..core import Call, Core, GlobalRef, Lambda, Local, LocalRef
from ..source import Span
from .inlining import ARITY

__all__ = ["FUSED", "fusible"]

FUSED = {
    "map": 1, "filter": 1, "remove": 1, "for-each": 1, "any?": 1, "every?": 1, "count-if": 1, "find": 1,
    "foldl": 2, "fold-left": 2, "reduce": 2,
}  # fmt: skip
"""How many parameters the function that each takes has; the call has one argument more than that."""


def fusible(node: Call, is_native: Callable[[str], bool]) -> Lambda | None:
    """Return the function of a call that can be a loop around it, or None.

    A native that is written in line counts as the function that calls it.
    """
    if not isinstance(node.function, GlobalRef):
        return None
    count = FUSED.get(node.function.name)
    if count is None or len(node.arguments) != count + 1 or not is_native(node.function.name):
        return None
    function = node.arguments[0]
    if isinstance(function, Lambda):
        plain = not function.optional and function.rest is None and len(function.required) == count
        return function if plain else None
    if not isinstance(function, GlobalRef) or ARITY.get(function.name) != count or not is_native(function.name):
        return None
    return _calling(function, count, node.span)


def _calling(function: GlobalRef, count: int, span: Span) -> Lambda:
    """Return the function that calls `function`, whose errors are those of the whole call."""
    parameters = tuple([Local("element") for _ in range(count)])
    arguments: tuple[Core, ...] = tuple([LocalRef(span, local) for local in parameters])
    call = Call(span, GlobalRef(span, function.name), arguments)
    return Lambda(span, function.name, parameters, (), None, call)
