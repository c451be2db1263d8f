"""Completion and explanation inside a `(defcaixa …)` being typed, from the declarations of the slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from caixa.lisp.source import Source
from caixa.manifest.model import Kind
from caixa.manifest.records import Record, Slot, Tagged
from caixa.manifest.shapes import Boolean, Choice, ListOf, Shape, Text, quoted
from caixa.manifest.slots import CAIXA

from .partial import Branch, Leaf, enclosing, grow

__all__ = ["Suggestion", "complete", "hover"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to put in place of the atom at the cursor (within a string, of what stands between its quotes)."""

    text: str
    kind: str
    detail: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the cursor is: the form, the brackets around it of one shape, and the leaf it touches."""

    form: Branch
    frames: tuple[Branch, ...]
    shape: Shape
    leaf: Leaf | None
    at: int

    @property
    def prefix(self) -> str:
        """What is typed so far, without an opening quote."""
        return self.leaf.text[: self.at - self.leaf.start].lstrip('"') if self.leaf else ""

    @property
    def given(self) -> set[str]:
        """The keywords that are already there, but for the one being typed."""
        pairs = [each for frame in self.frames[:-1] for each in frame.items if isinstance(each, Branch)]
        leaves = (each for frame in (*self.frames, *pairs) for each in _leaves(frame) if each is not self.leaf)
        return {leaf.keyword for leaf in leaves if leaf.keyword is not None}

    @property
    def key(self) -> str | None:
        """The keyword whose value is being typed, or None where a keyword belongs."""
        if self.leaf is not None and self.leaf.keyword is not None:
            return None
        before = [item for item in self.frames[-1].items if _start(item) < self.at and item is not self.leaf]
        last = before[-1] if before else None
        return last.keyword if isinstance(last, Leaf) else None


def complete(source: Source, offset: int) -> list[Suggestion] | None:
    """Return what may stand at a byte offset; None if that is not inside a `(defcaixa …)`.

    Offered are the slots of the kind that are not given yet, the keys of nested values, the names of
    enumerations, booleans, the members for `:de` and `:para`, and an example where a value has its own form.
    The text need not read: brackets and strings may be open.
    """
    site = _site(source, offset)
    if site is None:
        return None
    typed = site.prefix.lower()
    return [each for each in _offers(site) if each.text.strip('"').lower().startswith(typed)]


def hover(source: Source, offset: int) -> str | None:
    """Return what is known of the slot or the value at a byte offset, as Markdown; None if nothing is."""
    site = _site(source, offset + 1)  # a cursor on a character is after it, for the leaf that holds it
    if site is None or site.leaf is None:
        return None
    if site.leaf.text == "defcaixa":
        return "**(defcaixa …)** — a typed package.\n\n" + "\n".join(map(_line, CAIXA.slots))
    name = site.leaf.keyword if site.leaf.keyword is not None else site.key
    slot = next((each for each in _slots(site) if each.keyword == name), None)
    return None if slot is None else _card(slot)


# -- where the cursor is ------------------------------------------------------------------------------------


def _site(source: Source, offset: int) -> _Site | None:
    at = source.char_index(offset)
    path = enclosing(grow(source.text), at)
    depth = next((index for index, branch in enumerate(path) if branch.head == "defcaixa"), None)
    if depth is None:
        return None
    form, shape = path[depth], CAIXA
    frames: tuple[Branch, ...] = (form,)
    current: Shape = shape
    for branch in path[depth + 1 :]:
        inner = _shape_within(current, frames[-1], branch)
        if inner is None:
            return _Site(form, (branch,), Text(), _leaf(branch, at), at)
        frames = (*frames, branch) if inner is current else (branch,)
        current = inner
    return _Site(form, frames, current, _leaf(frames[-1], at), at)


def _shape_within(shape: Shape, outer: Branch, branch: Branch) -> Shape | None:
    """Return the shape of a bracket inside one of `shape`; the same where it is a pair of a list of pairs."""
    if isinstance(shape, ListOf):
        return shape.item
    if not isinstance(shape, Record | Tagged):
        return None
    before = outer.items[: outer.items.index(branch)]
    last = before[-1] if before else None
    if not isinstance(last, Leaf) or last.keyword is None:
        return shape
    records = shape.variants.values() if isinstance(shape, Tagged) else (shape,)
    return next(
        (record.by_keyword[last.keyword].shape for record in records if last.keyword in record.by_keyword), None
    )


def _leaf(branch: Branch, at: int) -> Leaf | None:
    return next((leaf for leaf in _leaves(branch) if leaf.holds(at)), None)


def _leaves(branch: Branch) -> Iterator[Leaf]:
    return (item for item in branch.items if isinstance(item, Leaf))


def _start(item: Branch | Leaf) -> int:
    return item.start


# -- what may stand there -----------------------------------------------------------------------------------


def _offers(site: _Site) -> Iterator[Suggestion]:
    shape = site.shape
    if isinstance(shape, ListOf):
        yield from _examples(shape.item, site)
    elif isinstance(shape, Record | Tagged):
        key = site.key
        if key is None:
            given = site.given
            yield from (_key(slot) for slot in _slots(site) if slot.keyword not in given)
        else:
            slot = next((each for each in _slots(site) if each.keyword == key), None)
            yield from _values(slot, site) if slot else ()


def _slots(site: _Site) -> Sequence[Slot]:
    """Return the slots that the innermost bracket may have: by the kind of caixa, or by the tag."""
    shape = site.shape
    if isinstance(shape, Tagged):
        return _tagged_slots(shape, site.frames)
    if not isinstance(shape, Record):
        return ()
    if shape is not CAIXA:
        return shape.slots
    chosen = site.form.value("kind")
    kind = Choice(Kind).readings.get(chosen.word) if isinstance(chosen, Leaf) else None
    return [slot for slot in CAIXA.slots if kind is None or not slot.kinds or kind in slot.kinds]


def _tagged_slots(shape: Tagged, frames: Iterable[Branch]) -> Sequence[Slot]:
    chosen = next((value for frame in frames if (value := frame.value(shape.tag))), None)
    record = shape.variants.get(chosen.word) if isinstance(chosen, Leaf) else None
    records = [record] if record else shape.variants.values()
    tag = Slot(
        shape.tag, Text("tag"), f"Which kind this is: {', '.join(shape.variants)}.", next(iter(shape.variants))
    )
    return [tag, *{slot.keyword: slot for each in records for slot in each.slots}.values()]


def _values(slot: Slot, site: _Site) -> Iterator[Suggestion]:
    match slot.shape:
        case Choice(of=names):
            yield from (Suggestion(name.value, "enum", f":{slot.keyword}", slot.doc) for name in names)
        case Boolean():
            yield from (Suggestion(word, "boolean", f":{slot.keyword}", slot.doc) for word in ("#t", "#f"))
        case Text(role="membro"):
            yield from _names(_members(site.form), "membro", slot, site)
        case Text(role="tag") if isinstance(site.shape, Tagged):
            yield from (Suggestion(word, "enum", f":{slot.keyword}", slot.doc) for word in site.shape.variants)
        case Text(role="label") if slot.keyword == "caixa":
            members = set(_members(site.form))
            yield from _names([name for name in _ends(site.form) if name not in members], "caixa", slot, site)
        case _ if not site.prefix and site.leaf is None:
            yield Suggestion(slot.example, "example", slot.shape.name, slot.doc)


def _names(names: Iterable[str], kind: str, slot: Slot, site: _Site) -> Iterator[Suggestion]:
    in_string = site.leaf is not None and site.leaf.is_string
    for name in dict.fromkeys(names):
        yield Suggestion(name if in_string else quoted(name), kind, f":{slot.keyword}", slot.doc)


def _examples(shape: Shape, site: _Site) -> Iterator[Suggestion]:
    """Offer the beginning of an item of a list."""
    if site.leaf is not None:
        return
    if isinstance(shape, Record):
        required = " ".join(f":{slot.keyword} {slot.example}" for slot in shape.slots if slot.required)
        yield Suggestion(f"({required})", "example", shape.title)
    elif isinstance(shape, Tagged):
        for word, record in shape.variants.items():
            slots = "".join(f" :{slot.keyword} {slot.example}" for slot in record.slots if slot.required)
            yield Suggestion(f"(:{shape.tag} {word}{slots})", "example", word)


def _members(form: Branch) -> Iterator[str]:
    return _words(form, "membros", ("caixa",))


def _ends(form: Branch) -> Iterator[str]:
    return _words(form, "contratos", ("de", "para"))


def _words(form: Branch, slot: str, keys: Sequence[str]) -> Iterator[str]:
    """Return the names under `keys` in the items of a list slot."""
    items = form.value(slot)
    entries = [item for item in items.items if isinstance(item, Branch)] if isinstance(items, Branch) else []
    values = (entry.value(key) for entry in entries for key in keys)
    return (value.word for value in values if isinstance(value, Leaf) and value.word)


# -- how it is shown ----------------------------------------------------------------------------------------


def _key(slot: Slot) -> Suggestion:
    detail = f"{slot.shape.name}{', required' if slot.required else ''}"
    return Suggestion(f":{slot.keyword}", "slot", detail, _card(slot))


def _line(slot: Slot) -> str:
    return f"- `:{slot.keyword}` {slot.doc}"


def _card(slot: Slot) -> str:
    facts = [slot.shape.name, "required" if slot.required else "optional"]
    if slot.kinds:
        facts.append("for " + ", ".join(slot.kinds))
    lines = [f"**:{slot.keyword}** — {'; '.join(facts)}", slot.doc, f"```\n:{slot.keyword} {slot.example}\n```"]
    inner = slot.shape.item if isinstance(slot.shape, ListOf) else slot.shape
    if isinstance(inner, Record):
        lines.append("\n".join(map(_line, inner.slots)))
    return "\n\n".join(lines)
