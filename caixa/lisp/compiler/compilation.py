"""One top-level form as a Python code object, and its constants put in."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from types import CodeType
from typing import Any

from ..core import Core, Local
from ..errors import RecursionLimit
from ..source import Span
from .loops import plan_loops
from .lowering import lower_unit
from .metering import metered
from .naming import MARK
from .placing import Placer
from .plan import Region
from .units import Globals, Unit

__all__ = ["compile_core", "fill_constants"]

_COMPILER_DEPTH = 900  # frames that CPython's compiler may use, whose recursion costs C stack


def compile_core(  # noqa: PLR0913  # what code is, where it stands, what it may assume
    core: Core,
    span: Span,
    placer: Placer,
    globals_: Globals,
    visible: Sequence[Local] = (),
    *,
    optimized: bool = True,
    is_metered: bool = False,
) -> tuple[CodeType, list[object]]:
    """Return the code of a function that evaluates `core`, and the constants that it is to be filled with.

    `visible` are variables of a running procedure that `eval` code may use; they are free in the code. Without
    `optimized`, every procedure stays one and every call of a native is a call. What `is_metered` counts its
    work. Raises RecursionLimit for code that is nested too deep.
    """
    plan = plan_loops(core, globals_.is_native, optimized=optimized)
    elsewhere = Region(None)
    for local in visible:
        plan.homes[local] = elsewhere
    unit = Unit(plan, placer, globals_, optimized=optimized)
    unit.reserve(visible)
    module = lower_unit(core, unit, span)
    if is_metered:
        module = metered(module)
    if visible:
        module.body = [unit.enclosed(module.body[0], visible, placer.place(span))]
    code = _compiled(module, span)
    for _ in range(2 if visible else 1):
        code = next(part for part in code.co_consts if isinstance(part, CodeType))
    return code, unit.constants


def _compiled(module: Any, span: Span) -> CodeType:
    """Compile with the usual limit on recursion, since CPython's compiler relies on it to spare the C stack."""
    limit = sys.getrecursionlimit()
    depth = _stack_depth(limit)
    try:
        sys.setrecursionlimit(min(limit, depth + _COMPILER_DEPTH))
        with warnings.catch_warnings():  # Python would warn of `(1 2)` in words of its own, before our error
            warnings.simplefilter("ignore", SyntaxWarning)
            return compile(module, span.source, "exec", dont_inherit=True, optimize=0)
    except RecursionError:
        raise RecursionLimit("forms are nested too deep to be compiled", span) from None
    finally:
        sys.setrecursionlimit(limit)


def _stack_depth(limit: int) -> int:
    if limit <= 1000:
        return 0
    depth = 0
    frame = sys._getframe()
    while frame is not None:
        depth += 1
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    return depth


def fill_constants(code: CodeType, constants: Sequence[object]) -> CodeType:
    """Return `code` with each placeholder for a Lisp value replaced by the value."""
    if not constants:
        return code
    return code.replace(co_consts=tuple([_filled(each, constants) for each in code.co_consts]))


def _filled(constant: Any, constants: Sequence[object]) -> Any:
    if isinstance(constant, CodeType):
        return fill_constants(constant, constants)
    if isinstance(constant, tuple):
        if len(constant) == 2 and constant[0] == MARK:
            return constants[constant[1]]
        return tuple([_filled(part, constants) for part in constant])
    return constant
