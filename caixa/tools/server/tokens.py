"""Semantic tokens: what each word of a document is, since only analysis tells a macro from a function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from caixa.lisp.syntax import Atom, Form, Node, Prefix, Trivia
from caixa.lisp.values import Char, Keyword, Symbol

from .facts import Facts, Kind, Role
from .index import Index, Part
from .pieces import Parsed
from .project import Project
from .text import Encoding, Range, Text

__all__ = ["MODIFIERS", "TYPES", "Splice", "Token", "encoded", "splice", "tokens"]

TYPES = ("keyword", "macro", "function", "variable", "parameter", "string", "number", "comment", "property")
MODIFIERS = ("declaration", "defaultLibrary")
_OF_ROLE = {Role.MACRO: "macro", Role.DEFINE: "function"}


class Token(NamedTuple):
    """A range of one type; `modifiers` is a set of bits."""

    place: Range
    type: str
    modifiers: int = 0


class Splice(NamedTuple):
    """Replace `removed` numbers from `start` on by `data`."""

    start: int
    removed: int
    data: tuple[int, ...]


def tokens(project: Project, index: Index, within: Range | None = None) -> list[Token]:
    """Return the tokens of a document in order, or those of the pieces that touch a range."""
    found: list[Token] = []
    for part in index.parts:
        if within is None or (part.start <= within.end and within.start <= part.piece.end):
            kinds = _kinds(index, part)
            for token in _of_piece(part.piece.parsed, part.facts):
                name = part.piece.parsed.text[token.place.start : token.place.end]
                found.append(_global(project, token, name, kinds)._replace(place=token.place.moved(part.start)))
    return found


def _kinds(index: Index, part: Part) -> dict[str, str]:
    """Return the kinds of the document's definitions among the symbols of a part."""
    return {name: index.definitions[name][-1].kind for name in part.outline.symbols & index.definitions.keys()}


def _global(project: Project, token: Token, name: str, kinds: dict[str, str]) -> Token:
    if token.type != "":
        return token
    kind = kinds.get(name)
    if kind is not None:
        type_ = {Kind.VARIABLE: "variable", Kind.MACRO: "macro"}.get(Kind(kind), "function")
        return token._replace(type=type_)
    is_own = name not in project.language_names()
    return token._replace(type="function", modifiers=token.modifiers | (0 if is_own else 2))


@lru_cache(maxsize=20_000)
def _of_piece(parsed: Parsed, facts: Facts) -> tuple[Token, ...]:
    """Return the tokens of a piece; those of global names have no type yet."""
    names = _names(facts)
    found: list[Token] = []
    pending: list[Node] = list(reversed(parsed.forms))
    trivia: list[Trivia] = list(parsed.trailing)
    while pending:
        node = pending.pop()
        trivia += node.leading
        if isinstance(node, Atom):
            place = parsed.range(node.span.start, node.span.end)
            token = names.get(place) or _literal(node, place)
            found += [token] if token is not None else []
        elif isinstance(node, Form):
            trivia += node.trailing
            pending += reversed(node.items)
        elif isinstance(node, Prefix):
            pending.append(node.inner)
    found += [
        Token(parsed.range(each.span.start, each.span.end), "comment") for each in trivia if not each.is_blank
    ]
    return tuple(sorted(found))


def _names(facts: Facts) -> dict[Range, Token]:
    names: dict[Range, Token] = {}
    for mention in facts.mentions:
        declared = 1 if mention.role is Role.DEFINE else 0
        names[mention.place] = Token(mention.place, "macro" if mention.role is Role.MACRO else "", declared)
    names |= {place: Token(place, "keyword") for place in facts.specials}
    for binding in facts.bindings:
        type_ = "parameter" if binding.is_parameter else "function" if binding.is_function else "variable"
        for place in binding.places():
            names[place] = Token(place, type_, 1 if place == binding.place else 0)
    for each in facts.definitions:
        names.setdefault(each.place, Token(each.place, "function", 1))
    return names


def _literal(node: Atom, place: Range) -> Token | None:
    match node.value:
        case bool():
            return Token(place, "keyword")
        case str() | Char():
            return Token(place, "string")
        case int() | float():
            return Token(place, "number")
        case Keyword():
            return Token(place, "property")
        case Symbol():
            return None
    return None


# -- the wire's form --------------------------------------------------------------------------------------


def encoded(text: Text, found: Sequence[Token], encoding: Encoding) -> list[int]:
    """Return tokens as numbers relative to each other, five for each line that a token is on."""
    data: list[int] = []
    line = column = 0
    for token in found:
        for at, start, length in _lines(text, token.place, encoding):
            data += (at - line, start - column if at == line else start, length)
            data += (TYPES.index(token.type), token.modifiers)
            line, column = at, start
    return data


def _lines(text: Text, place: Range, encoding: Encoding) -> Iterator[tuple[int, int, int]]:
    """Yield the line, column and length of each line that a range is on."""
    first, last = text.place(place.start, encoding), text.place(place.end, encoding)
    if first.line == last.line:
        yield first.line, first.column, last.column - first.column
        return
    for line in range(first.line, last.line + 1):
        start = first.column if line == first.line else 0
        end = last.column if line == last.line else encoding.width(text.line(line))
        if end > start:
            yield line, start, end - start


def splice(before: Sequence[int], after: Sequence[int]) -> Splice | None:
    """Return the one change that makes `after` of `before`; None if they are equal."""
    start = 0
    shortest = min(len(before), len(after))
    while start < shortest and before[start] == after[start]:
        start += 1
    if start == len(before) == len(after):
        return None
    end = 0
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return Splice(start, len(before) - start - end, tuple(after[start : len(after) - end]))
