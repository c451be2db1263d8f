"""What the words of a manifest point to: packages, members, files; and its parts as an outline."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from caixa.lisp.syntax import Atom, Form, Node, keyword_name
from caixa.manifest.package import MANIFEST

from .index import Index, Part
from .pieces import Parsed
from .project import Project
from .text import Range

__all__ = ["Link", "Slot", "link_at", "slots"]

_MEMBER_SLOTS = ("membros", "children", "deps", "deps-dev")
_NAME_KEYS = ("caixa", "nome")
_END_KEYS = ("de", "para")
_Word = tuple[str, str, Atom]


class Link(NamedTuple):
    """A word of a manifest, and the document that it points to."""

    place: Range
    path: str
    target: Range = Range(0, 0)


class Slot(NamedTuple):
    """A keyword with its value, and the keywords inside, or the items of a list."""

    name: str
    detail: str
    place: Range
    whole: Range
    inside: tuple[Slot, ...]


def link_at(project: Project, index: Index, at: int) -> Link | None:
    """Return what the word of a manifest at `at` points to."""
    part = index.part_at(at)
    for form in part.piece.parsed.forms:
        if isinstance(form, Form) and form.head == "defcaixa":
            for word in _words(form):
                if _range(part, word[2]).holds(at):
                    return _link(project, index, part, form, word)
    return None


def _link(project: Project, index: Index, part: Part, form: Form, word_at: _Word) -> Link | None:
    slot, key, atom = word_at
    place, word = _range(part, atom), str(atom.value)
    if key in _END_KEYS:
        members = (other for of, name, other in _words(form) if of == "membros" and name in _NAME_KEYS)
        member = next((each for each in members if str(each.value) == word), None)
        return None if member is None else Link(place, index.path, _range(part, member))
    folder = posixpath.dirname(index.path)
    if slot in _MEMBER_SLOTS and key in _NAME_KEYS:
        found = project.source_of(folder, word)
        return None if found is None else Link(place, posixpath.join(found, MANIFEST))
    path = posixpath.normpath(posixpath.join(folder, word))
    if key == "caminho":
        path = posixpath.join(path, MANIFEST)
    is_file = isinstance(atom.value, str) and "/" in word and project.exists(path)
    return Link(place, path) if is_file or (key == "caminho" and project.exists(path)) else None


def _words(form: Form) -> Iterator[_Word]:
    """Yield each atom that is a value, with the slot at the top that it is in and the keyword before it."""
    pending: list[tuple[str, str, Node]] = []
    pending += [(keyword_name(key) or "", keyword_name(key) or "", value) for key, value in _pairs(form)]
    while pending:
        slot, key, node = pending.pop()
        if isinstance(node, Atom):
            yield slot, key, node
        elif isinstance(node, Form):
            inner = key
            for item in node.items:
                name = keyword_name(item)
                if name is not None:
                    inner = name
                else:
                    pending.append((slot, inner, item))


def _pairs(form: Form) -> Iterator[tuple[Node, Node]]:
    items = form.items[1:] if form.head is not None else form.items
    return ((key, value) for key, value in zip(items[::2], items[1::2], strict=False) if keyword_name(key))


def _range(part: Part, node: Node) -> Range:
    return part.piece.parsed.range(node.span.start, node.span.end).moved(part.start)


def slots(parsed: Parsed, form: Form, start: int) -> tuple[Slot, ...]:
    """Return the slots of a `(defcaixa …)` in a piece that begins at `start`, two levels of them."""

    def at(first: Node, last: Node) -> Range:
        return parsed.range(first.span.start, last.span.end).moved(start)

    def slot(key: Node, value: Node) -> Slot:
        inside = value.items if isinstance(value, Form) and not any(map(keyword_name, value.items)) else ()
        items = tuple(
            Slot(_title(parsed, item), "", at(item, item), at(item, item), ())
            for item in inside
            if isinstance(item, Form)
        )
        detail = "" if isinstance(value, Form) else parsed.source.slice(value.span)
        return Slot(f":{keyword_name(key)}", detail, at(key, key), at(key, value), items)

    return tuple(slot(key, value) for key, value in _pairs(form))


def _title(parsed: Parsed, item: Form) -> str:
    """Return what an entry of a list is called: its name, its two ends, or how it begins."""
    values = {keyword_name(key): parsed.source.slice(value.span).strip('"') for key, value in _pairs(item)}
    if "de" in values and "para" in values:
        return f"{values['de']} → {values['para']}"
    named = (values[key] for key in (*_NAME_KEYS, "name", "from") if key in values)
    return next(named, parsed.source.slice(item.span)[:40])
