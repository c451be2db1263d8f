"""Compiling a program without running it: what is checked is every form, what happens is nothing.

Definitions of macros and of procedures take effect meanwhile, since later forms may be expanded by them.
"""

from __future__ import annotations

from types import FunctionType

from .compiler.compilation import fill_constants
from .core import Define, Lambda
from .namespace import Namespace
from .program import MACRO_FORMS, Programs
from .reader import read
from .source import Source
from .syntax import Form, Node

__all__ = ["check_program"]


def check_program(programs: Programs, source: Source, namespace: Namespace) -> int:
    """Expand and compile every form of `source`; return how many there are.

    Module forms and typed forms are left alone. What is defined stays in `namespace`. Raises LispError.
    """

    def check(form: Node, namespace: Namespace) -> None:
        head = form.head if isinstance(form, Form) else None
        if isinstance(form, Form) and head in MACRO_FORMS:
            programs.define_macro(form, namespace)
        elif head is None or not (head in programs.top_forms or programs.is_typed(head, namespace)):
            _compile(programs, form, namespace)

    with programs.reporting(source, namespace):
        forms = read(source).forms
        for node in forms:
            programs.each_top(node, namespace, check)
    return len(forms)


def _compile(programs: Programs, form: Node, namespace: Namespace) -> None:
    core = namespace.expander.program(form)
    code, constants = programs.compile(core, form.span, namespace)
    if isinstance(core, Define) and isinstance(core.value, Lambda):  # which runs nothing
        FunctionType(fill_constants(code, constants), namespace.names)()
