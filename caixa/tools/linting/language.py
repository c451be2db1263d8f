"""What the language itself takes: which heads are no forms of keywords and values."""

from __future__ import annotations

from functools import cache

from caixa.lisp.expander import SPECIAL_FORMS
from caixa.lisp.interpreter import Interpreter

__all__ = ["positional_heads"]


@cache
def positional_heads() -> frozenset[str]:
    """Return the names of the language whose arguments have places, so that a keyword among them is a value."""
    language = Interpreter().main.language
    functions = language.functions()
    keyed = {name for name, value in functions.items() if "&key" in str(getattr(value, "__lisp_params__", ""))}
    return frozenset({*functions, *language.macros, *SPECIAL_FORMS} - keyed)
