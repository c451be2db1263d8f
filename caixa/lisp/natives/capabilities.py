"""What a program sees of its capabilities: `(capabilities)` and `(with-capabilities (TOKEN…) BODY…)`."""

from __future__ import annotations

from collections.abc import Callable

from ..capabilities import Capabilities, current_capabilities, narrowed_to
from ..lists import List
from .checks import items_of, string_of
from .registry import native

__all__: list[str] = []


@native("capabilities", needs=())
def capabilities() -> List:
    """Return the tokens of what the running code may do, `("*")` if that is everything."""
    return List(current_capabilities())


@native("call-with-capabilities")
def call_with_capabilities(tokens: object, thunk: Callable[[], object]) -> object:
    """Call `thunk` with no more capabilities than a list of tokens grants, and than there are already."""
    asked = Capabilities.of(*[string_of(token) for token in items_of(tokens)])
    with narrowed_to(asked):
        return thunk()
