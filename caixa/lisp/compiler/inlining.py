"""Calls of natives that need no call: arithmetic and shortcuts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..core import Call
from .arithmetic import OPERATORS, WITH_LITERAL, inline_arithmetic
from .shortcuts import SHORTCUTS, take_shortcut

if TYPE_CHECKING:
    from .emitter import Emitter

__all__ = ["ARITY", "inline"]

ARITY: dict[str, int] = {
    **dict.fromkeys(OPERATORS, 2),
    **dict.fromkeys(WITH_LITERAL, 1),
    **{name: len(shortcut.operands) for name, shortcut in SHORTCUTS.items()},
}
"""How many arguments each native takes that is written in line."""


def inline(function: Emitter, node: Call, name: str) -> ast.expr | None:
    """Return the call `node` of the native `name` without a call, or None if it must be one."""
    return inline_arithmetic(function, node, name) or take_shortcut(function, node, name)
