"""Symbols and keywords, and fresh ones (language.md sections 3.3 and 5.1)."""

from __future__ import annotations

from itertools import count

from ..errors import TypeMismatch
from ..names import Keyword, Symbol
from .checks import string_of
from .registry import native

__all__ = ["gensym"]

_FRESH = count(1)  # one per process, so that no two fresh symbols are the same, whoever made them


@native("symbol->string")
def symbol_to_string(symbol: object) -> str:
    """Return the name of a symbol."""
    if isinstance(symbol, Symbol):
        return symbol.name
    raise TypeMismatch("symbol", symbol)


@native("keyword->string")
def keyword_to_string(keyword: object) -> str:
    """Return the name of a keyword, without its colon."""
    if isinstance(keyword, Keyword):
        return keyword.name
    raise TypeMismatch("keyword", keyword)


@native("string->symbol")
def string_to_symbol(name: object) -> Symbol:
    """Return the symbol with a name."""
    return Symbol(string_of(name))


@native("string->keyword")
def string_to_keyword(name: object) -> Keyword:
    """Return the keyword with a name."""
    return Keyword(string_of(name))


@native("gensym")
def gensym(prefix: object = "g") -> Symbol:
    """Return a symbol that nothing else is called."""
    name = prefix.name if isinstance(prefix, Symbol) else prefix
    if not isinstance(name, str):
        raise TypeMismatch("string or symbol", prefix)
    return Symbol(f"{name}__{next(_FRESH)}__auto")
