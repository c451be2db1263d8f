"""The declarations of the slots as JSON Schema, so that a chart checks what the manifest's reader checks.

Written in the part of draft-07 that structural schemas of Kubernetes know too, but for `additionalProperties`
beside `properties`, which closes an object here and goes without saying there. Patterns are RE2, as Helm reads
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from caixa.manifest import codecs
from caixa.manifest.records import Record, Slot, Tagged
from caixa.manifest.shapes import Boolean, Choice, Integer, ListOf, Literal, Quantity, Shape, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LABEL_PATTERN", "closed", "record_schema", "shape_schema", "slot_schema"]

LABEL_PATTERN: Final = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"

_WHOLE = "[0-9]+(\\.[0-9]+)?"
_NOT_ZERO = "(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)"
_UNITS: dict[Callable[[str], Any], str] = {
    codecs.parse_bytes: "(B|KB|MB|GB|KiB|MiB|GiB)?",
    codecs.parse_duration: "(ms|s|m|h)?",
    codecs.parse_millicores: "m?",
    codecs.parse_rate: "/(s|m|h)",
}
_FRACTIONLESS = (codecs.parse_millicores, codecs.parse_rate)


def record_schema(record: Record) -> dict[str, Any]:
    """Return the schema of a record's JSON form, closed to keys that are no slot."""
    return closed(
        {slot.json_name: slot_schema(slot) for slot in record.slots},
        [slot.json_name for slot in record.slots if slot.required],
    )


def slot_schema(slot: Slot) -> dict[str, Any]:
    """Return the schema of one slot: its shape, its bounds, what it is for."""
    return {"description": slot.doc} | shape_schema(slot.shape, slot)


def shape_schema(shape: Shape, slot: Slot | None = None) -> dict[str, Any]:  # noqa: PLR0911 - one per shape
    """Return the schema of a shape; `slot` adds the bounds that it declares."""
    match shape:
        case Record():
            return record_schema(shape)
        case Tagged():
            return _union(shape)
        case ListOf(item=item):
            return {"type": "array", "items": shape_schema(item)}
        case Choice(of=names):
            return {"type": "string", "enum": [name.value for name in names]}
        case Boolean():
            return {"type": "boolean"}
        case Literal():
            return {"type": ["boolean", "number", "string"]}
        case Integer():
            return _integer(shape, slot)
        case Quantity():
            return {"type": "string", "pattern": _quantity(shape, slot)}
        case Text(role=role):
            return {"type": "string"} | ({"pattern": LABEL_PATTERN} if role == "label" else {"minLength": 1})
    message = f"no schema for {shape.name}"
    raise NotImplementedError(message)


def closed(properties: dict[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    """Return the schema of an object that has these keys and no others."""
    names = list(required)
    head: dict[str, Any] = {"type": "object", "additionalProperties": False}
    return head | ({"required": names} if names else {}) | {"properties": properties}


def _integer(shape: Integer, slot: Slot | None) -> dict[str, Any]:
    highest = slot.highest if slot is not None and slot.highest is not None else shape.highest
    lowest = max(shape.lowest, 1) if slot is not None and slot.positive else shape.lowest
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def _quantity(shape: Quantity, slot: Slot | None) -> str:
    positive = slot is not None and slot.positive
    if shape.parse in _FRACTIONLESS:
        return f"^{'0*[1-9][0-9]*' if positive else '[0-9]+'}{_UNITS[shape.parse]}$"
    return f"^{_NOT_ZERO if positive else _WHOLE}{_UNITS[shape.parse]}$"


def _union(shape: Tagged) -> dict[str, Any]:
    """Return one closed object with every key, and for each tag which of them it needs and refuses."""
    properties = {
        slot.json_name: slot_schema(slot) for record in shape.variants.values() for slot in record.slots
    }
    whole = closed({shape.tag: {"type": "string", "enum": list(shape.variants)}} | properties, [shape.tag])
    branches = [_variant(shape.tag, word, record, properties) for word, record in shape.variants.items()]
    return whole | {"oneOf": branches}


def _variant(tag: str, word: str, record: Record, properties: dict[str, Any]) -> dict[str, Any]:
    needed = [slot.json_name for slot in record.slots if slot.required]
    own = {slot.json_name for slot in record.slots}
    foreign = [{"required": [name]} for name in properties if name not in own]
    branch: dict[str, Any] = {"properties": {tag: {"enum": [word]}}, "required": [tag, *needed]}
    return branch | ({"not": {"anyOf": foreign}} if foreign else {})
