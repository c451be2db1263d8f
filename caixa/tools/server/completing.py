"""What may stand at the cursor: slots and values of a manifest, names in scope, names of modules, natives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from caixa.lisp.values import Keyword
from caixa.tools.assist import complete as slot_complete

from .explaining import call_text
from .index import Index, Part
from .observing import CURSOR
from .pieces import mended, parse
from .project import Project
from .text import Range

__all__ = ["Item", "complete"]

_NAME: Final = re.compile(r"""[^\s()\[\]{}"'`,;]+""")
_HIDING: Final = re.compile(
    r'"(?:[^"\\]|\\.)*(?P<text>"|\Z)|;[^\n]*(?P<comment>\n|\Z)|#\|(?:.(?!\|#))*', re.DOTALL
)


class Item(NamedTuple):
    """One suggestion: what replaces `place`, what kind of thing it is, and where to find more about it."""

    text: str
    kind: str
    place: Range
    detail: str = ""
    doc: str = ""
    path: str | None = None
    name: str | None = None


def complete(project: Project, index: Index, at: int) -> list[Item]:
    """Return what may stand at `at`; the text need not read."""
    part = index.part_at(at)
    offset = at - part.start
    slots = _slots(part, offset)
    if slots is not None:
        return slots
    if _is_hidden(part.piece.parsed.text, offset):
        return []
    place = _name_around(part.piece.parsed.text, offset)
    typed = part.piece.parsed.text[place.start : offset]
    found: dict[str, Item] = {}
    for item in _names(project, index, part, place, typed):
        found.setdefault(item.text, item._replace(place=item.place.moved(part.start)))
    return list(found.values())


def _slots(part: Part, offset: int) -> list[Item] | None:
    """Return what may stand in a manifest; None outside of one."""
    source = parse(part.piece.parsed.text).source
    if "(defcaixa" not in source.text:
        return None
    found = slot_complete(source, source.byte_offset(offset))
    if found is None:
        return None
    place = _name_around(source.text, offset).moved(part.start)
    return [Item(each.text, each.kind, place, each.detail, each.doc) for each in found]


def _is_hidden(text: str, offset: int) -> bool:
    """Whether `offset` is in a string or a comment."""
    for match in _HIDING.finditer(text):
        if match.start() >= offset:
            return False
        if offset < match.end() or (offset == match.end() and not match["text"] and not match["comment"]):
            return True
    return False


def _name_around(text: str, offset: int) -> Range:
    """Return the range of the name that ends at, begins at or holds `offset`; empty if there is none."""
    line = text.rfind("\n", 0, offset) + 1
    for match in _NAME.finditer(text, line):
        if match.start() > offset:
            break
        if offset <= match.end():
            return Range(match.start(), match.end())
    return Range(offset, offset)


def _names(project: Project, index: Index, part: Part, place: Range, typed: str) -> Iterator[Item]:
    if typed.startswith(":"):
        known = sorted(f":{name}" for name in Keyword.known())
        yield from (Item(name, "keyword", place) for name in known if name.startswith(typed))
        return
    for name in _locals(project, index, part, place):
        if name.startswith(typed):
            yield Item(name, "local", place, "local")
    for name, definitions in index.definitions.items():
        if name.startswith(typed):
            definition = definitions[-1]
            yield Item(name, definition.kind, place, call_text(definition), path=index.path, name=name)
    yield from _imported(project, index, place, typed)
    for each in project.expansions.interpreter.completions(typed):
        yield Item(each.name, each.kind, place, each.signature, name=each.name)


def _locals(project: Project, index: Index, part: Part, place: Range) -> tuple[str, ...]:
    """Return the local names that can be seen at `place`, the innermost first."""
    text = part.piece.parsed.text
    again = mended(f"{text[: place.start]}{CURSOR}{text[place.end :]}", "completion")
    return project.expansions.visible(again, index.environment, part.known, part.hidden)


def _imported(project: Project, index: Index, place: Range, typed: str) -> Iterator[Item]:
    for name, meaning in project.imports(index).items():
        if name.startswith(typed):
            module = project.index(meaning.path) if meaning.path is not None else None
            definitions = module.definitions.get(meaning.name, []) if module is not None else []
            kind = definitions[-1].kind if definitions else "function"
            detail = call_text(definitions[-1]) if definitions else ""
            yield Item(name, kind, place, detail, path=meaning.path, name=meaning.name)
