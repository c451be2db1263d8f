"""Lending: how a name of one namespace comes to mean something in another.

A value is copied. A macro is lent with what its expansions are made of: a global that a template names is that
of the macro's own module, wherever the macro is used, and need not be provided. Where it is used it goes by a
name that no program can spell.
"""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from .compiler.naming import MARK, lisp_name, python_name
from .data import Origins
from .expander import Macro
from .lists import List, Vector
from .maps import Map, Set
from .names import Symbol

if TYPE_CHECKING:
    from .modules import Module
    from .namespace import Namespace

__all__ = ["hidden_names", "lend", "lend_hidden_again", "withdraw"]


def lend(lender: Module, name: str, borrower: Namespace, as_name: str) -> bool:
    """Let `as_name` mean in `borrower` what `name` means in `lender`; return whether that is a change."""
    macro = lender.find_macro(name)
    if macro is not None:
        if lender.macros.get(name) is macro:
            macro = macro._replace(function=_LentMacro(macro, lender, borrower))
        borrower.add_macro(macro._replace(name=as_name))
        return True
    value = lender.lookup(name)
    is_known = borrower.is_variable(as_name) and borrower.lookup(as_name) is value
    borrower.define(as_name, value)
    return not is_known


def withdraw(borrower: Namespace, as_name: str) -> None:
    """Let `as_name`, which was lent, mean nothing any more."""
    borrower.macros.pop(as_name, None)
    borrower.names.pop(python_name(as_name), None)


def lend_hidden_again(lender: Module, borrower: Namespace) -> None:
    """Lend anew what expansions of the lender's macros have named, since the lender was loaded anew."""
    for as_name, name in hidden_names(lender, borrower):
        if _belongs(name, lender):
            lend(lender, name, borrower, as_name)


def hidden_names(lender: Module, borrower: Namespace) -> list[tuple[str, str]]:
    """Return under which hidden names `borrower` has something of `lender`, each with its name there."""
    prefix = _hidden(lender, "")
    variables = [lisp_name(name) for name in borrower.names if name.startswith(python_name(prefix))]
    macros = [name for name in borrower.macros if name.startswith(prefix)]
    return [(as_name, as_name.removeprefix(prefix)) for as_name in (*variables, *macros)]


def _hidden(lender: Module, name: str) -> str:
    return f"{MARK}{lender.key}/{name}"


def _belongs(name: str, namespace: Namespace) -> bool:
    """Whether `name` is defined in `namespace` and not by the language behind it."""
    return name in namespace.macros or namespace.is_variable(name)


class _LentMacro:
    """The function of a macro that is used in another namespace than its own."""

    def __init__(self, macro: Macro, lender: Module, borrower: Namespace) -> None:
        self._macro, self._lender, self._borrower = macro, lender, borrower

    @property
    def __code__(self) -> CodeType:
        """See what the macro's parameters are: those of the function itself."""
        return self._macro.function.__code__

    @property
    def __defaults__(self) -> tuple[object, ...] | None:
        """See `__code__`."""
        return self._macro.function.__defaults__

    def __call__(self, *arguments: object) -> object:
        """Expand, and let the globals in what came from the template be the lender's."""
        origins = self._borrower.language.templates.origins or Origins()
        return self._resolved(self._macro.function(*arguments), origins)

    def _resolved(self, value: object, origins: Origins) -> object:
        """Return the code `value` with the names that mean something to the lender replaced.

        What came from the call is left as it is, and so is what is quoted.
        """
        if isinstance(value, Symbol):
            return value if origins.span_of(value) is not None else self._own(value)
        if origins.node_of(value) is not None or _is_quoted(value):
            return value
        if isinstance(value, Map):
            made = Map(
                [(self._resolved(key, origins), self._resolved(at, origins)) for key, at in value.items()]
            )
            origins.admit(made)
            return made
        if isinstance(value, (List, Vector, Set)):
            return type(value)([self._resolved(item, origins) for item in value])
        return value

    def _own(self, symbol: Symbol) -> Symbol:
        if not _belongs(symbol.name, self._lender):
            return symbol
        hidden = _hidden(self._lender, symbol.name)
        lend(self._lender, symbol.name, self._borrower, hidden)
        return Symbol(hidden)


def _is_quoted(value: object) -> bool:
    return isinstance(value, List) and len(value) == 2 and next(iter(value)) == Symbol("quote")
