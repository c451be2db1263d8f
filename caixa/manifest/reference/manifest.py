"""docs/manifest.md: every slot and every key within one, from the declarations; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caixa.lisp.reference.document import Block, Code, Heading, Inline, Listing, Paragraph, Table, prose, render

from ..model import Kind
from ..profile import Profile
from ..records import Record, Slot, Tagged
from ..shapes import ListOf, Shape
from ..slots import CAIXA

__all__ = ["manifest_page"]

_INTRODUCTION = (
    "A package is a directory with a `caixa.lisp`, which holds one `(defcaixa …)`: keywords and values in turn."
    " Read are `(:a 1 :b 2)` and `((:a 1) (:b 2))`, names of enumerations in any spelling, and `t` and `nil`"
    " for booleans; only the flat form with `#t` and `#f` is written. `feira help :limits` shows a slot, and"
    " `feira explain CODE` a rule."
)
_LATER = "Slots that the older system does not have are marked with a star; its profile, `april`, refuses them."
_NOTICE = (
    "Do not edit: `python -m caixa.manifest.reference docs` makes this page of the declarations of the slots."
)


def manifest_page() -> str:
    """Return the text of the page."""
    return render(list(_page()))


def _page() -> Iterator[Block]:
    yield Heading(1, ("The manifest",))
    yield Paragraph(prose(_INTRODUCTION))
    yield Paragraph(prose(_LATER))
    for title, slots in _groups():
        yield Heading(2, (title,))
        yield from _slots(slots)
    yield Heading(2, ("Within the slots",))
    seen: set[str] = set()
    for slot in CAIXA.slots:
        yield from _within(slot.shape, seen)
    yield Paragraph(prose(_NOTICE))


def _groups() -> Iterator[tuple[str, list[Slot]]]:
    """Yield the slots by the kinds that use them, those of every kind first."""
    groups: dict[tuple[Kind, ...], list[Slot]] = {}
    for slot in CAIXA.slots:
        groups.setdefault(slot.kinds, []).append(slot)
    for kinds, slots in groups.items():
        names = [kind.indefinite for kind in kinds]
        yield (f"Of {' or '.join(names)}" if names else "Of every kind"), slots


def _within(shape: Shape, seen: set[str]) -> Iterator[Block]:
    """Yield a section for each record in `shape` that was not shown yet."""
    match shape:
        case ListOf(item=item):
            yield from _within(item, seen)
        case Tagged():
            for word, record in shape.variants.items():
                yield from _record(record, seen, f":{shape.tag} {word} ")
        case Record():
            yield from _record(shape, seen, "")


def _record(record: Record, seen: set[str], tag: str) -> Iterator[Block]:
    if record.title in seen or not record.slots:
        return
    seen.add(record.title)
    yield Heading(3, (_capital(record.title),))
    yield from _slots(record.slots, tag)
    for slot in record.slots:
        yield from _within(slot.shape, seen)


def _slots(slots: Sequence[Slot], tag: str | None = None) -> Iterator[Block]:
    yield Table(("slot", "value", "when absent", "what it is"), tuple([_row(slot) for slot in slots]))
    lines = [f":{slot.keyword} {slot.example}" for slot in slots]
    yield Listing("\n".join(lines) if tag is None else f"({tag}" + "\n ".join(lines) + ")")


def _row(slot: Slot) -> tuple[tuple[Inline, ...], ...]:
    star = ("*",) if slot.later else ()
    return (Code(f":{slot.keyword}"), *star), prose(_kind_of(slot.shape)), _absent(slot), prose(_doc(slot))


def _kind_of(shape: Shape) -> str:
    """Return what a value is, by the name of its section where it has one."""
    match shape:
        case Record():
            return shape.title
        case Tagged():
            return " or ".join(shape.variants[word].title for word in shape.variants)
        case ListOf(item=item):
            return f"a list, each {_kind_of(item)}"
    return shape.name


def _absent(slot: Slot) -> tuple[Inline, ...]:
    if slot.required:
        return ("required",)
    return ("unset",) if slot.default is None else (Code(slot.shape.to_lisp(slot.default, Profile.STRICT)),)


def _doc(slot: Slot) -> str:
    bounds = [f"more than 0{',' if slot.highest else '.'}"] if slot.positive else []
    bounds += [f"at most `{slot.most(Profile.STRICT)}`."] if slot.highest is not None else []
    return " ".join([slot.doc, *([_capital(" ".join(bounds))] if bounds else [])])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
