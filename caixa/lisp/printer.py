"""Values as text: `write` so that they read back, `display` for people (language.md section 2.4).

Nothing here recurses, so that a list nested 100,000 deep prints, and nothing is quadratic: an integer too
long for CPython's own conversion is abbreviated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from .atoms import (
    CLOSE_ERROR,
    OPEN_ERROR,
    barred,
    escaped,
    is_plain_keyword,
    is_plain_symbol,
    written_character,
)
from .equality import Compound
from .fibers.channel import Channel
from .fibers.fiber import Fiber
from .lists import List, Vector
from .maps import Map, Set
from .names import Char, Keyword, Symbol
from .objects import ErrorValue, Foreign, Promise
from .syntax import Atom, Bracket, Form, Node, Prefix, symbol_name

__all__ = ["display", "write", "write_short", "write_syntax"]

MAX_INTEGER_BITS = 14_280  # 4,299 digits: one fewer than CPython converts and the reader accepts
SHORT = 200  # characters of a value within an error message


class _Brackets(NamedTuple):
    """What a value with parts prints before, between (after odd and even ones) and after them."""

    opening: str
    closing: str
    parts: Iterator[object]
    separators: tuple[str, str] = (" ", " ")


def write(value: object) -> str:
    """Return `value` as text that reads back as an equal value, where it is data."""
    return "".join(_pieces(value, written))


def display(value: object) -> str:
    """Return `value` as a person would read it: strings and characters bare, at any depth."""
    return "".join(_pieces(value, _displayed))


def write_short(value: object, limit: int = SHORT) -> str:
    """Return the first `limit` characters of what `write` returns, taking no longer than that needs."""
    pieces, length = [], 0
    for piece in _pieces(value, written):
        pieces.append(piece)
        length += len(piece)
        if length > limit:
            return "".join(pieces)[:limit] + "…"
    return "".join(pieces)


def write_syntax(node: Node) -> str:
    """Return a syntax node as text, with its prefixes in their short form."""
    return "".join(_pieces(node, written))


def _pieces(value: object, leaf: Callable[[object], str]) -> Iterator[str]:
    """Yield the text of `value` in pieces; what is open stands on a list and not on the C stack."""
    open_values: list[tuple[_Brackets, int]] = []
    while True:
        if isinstance(value, Atom):
            value = value.value
        brackets = _brackets(value)
        if brackets is None:
            yield leaf(value)
        else:
            yield brackets.opening
            open_values.append((brackets, 0))
        while open_values:
            brackets, count = open_values[-1]
            try:
                value = next(brackets.parts)
            except StopIteration:
                yield brackets.closing
                open_values.pop()
                continue
            if count:
                yield brackets.separators[count % 2]
            open_values[-1] = (brackets, count + 1)
            break
        else:
            return


def _brackets(value: object) -> _Brackets | None:  # noqa: PLR0911  # one return for each class with parts
    """Return how a value with parts is printed, or None for one without."""
    if not isinstance(value, _WITH_PARTS):
        return None
    match value:
        case List():
            return _Brackets("(", ")", iter(value))
        case Vector():
            return _Brackets("[", "]", iter(value))
        case Set():
            return _Brackets("#{", "}", iter(value))
        case Map():
            return _Brackets("{", "}", _flat(value.items()), (", ", " "))
        case ErrorValue():
            return _error_brackets(value)
        case Promise():
            return None if value.is_pending else _Brackets("#<promise ", ">", iter((value.value,)))
        case Prefix():
            return _Brackets(_prefix(value), "", iter((value.inner,)))
        case Form():
            separators = (", ", " ") if value.bracket is Bracket.MAP else (" ", " ")
            return _Brackets(*value.bracket.value, iter(value.items), separators)
    return None


_WITH_PARTS = (Compound, Promise, Form, Prefix)


def _error_brackets(value: ErrorValue) -> _Brackets:
    headline = f"{OPEN_ERROR} {written(value.tag)} {escaped(value.message)}"
    if not value.data:
        return _Brackets(headline, CLOSE_ERROR, iter(()))
    return _Brackets(headline + " {", "}" + CLOSE_ERROR, _flat(iter(value.data)))


def _prefix(node: Prefix) -> str:
    """Return the text of a prefix, kept apart from an `@` that would make it another."""
    text = node.kind.text
    return f"{text} " if text == "," and (symbol_name(node.inner) or "").startswith("@") else text


def _flat(pairs: Iterator[tuple[object, object]]) -> Iterator[object]:
    return (part for pair in pairs for part in pair)


def _displayed(value: object) -> str:
    if isinstance(value, str):
        return value
    return value.name if isinstance(value, Char) else written(value)


def written(value: object) -> str:
    """Return the text of a value without parts, as `write` does."""
    kind = type(value)
    if kind in _WRITERS:
        return _WRITERS[kind](value)
    if callable(value):
        return _written_procedure(value)
    text = getattr(kind, "__lisp_text__", None)  # of a report, which is shown as what it says
    if text is not None:
        return str(text(value))
    label = value.label if isinstance(value, Foreign) else kind.__name__
    return f"#<foreign {label}>" if label else "#<foreign>"


def _written_procedure(value: object) -> str:
    name = getattr(value, "__lisp_name__", getattr(value, "__name__", type(value).__name__))
    if getattr(value, "__lisp_native__", False):
        return f"#<native {name}>"
    from .procedures import procedure_params  # noqa: PLC0415  # it reads compiled code, and few procedures are printed

    params = procedure_params(value)
    if params is None:
        return f"#<python {name}>"
    dotted = params.replace("&rest", ".")
    return f"#<closure {dotted}>" if dotted[1:2] not in (")", ".") else "#<closure>"


def _written_integer(value: int) -> str:
    if value.bit_length() <= MAX_INTEGER_BITS:
        return str(value)
    sign, magnitude = ("-", -value) if value < 0 else ("", value)
    digits, leading = _size_in_decimal(magnitude)
    return f"#<integer {sign}{leading}…{magnitude % 10**10:010} of {digits} digits>"


def _size_in_decimal(magnitude: int) -> tuple[int, str]:
    """Return how many digits `magnitude` has, and the first ten, by its logarithm and not by conversion."""
    context = Context(prec=60)
    shift = magnitude.bit_length() - 128
    logarithm = context.add(
        context.log10(Decimal(magnitude >> shift)), context.multiply(Decimal(shift), context.log10(Decimal(2)))
    )
    below = int(logarithm.to_integral_value(ROUND_FLOOR))
    if logarithm - below > Decimal("0.999999999999999999999999999999"):  # so close that only counting decides
        below += magnitude >= 10 ** (below + 1)
    first = context.power(10, context.subtract(logarithm, Decimal(below - 9)))
    return below + 1, str(max(10**9, min(int(first), 10**10 - 1)))


@lru_cache(maxsize=4096)
def _written_symbol(name: str) -> str:
    """Return a symbol's name, between bars if it would not read back as that symbol."""
    return name if is_plain_symbol(name) else barred(name)


def _written_keyword(value: Keyword) -> str:
    return f":{value.name if is_plain_keyword(value.name) else barred(value.name)}"


_WRITERS: dict[type, Callable[..., str]] = {
    type(None): lambda _: "()",
    bool: lambda value: "#t" if value else "#f",
    int: _written_integer,
    float: repr,
    str: escaped,
    Symbol: lambda value: _written_symbol(value.name),
    Keyword: _written_keyword,
    Char: lambda value: written_character(value.name),
    Promise: lambda _: "#<promise pending>",
    Channel: lambda _: "#<foreign>",
    Fiber: lambda _: "#<foreign>",
}
