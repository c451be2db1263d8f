"""What the Python functions of one top-level form share: the names of its variables, and its constants."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..core import Local
from .naming import MARK, python_name, variant
from .placing import Placer
from .plan import Plan

__all__ = ["Globals", "Unit", "function_definition", "no_arguments"]


class Globals:
    """What the compiler may assume about global names; `is_fixed` is whether none of them is ever redefined."""

    is_fixed = False

    def is_native(self, name: str) -> bool:
        """Return whether `name` is what the language defines, and not redefined by the program."""
        raise NotImplementedError

    def returns_itself(self, name: str) -> bool:
        """Return whether `name` is known never to end in a call of a procedure that it is given."""
        raise NotImplementedError


class Unit:
    """What the functions of one top-level form share."""

    def __init__(self, plan: Plan, placer: Placer, globals_: Globals, *, optimized: bool = True) -> None:
        """Have no constants and no names yet."""
        self.plan, self.placer, self.globals = plan, placer, globals_
        self.optimized = optimized
        self.constants: list[object] = []
        self._known: dict[int, int] = {}
        self._taken: set[str] = set()
        self._count = 0

    def reserve(self, visible: Sequence[Local]) -> None:
        """Keep the names of variables that are bound outside of this unit from being used again."""
        self._taken.update([local.python for local in visible])

    def is_inlined(self, name: str) -> bool:
        """Return whether calls of the global `name` may be replaced by what the native of the name does."""
        return self.optimized and name not in self.plan.defined and self.globals.is_native(name)

    def enclosed(self, function: ast.stmt, visible: Sequence[Local], place: Any) -> ast.stmt:
        """Return a function around `function` that has the variables which it uses freely."""
        bindings: list[ast.stmt] = [
            ast.Assign([ast.Name(local.python, ast.Store(), **place)], ast.Constant(None, **place), **place)
            for local in visible
        ]
        return function_definition("\x01outer", no_arguments(), [*bindings, function], place)

    def constant(self, value: object) -> int:
        """Return the index of `value` among the constants."""
        index = self._known.get(id(value))
        if index is None:
            index = self._known[id(value)] = len(self.constants)
            self.constants.append(value)
        return index

    def name(self, local: Local) -> str:
        """Return the Python name of `local`, which no other name in the unit is equal to."""
        if not local.python:
            name = python_name(local.name)
            if name in self._taken or local.name in self.plan.globals:
                self._count += 1
                name = variant(name, self._count)
            self._taken.add(name)
            local.python = name
        return local.python

    def fresh(self) -> str:
        """Return a name for an intermediate value."""
        self._count += 1
        return f"{MARK}{self._count}"


def no_arguments() -> ast.arguments:
    """Return the parameter list of a function that takes nothing."""
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def function_definition(
    name: str, arguments: ast.arguments, body: list[ast.stmt], place: Any
) -> ast.FunctionDef:
    """Return a function definition, which from Python 3.12 on needs a field more."""
    function = ast.FunctionDef(name, arguments, body, [], **place)
    vars(function)["type_params"] = []
    return function
