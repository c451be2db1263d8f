"""The slots of the manifest as structural schemas: what `slot_schema` says of them, and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from caixa.manifest.codecs import parse_duration
from caixa.manifest.records import Record, Slot, Tagged
from caixa.manifest.shapes import Boolean, Choice, Integer, ListOf, Quantity, Shape, Text
from caixa.manifest.slots import CAIXA

from ..slot_schema import slot_schema
from .rules import BOUNDS, KEYS, ROLES, SETS, shorter_than, validations
from .structural import listed, object_of, structural

__all__ = ["of_caixa", "record_schema"]


def record_schema(record: Record) -> dict[str, Any]:
    """Return the schema of a record."""
    required = tuple(slot.json_name for slot in record.slots if slot.required)
    return object_of(_properties(record, record.slots), required) | validations(record)


def of_caixa(*names: str) -> dict[str, Any]:
    """Return the schemas of some slots of a caixa, by their JSON names."""
    return _properties(CAIXA, [slot for slot in CAIXA.slots if slot.json_name in names])


def _properties(record: Record, slots: Iterable[Slot]) -> dict[str, Any]:
    return {slot.json_name: _slot(record, slot) for slot in slots}


def _slot(record: Record, slot: Slot) -> dict[str, Any]:
    place = record.title, slot.json_name
    plain = structural(slot_schema(slot))
    said = _shape(slot.shape, plain, place)
    return {"description": slot.doc} | said | _longest(slot) | _default(slot)


def _shape(shape: Shape, plain: dict[str, Any], place: tuple[str, str]) -> dict[str, Any]:
    """Return `plain`, the schema by the declaration alone, with what the tables of rules add to it."""
    match shape:
        case Record():
            return record_schema(shape)
        case Tagged():
            return _union(shape, plain)
        case ListOf(item=item):
            return _list(_shape(item, plain["items"], (place[0], f"{place[1]}[]")), place)
    return plain | _scalar(shape) | BOUNDS.get(place, {})


def _list(items: dict[str, Any], place: tuple[str, str]) -> dict[str, Any]:
    key = KEYS.get(place)
    kind = {"x-kubernetes-list-type": "set"} if place in SETS else {}
    return (listed(items, key) if key else listed(items)) | kind | BOUNDS.get(place, {})


def _scalar(shape: Shape) -> dict[str, Any]:
    """Return what holds of any value of a plain shape."""
    match shape:
        case Text(role=""):
            return {"minLength": 0}  # for people: nothing is asked of it
        case Text(role=role):
            return ROLES.get(role, {})
        case Integer():
            return {"format": "int64"}
        case Quantity():
            return {"maxLength": 32}
    return {}


def _union(shape: Tagged, plain: dict[str, Any]) -> dict[str, Any]:
    slots: Mapping[str, tuple[Record, Slot]] = {
        slot.json_name: (record, slot) for record in shape.variants.values() for slot in record.slots
    }
    properties = {
        name: _slot(*slots[name]) if name in slots else part for name, part in plain["properties"].items()
    }
    return plain | {"properties": properties} | validations(shape)


def _longest(slot: Slot) -> dict[str, Any]:
    is_duration = slot.shape == Text("duration") or (
        isinstance(slot.shape, Quantity) and slot.shape.parse is parse_duration
    )
    return shorter_than(slot.highest // 10**9) if is_duration and slot.highest is not None else {}


def _default(slot: Slot) -> dict[str, Any]:
    if slot.default is None or not isinstance(slot.shape, Boolean | Choice | Integer):
        return {}
    return {"default": str(slot.default) if isinstance(slot.shape, Choice) else slot.default}
