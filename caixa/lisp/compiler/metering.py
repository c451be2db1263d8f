"""Counting the work of compiled code: a step at the start of each procedure, and at each turn of a loop."""

from __future__ import annotations

import ast
from typing import Final

from .naming import support_name

__all__ = ["STEP", "metered"]

STEP: Final = "step"
"""The function of the run time that counts one step."""

_LOAD = ast.Load()


def metered(module: ast.Module) -> ast.Module:
    """Return `module`, whose only statement is a function, with its inner functions and loops made to count."""
    for node in ast.walk(module):
        if isinstance(node, (ast.While, ast.For)):
            node.body.insert(0, _step(node))
        elif isinstance(node, ast.FunctionDef) and node not in module.body:  # what only makes functions is free
            node.body.insert(_first(node), _step(node))
    return module


def _first(function: ast.FunctionDef) -> int:
    """Return where a function begins, after its docstring and its declarations."""
    at = 0
    for statement in function.body:
        is_doc = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_doc and not isinstance(statement, (ast.Nonlocal, ast.Global)):
            break
        at += 1
    return at


def _step(around: ast.stmt) -> ast.Expr:
    """Return a statement that counts, placed where `around` begins."""
    place = {
        "lineno": around.lineno,
        "col_offset": around.col_offset,
        "end_lineno": around.lineno,
        "end_col_offset": around.col_offset,
    }
    call = ast.Call(ast.Name(support_name(STEP), _LOAD, **place), [], [], **place)
    return ast.Expr(call, **place)
