"""What is known of a name or a slot, as Markdown, and how what is being called takes its arguments."""

from __future__ import annotations

from typing import NamedTuple

from caixa.lisp.syntax import Form, Node
from caixa.tools.assist import hover as slot_hover
from caixa.tools.partial import Branch, Leaf, enclosing, grow

from .facts import Definition
from .index import Index, Local, Part
from .manifests import link_at
from .navigation import name_at
from .pieces import parse
from .project import Meaning, Project
from .text import Encoding, Range

__all__ = ["Called", "Signature", "about", "hover", "in_manifest", "signature"]

_MARKERS = ("&optional", "&key", "&rest", ".")


class Signature(NamedTuple):
    """One way to call something: its text, and the range of each parameter in it."""

    label: str
    parameters: tuple[Range, ...]
    active: int | None


class Called(NamedTuple):
    """What is being called: each way to do it, which of them fits, and what it does."""

    signatures: tuple[Signature, ...]
    chosen: int
    doc: str


# -- hover ------------------------------------------------------------------------------------------------


def hover(project: Project, index: Index, at: int) -> tuple[str, Range] | None:
    """Return what is known of the thing at `at` and where it stands; None if nothing is."""
    part = index.part_at(at)
    if in_manifest(part, at):
        return _slot(project, index, part, at)
    found = name_at(project, index, at)
    if isinstance(found, Local):
        place = next(place for place in found.places() if place.holds(at))
        return _local(index, found), place
    if found is not None:
        text = about(project, *found[0])
        return None if text is None else (text, found[1])
    for special in part.facts.specials:
        if special.holds(at - part.start):
            name = part.piece.parsed.text[special.start : special.end]
            text = about(project, None, name)
            return None if text is None else (text, special.moved(part.start))
    return None


def in_manifest(part: Part, at: int) -> bool:
    """Whether `at` is inside a `(defcaixa …)`."""
    return any(
        isinstance(form, Form)
        and form.head == "defcaixa"
        and part.piece.parsed.range(form.span.start, form.span.end).moved(part.start).holds(at)
        for form in part.piece.parsed.forms
    )


def _slot(project: Project, index: Index, part: Part, at: int) -> tuple[str, Range] | None:
    source = part.piece.parsed.source
    text = slot_hover(source, source.byte_offset(min(at - part.start, len(source.text))))
    link = link_at(project, index, at)
    if text is None:
        return None
    place = link.place if link is not None else Range(at, at)
    return (f"{text}\n\n→ {link.path}" if link is not None else text), place


def _local(index: Index, local: Local) -> str:
    what = "parameter" if local.binding.is_parameter else "local variable"
    line = index.text.place(local.place.start, Encoding.UTF8).line + 1
    return f"```scheme\n{local.binding.name}\n```\n*{what}*, bound on line {line}"


def about(project: Project, path: str | None, name: str) -> str | None:
    """Return what is known of a global name that `path` defines (None: the language does), as Markdown."""
    if path is None:
        found = project.expansions.interpreter.describe(name)
        return None if found is None else found.markdown()
    index = project.index(path)
    definitions = index.definitions.get(name, []) if index is not None else []
    return _defined(definitions[-1], path) if definitions else None


def _defined(definition: Definition, path: str) -> str:
    doc = f"\n\n{_dedented(definition.doc)}" if definition.doc else ""
    return f"```scheme\n{call_text(definition)}\n```\n*{definition.kind}*, {path.rpartition('/')[2]}{doc}"


def _dedented(doc: str) -> str:
    return "\n".join(line.strip() for line in doc.strip().splitlines())


def call_text(definition: Definition) -> str:
    """Return how a definition is called: `(f x &optional y)`, or its name alone."""
    if not definition.params:
        return definition.name
    return f"({' '.join([definition.name, definition.params[1:-1]]).rstrip()})"


# -- signatures -------------------------------------------------------------------------------------------


def signature(project: Project, index: Index, at: int) -> Called | None:
    """Return how the innermost call around `at` is written, and at which parameter `at` is."""
    part = index.part_at(at)
    branch = _call_around(part, at)
    head = branch.head if branch is not None else None
    if branch is None or head is None or in_manifest(part, at):
        return None
    texts, doc = _ways(project, index, head)
    if not texts:
        return None
    arguments = [item for item in branch.items[1:] if item.start < at - part.start]
    is_between = not arguments or _end(arguments[-1]) < at - part.start
    count = len(arguments) - (0 if is_between else 1)
    signatures = tuple(_signature(text, arguments, count) for text in texts)
    fits = (number for number, each in enumerate(signatures) if each.active is not None)
    return Called(signatures, next(fits, len(signatures) - 1), doc)


def _call_around(part: Part, at: int) -> Branch | None:
    """Return the innermost list that is open at `at` and begins with a name."""
    path = enclosing(grow(part.piece.parsed.text), at - part.start)
    branch = path[-1] if path else None
    if branch is None or part.piece.parsed.text[branch.start] != "(":
        return None
    first = branch.items[0] if branch.items else None
    is_past = isinstance(first, Leaf) and first.end < at - part.start
    return branch if is_past else None


def _end(item: Branch | Leaf) -> int:
    return item.end


def _ways(project: Project, index: Index, head: str) -> tuple[list[str], str]:
    """Return each way in which the name `head` is called here, and what it does."""
    meaning = project.meaning(index, head) or Meaning(None, head)
    if meaning.path is None:
        found = project.expansions.interpreter.describe(head)
        if found is None or not found.signature.startswith("("):
            return [], ""
        return _shapes(found.signature), found.doc
    module = project.index(meaning.path)
    definitions = module.definitions.get(meaning.name, []) if module is not None else []
    return [call_text(each) for each in definitions[-1:] if each.params], "".join(
        d.doc for d in definitions[-1:]
    )


def _shapes(text: str) -> list[str]:
    parsed = parse(text)
    if parsed.error is not None:
        return [text]
    return [parsed.source.slice(form.span) for form in parsed.forms if isinstance(form, Form)]


def _signature(text: str, arguments: list[Branch | Leaf], count: int) -> Signature:
    """Return a way of calling, with the parameter that argument number `count` is for."""
    parsed = parse(text)
    form = parsed.forms[0] if parsed.forms else None
    items = form.items[1:] if isinstance(form, Form) else ()
    words = [(parsed.source.slice(item.span), parsed.range(item.span.start, item.span.end)) for item in items]
    ranges = tuple(place for word, place in words if word not in _MARKERS)
    return Signature(text, ranges, _active(list(items), [word for word, _ in words], arguments, count))


def _active(items: list[Node], words: list[str], arguments: list[Branch | Leaf], count: int) -> int | None:
    """Return the number of the parameter, markers left out, that takes argument `count`; None if none does."""
    marker, number, keys = "", 0, []
    for item, word in zip(items, words, strict=True):
        if word in _MARKERS:
            marker = word
            continue
        if marker == "&key":
            name = parse(word).forms[0] if word.startswith("(") else item
            written = word[1:].split()[0] if isinstance(name, Form) else word
            keys.append((written, number))
        elif marker in ("&rest", ".") or word.endswith(("…", "...")) or number == count:
            return number
        number += 1
    if not keys:
        return None
    given = [each.keyword for each in arguments[: count + 1] if isinstance(each, Leaf) and each.keyword]
    return next((number for name, number in keys if given and name == given[-1]), keys[0][1])
