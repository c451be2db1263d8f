"""Values with named parts: records, and unions whose tag chooses the record (caixa.md sections 1.0, 1.3, 1.5).

Read are the flat form `(:a 1 :b 2)` and the documented list of pairs `((:a 1) (:b 2))`; in the APRIL profile
the flat form and, as the older system happens to, the bare values in order. Written is the flat form alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from caixa.lisp.diagnostics import Edit
from caixa.lisp.syntax import Atom, Form, Node, keyword_name, symbol_name

from .decoding import INVALID, Invalid, Place, closest, described
from .model import Kind
from .plists import Pair, is_list, is_plist, paired, plist_pairs
from .profile import Profile
from .shapes import Shape, quoted, unquoted

__all__ = ["Record", "Slot", "Tagged", "camel"]


@dataclass(frozen=True)
class Slot:
    """One declaration of a keyword: everything that any part of the product knows about it.

    `kinds` are the kinds of caixa that use it (empty: all); `omit_default` leaves it out of what is written
    when it has its default; `positive` refuses zero and `highest` anything above, both in the STRICT profile,
    with codes that begin with `rule`, by default with the record and the keyword. A `later` slot is one that
    the older system does not have: the APRIL profile neither reads nor writes it.
    """

    keyword: str
    shape: Shape
    doc: str
    example: str
    default: Any = None
    required: bool = False
    kinds: tuple[Kind, ...] = ()
    omit_default: bool = False
    positive: bool = False
    highest: int | None = None
    rule: str = ""
    later: bool = False

    @cached_property
    def field(self) -> str:
        """The name of the field in the model: `from` is a word of Python, so it becomes `from_`."""
        name = self.keyword.replace("-", "_")
        return "from_" if name == "from" else name

    @cached_property
    def json_name(self) -> str:
        """The name in JSON, in camelCase."""
        return camel(self.keyword)

    def most(self, profile: Profile) -> str:
        """Return `highest` as it would be written."""
        return self.shape.bound(self.highest or 0, profile)

    def is_written(self, value: Any) -> bool:
        """Whether `value` appears in what is written."""
        return value is not None and not (self.omit_default and value == self.default)


@dataclass(frozen=True, eq=False)
class Record(Shape):
    """A value with slots; `model` is the class that holds it, `title` what it is called."""

    title: str
    model: type
    slots: Sequence[Slot]

    @property
    def name(self) -> str:
        """The first keys, as an example."""
        keys = " ".join(f":{slot.keyword} {slot.example}" for slot in self.slots[:2])
        return f"a plist such as ({keys})"

    @cached_property
    def by_keyword(self) -> Mapping[str, Slot]:
        """The slots by keyword."""
        return {slot.keyword: slot for slot in self.slots}

    @cached_property
    def older(self) -> Mapping[str, Slot]:
        """The slots that the older system has, by keyword."""
        return {slot.keyword: slot for slot in self.slots if not slot.later}

    def slots_of(self, profile: Profile) -> Mapping[str, Slot]:
        """Return the slots of a profile by keyword."""
        return self.older if profile is Profile.APRIL else self.by_keyword

    def prefix(self, slot: Slot) -> str:
        """Return what the codes of the rules on a slot begin with, as `limits-fuel`."""
        title = self.title.removeprefix("a ").removeprefix("an ").replace(" ", "-")
        return slot.rule or f"{title}-{slot.keyword}"

    def decode(self, node: Node, place: Place) -> Any:
        """Take a plist or a list of pairs; report unknown, repeated and missing keys."""
        node = unquoted(node, place)
        pairs = self.pairs(node, place)
        if isinstance(pairs, Invalid):
            return INVALID
        return self.decode_pairs(pairs, node, place)

    def pairs(self, node: Node, place: Place) -> Sequence[Pair] | Invalid:
        """Return the pairs of a node in any of the accepted notations."""
        if not isinstance(node, Form) or not is_list(node):
            return self.mistyped(node, place)
        if place.is_april:
            return self._april_pairs(node, place)
        if node.items and all(is_plist(item) for item in node.items):
            return [pair for item in node.items if isinstance(item, Form) for pair in plist_pairs(item.items)]
        return paired(node.items, place)

    def _april_pairs(self, node: Form, place: Place) -> Sequence[Pair] | Invalid:
        if is_plist(node):
            return list({camel(pair.name): pair for pair in plist_pairs(node.items)}.values())
        if len(node.items) > len(self.older):
            return self.mistyped(node, place)
        return [Pair(keyword, item, item) for keyword, item in zip(self.older, node.items, strict=False)]

    def decode_pairs(self, pairs: Sequence[Pair], node: Node, place: Place) -> Any:
        """Return the record that the pairs make; `node` is blamed for what is missing."""
        known = self.matched(pairs, place)
        is_top = not place.path
        values: dict[str, Any] = {}
        for slot in self.slots:
            pair = known.get(slot.keyword)
            if is_top:
                place.blame(slot.keyword, is_native=slot.shape.is_native or pair is None)
            if pair is None:
                value = self.missing(slot, node, place) if slot.required else slot.default
            elif pair.value is None:
                value = INVALID
                place.drop(slot.field)
            else:
                inner = place.step(slot.field, pair.value)
                place.decoding.keys[inner.path] = pair.key.span
                value = slot.shape.decode(pair.value, inner)
            values[slot.field] = slot.default if value is INVALID and not slot.required else value
        return INVALID if any(value is INVALID for value in values.values()) else self.model(**values)

    def matched(self, pairs: Sequence[Pair], place: Place) -> Mapping[str, Pair]:
        """Return the pairs by the keyword of their slot, reporting the unknown and the repeated."""
        known: dict[str, Pair] = {}
        slots = self.slots_of(place.decoding.profile)
        for pair in pairs:
            name = self._by_json_name.get(camel(pair.name), "") if place.is_april and place.path else pair.name
            if name not in slots:
                if not (place.is_april and place.path):
                    self.unknown(pair, place)
            elif name in known and not place.is_april:
                self.repeated(pair, known[name], place)
            else:
                known[name] = pair
        return known

    @cached_property
    def _by_json_name(self) -> Mapping[str, str]:
        return {slot.json_name: slot.keyword for slot in self.slots}

    def unknown(self, pair: Pair, place: Place) -> None:
        """Report a key that no slot has."""
        slots = self.slots_of(place.decoding.profile)
        near = closest(_split_camel(pair.name), slots)
        place.blame(pair.name, is_native=True)
        allowed = ", ".join(f":{keyword}" for keyword in sorted(slots))
        place.report(
            "slot-unknown",
            pair.key.span,
            f"{self.title} has no slot `:{pair.name[:40]}`",
            fix=f"Did you mean `:{near}`?" if near else f"Slots: {allowed}.",
            edits=(Edit(pair.key.span, f":{near}"),) if near else (),
            slot=pair.name,
            suggestion=near,
            allowed=sorted(slots),
        )

    def repeated(self, pair: Pair, first: Pair, place: Place) -> None:
        """Report a key said twice."""
        where = place.decoding.source.position(first.key.span.start)
        place.report(
            "slot-repeated",
            pair.key.span,
            f"`:{pair.name}` is said twice, first at {where}",
            why="One of the two values would be lost.",
            fix="Remove one of them.",
            edits=(Edit(pair.span, ""),),
            slot=pair.name,
        )

    def missing(self, slot: Slot, node: Node, place: Place) -> Invalid:
        """Report a required slot that is not there."""
        return place.refuse(
            "slot-missing",
            node,
            f"{self.title} has no `:{slot.keyword}`",
            why=slot.doc,
            fix=f"Add `:{slot.keyword} {slot.example}`.",
            slot=slot.keyword,
        )

    def written(self, value: Any, profile: Profile = Profile.STRICT) -> Iterator[tuple[Slot, Any]]:
        """Yield the slots that appear in what is written, with their values, in the order of declaration."""
        for slot in self.slots_of(profile).values():
            part = getattr(value, slot.field)
            if slot.is_written(part):
                yield slot, part

    def to_json(self, value: Any, profile: Profile) -> dict[str, Any]:
        """Return an object in the order of declaration."""
        return {
            slot.json_name: slot.shape.to_json(part, profile) for slot, part in self.written(value, profile)
        }

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return a flat plist, its keys in byte order of their JSON names."""
        return f"({' '.join(self.lines(value, profile))})"

    def lines(self, value: Any, profile: Profile) -> list[str]:
        """Return `:key value` for each written slot, in byte order of the JSON names (section 1.6)."""
        parts = sorted(self.written(value, profile), key=lambda part: part[0].json_name)
        return [f":{slot.keyword} {slot.shape.to_lisp(part, profile)}" for slot, part in parts]


@dataclass(frozen=True, eq=False)
class Tagged(Shape):
    """One of several records; the value of the slot `tag` says which."""

    tag: str
    variants: Mapping[str, Record]

    @property
    def name(self) -> str:
        """The tags to choose from."""
        return f"a plist with :{self.tag} " + " or ".join(self.variants)

    def decode(self, node: Node, place: Place) -> Any:
        """Take a plist with the tag, or with the tag in front: `(:load-module "x")`."""
        node = unquoted(node, place)
        if not isinstance(node, Form) or not is_list(node) or not node.items:
            return self.mistyped(node, place)
        head = node.items[0]
        short = keyword_name(head) if not place.is_april else None
        word = short if short in self.variants else symbol_name(head) or _string(head)
        if word is not None and word in self.variants:
            return self._decode_short(self.variants[word], node, place)
        probe = Record(self.title, object, [Slot(self.tag, self, "", "")])
        pairs = probe.pairs(node, place)
        if isinstance(pairs, Invalid):
            return INVALID
        return self._decode_flat(pairs, node, place)

    @property
    def title(self) -> str:
        """What the union is called in messages."""
        return next(iter(self.variants.values())).title

    def _decode_short(self, record: Record, node: Form, place: Place) -> Any:
        rest = node.items[1:]
        if len(rest) > len(record.slots) and not is_plist(Form(node.span, rest)):
            return record.mistyped(node, place)
        if rest and is_plist(Form(node.span, rest)):
            return record.decode_pairs(list(plist_pairs(rest)), node, place)
        pairs = [Pair(slot.keyword, item, item) for slot, item in zip(record.slots, rest, strict=False)]
        return record.decode_pairs(pairs, node, place)

    def _decode_flat(self, pairs: Sequence[Pair], node: Node, place: Place) -> Any:
        tags = [pair for pair in pairs if pair.name == self.tag]
        chosen = tags[0].value if tags else None
        if chosen is None:
            choices = " or ".join(self.variants)
            return place.refuse(
                "slot-missing",
                node,
                f"{self.title} has no `:{self.tag}`",
                fix=f"Add `:{self.tag}` with {choices}.",
                slot=self.tag,
            )
        place.step(self.tag, chosen)
        word = symbol_name(chosen) or _string(chosen)
        record = self.variants.get(word) if word is not None else None
        if record is None:
            near = closest(word or "", self.variants)
            return place.refuse(
                "enum-unknown",
                chosen,
                f"{described(chosen)} is not one of {', '.join(self.variants)}",
                fix=f"Did you mean `{near}`?" if near else f"Write {' or '.join(self.variants)}.",
                rewrite=near,
                value=word,
                expected=list(self.variants),
            )
        for again in () if place.is_april else tags[1:]:
            record.repeated(again, tags[0], place)
        return record.decode_pairs([pair for pair in pairs if pair.name != self.tag], node, place)

    def variant(self, value: Any) -> tuple[str, Record]:
        """Return the tag and the record of a value."""
        return next((word, record) for word, record in self.variants.items() if type(value) is record.model)

    def to_json(self, value: Any, profile: Profile) -> dict[str, Any]:
        """Return an object whose first key is the tag."""
        word, record = self.variant(value)
        return {self.tag: word, **record.to_json(value, profile)}

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return a flat plist with the tag in its sorted place."""
        word, record = self.variant(value)
        tag = f":{self.tag} {quoted(word) if profile is Profile.APRIL else word}"
        return f"({' '.join(sorted([tag, *record.lines(value, profile)]))})"


def _string(node: Node) -> str | None:
    return node.value if isinstance(node, Atom) and isinstance(node.value, str) else None


def camel(keyword: str) -> str:
    """Return `wall-clock` as `wallClock`."""
    return re.sub(r"-([a-z])", lambda match: match[1].upper(), keyword)


def _split_camel(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name[:64]).lower()
