"""Canonical Lisp and JSON: what is written reads back as the same caixa, for every kind."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.source import Source
from caixa.manifest.canonical import to_lisp
from caixa.manifest.decode import read_manifest
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.json import from_json, to_json
from caixa.manifest.model import Caixa, Kind, Limits
from caixa.manifest.profile import Profile
from caixa.manifest.slots import CAIXA

from .strategies import caixas

EVERY_KIND = st.sampled_from(Kind).flatmap(caixas)


def read(text: str, profile: Profile = Profile.STRICT) -> Caixa | None:
    reading = read_manifest(Source("caixa.lisp", text), profile=profile)
    assert not reading.problems
    return reading.caixa


@settings(max_examples=150)
@given(EVERY_KIND)
def test_a_caixa_that_is_printed_reads_back_the_same(caixa):
    assert read(to_lisp(caixa)) == caixa


@settings(max_examples=60)
@given(EVERY_KIND)
def test_the_older_form_reads_back_the_same_but_for_times_below_a_millisecond(caixa):
    again = read(to_lisp(caixa, Profile.APRIL))
    assert to_lisp(again, Profile.APRIL) == to_lisp(caixa, Profile.APRIL)
    if not (caixa.limits and caixa.limits.wall_clock):
        assert again == without_later_slots(caixa)


def without_later_slots(caixa: Caixa) -> Caixa:
    """Return a caixa as the older system can say it."""
    unset = {slot.field: slot.default for slot in CAIXA.slots if slot.later}
    contratos = tuple(replace(contrato, method=None, politicas=None) for contrato in caixa.contratos)
    return replace(caixa, **unset, contratos=contratos)


@settings(max_examples=100)
@given(EVERY_KIND)
def test_json_goes_there_and_back(caixa):
    assert from_json(json.loads(json.dumps(to_json(caixa)))) == caixa


@settings(max_examples=100)
@given(EVERY_KIND, EVERY_KIND)
def test_two_caixas_have_two_texts(left, right):
    assert (to_lisp(left) == to_lisp(right)) == (left == right)


def test_the_canonical_text_is_flat_sorted_and_has_bare_names():
    caixa = read(
        '(defcaixa :versao "0.1.0" :nome "x" :kind servico :servicos ("servicos/x.yaml")'
        ' :limits ((:wall-clock "60s") (:memory "1024KiB"))'
        ' :upgrade-from ((:from "0.0.1" :instructions ((:restart)))))'
    )
    assert to_lisp(caixa).splitlines() == [
        "(defcaixa",
        "  :autores ()",
        "  :bibliotecas ()",
        "  :children ()",
        "  :contratos ()",
        "  :deps ()",
        "  :deps-dev ()",
        "  :etiquetas ()",
        "  :exe ()",
        "  :kind Servico",
        '  :limits (:memory "1MiB" :wall-clock "1m")',
        "  :membros ()",
        '  :nome "x"',
        '  :servicos ("servicos/x.yaml")',
        '  :upgrade-from ((:from "0.0.1" :instructions ((:kind restart))))',
        '  :versao "0.1.0")',
    ]


def test_a_time_below_a_millisecond_is_not_lost():
    caixa = Caixa("x", "0.1.0", Kind.SERVICO, limits=Limits(wall_clock=500_001))
    assert ':wall-clock "0.500001ms"' in to_lisp(caixa)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "slot-missing"),
        ({"nome": "x", "versao": "0.1.0", "kind": "Nonsense"}, "enum-unknown"),
        ({"nome": 1, "versao": "0.1.0", "kind": "Servico"}, "slot-mistyped"),
        ({"nome": "x", "versao": "0.1.0", "kind": "Servico", "limit": {}}, "slot-unknown"),
    ],
)
def test_json_that_is_no_caixa_is_refused_with_the_reason(data, code):
    with pytest.raises(InvalidManifest) as caught:
        from_json(data)
    assert code in {found.code for found in caught.value.diagnostics}


def test_null_in_json_is_an_unset_slot():
    assert from_json({"nome": "x", "versao": "0.1.0", "kind": "Servico", "limits": None}).limits is None


def test_json_nested_without_end_is_refused():
    data: object = []
    for _ in range(500):
        data = [data]
    with pytest.raises(ValueError, match="nested"):
        from_json({"nome": data})
