"""The outline of a document, and the definitions of all documents by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from caixa.lisp.syntax import Form

from .facts import Kind
from .index import Index, Part
from .manifests import Slot, slots
from .project import Project
from .text import Range

__all__ = ["Found", "Symbol", "search", "symbols"]


class Symbol(NamedTuple):
    """Something with a name; `place` is its name, `whole` the form."""

    name: str
    kind: str
    detail: str
    place: Range
    whole: Range
    inside: tuple[Symbol, ...] = ()


class Found(NamedTuple):
    """A definition of a document."""

    path: str
    symbol: Symbol


def symbols(index: Index) -> list[Symbol]:
    """Return what a document defines, in order, with the local functions and slots inside."""
    return [symbol for part in index.parts for symbol in _of_part(part)]


def _of_part(part: Part) -> Iterator[Symbol]:
    for form in part.piece.parsed.forms:
        if isinstance(form, Form) and form.head is not None and form.head.startswith("def"):
            yield from _typed(part, form)
    for each in sorted(part.facts.definitions, key=lambda each: each.place):
        inside = tuple(
            Symbol(b.name, "function", "", b.place.moved(part.start), b.place.moved(part.start))
            for b in sorted(part.facts.bindings, key=lambda binding: binding.place)
            if b.is_function and each.whole.covers(b.place)
        )
        yield Symbol(
            each.name,
            each.kind,
            each.params,
            each.place.moved(part.start),
            each.whole.moved(part.start),
            inside,
        )


def _typed(part: Part, form: Form) -> Iterator[Symbol]:
    """Yield a typed form, which is data: a caixa, or one of a domain that is not ours."""
    parsed = part.piece.parsed
    whole = parsed.range(form.span.start, form.span.end)
    if any(each.whole == whole or whole.covers(each.place) for each in part.facts.definitions):
        return
    found = slots(parsed, form, part.start)
    if not found:
        return
    head = form.head or ""
    nome = next((slot.detail.strip('"') for slot in found if slot.name in (":nome", ":name")), "")
    at = parsed.range(form.items[0].span.start, form.items[0].span.end).moved(part.start)
    kind = Kind.CAIXA if head == "defcaixa" else "typed"
    yield Symbol(nome or head, kind, head, at, whole.moved(part.start), tuple(map(_slot, found)))


def _slot(slot: Slot) -> Symbol:
    return Symbol(slot.name, "slot", slot.detail, slot.place, slot.whole, tuple(map(_slot, slot.inside)))


def search(project: Project, query: str) -> list[Found]:
    """Return the definitions in all known documents whose name has the letters of `query` in order."""
    paths = dict.fromkeys(path for each in [*project.open, *project.folders] for path in project.around(each))
    indexes = (project.index(path) for path in paths)
    return [
        Found(index.path, symbol)
        for index in indexes
        if index is not None
        for symbol in symbols(index)
        if _has(symbol.name.lower(), query.lower())
    ]


def _has(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
