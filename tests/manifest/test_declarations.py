"""The declarations of the slots agree with the model, and each example reads."""

from __future__ import annotations

import dataclasses

import pytest

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.model import Kind
from caixa.manifest.records import Record, Slot, Tagged
from caixa.manifest.shapes import ListOf, Shape
from caixa.manifest.slots import CAIXA


def records(shape: Shape) -> list[Record]:
    if isinstance(shape, ListOf):
        return records(shape.item)
    if isinstance(shape, Tagged):
        return [each for record in shape.variants.values() for each in records(record)]
    if isinstance(shape, Record):
        return [shape, *(each for slot in shape.slots for each in records(slot.shape))]
    return []


ALL = {record.model: record for record in records(CAIXA)}.values()


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.model.__name__)
def test_the_slots_are_the_fields_with_their_defaults(record):
    fields = {field.name: field for field in dataclasses.fields(record.model)}
    assert [slot.field for slot in record.slots] == list(fields)
    for slot in record.slots:
        default = fields[slot.field].default
        assert slot.required == (default is dataclasses.MISSING)
        assert slot.required or slot.default == default


@pytest.mark.parametrize(
    ("record", "slot"),
    [(record, slot) for record in ALL for slot in record.slots],
    ids=lambda part: part.keyword if isinstance(part, Slot) else part.title,
)
def test_every_slot_is_documented_with_an_example_that_reads(record, slot):
    assert slot.doc.endswith(".")
    given = {each.keyword: each.example for each in record.slots if each.required} | {
        slot.keyword: slot.example
    }
    text = " ".join(f":{keyword} {example}" for keyword, example in given.items())
    if record is not CAIXA:
        text = f"(f :x ({text}))"
    probe = Record("a form", dict, [Slot("x", record, "", "")]) if record is not CAIXA else CAIXA
    if probe is CAIXA:
        assert read_manifest(Source("c", f"(defcaixa {text})")).problems == ()
    else:
        assert _problems(probe, text) == []


def _problems(probe: Record, text: str) -> list[object]:
    from caixa.lisp.reader import read
    from caixa.manifest.decode import decode_top
    from caixa.manifest.decoding import Decoding, Place
    from caixa.manifest.profile import Profile

    source = Source("c", text)
    place = Place(Decoding(source, Profile.STRICT))
    decode_top(probe, "f", read(source).forms[0], place)
    return place.decoding.problems


def test_the_older_system_has_26_slots_and_each_kind_has_its_own():
    assert len(CAIXA.older) == 26
    assert [slot.keyword for slot in CAIXA.slots if slot.later] == [
        "capabilities",
        "state-schema",
        "schema-migrations",
        "snapshot",
        "receive-state",
        "activation",
        "on-capability-miss",
    ]
    own = {kind: {slot.keyword for slot in CAIXA.slots if slot.kinds == (kind,)} for kind in Kind}
    assert own[Kind.SUPERVISOR] == {"estrategia", "max-restarts", "restart-window", "children"}
    assert own[Kind.APLICACAO] == {"membros", "contratos", "politicas", "placement", "entrada"}


def test_a_kind_is_named_with_its_article():
    assert [kind.indefinite for kind in Kind] == [
        "a Biblioteca",
        "a Binario",
        "a Servico",
        "a Supervisor",
        "an Aplicacao",
    ]
