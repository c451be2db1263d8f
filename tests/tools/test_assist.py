"""Help while typing: what is offered at the bar, and what is said of a slot."""

from __future__ import annotations

import time

import pytest

from caixa.lisp.source import Source
from caixa.tools.assist import complete, hover

MESH = '(defcaixa :kind Aplicacao :membros ((:caixa "cart" :versao "*") (:caixa "catalog" :versao "*")) '


def offered(text: str) -> list[str] | None:
    """Return what is offered where `|` stands."""
    before, _, after = text.partition("|")
    found = complete(Source("cell", before + after), len(before.encode()))
    return None if found is None else [each.text for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(defcaixa :no|", [":nome"]),
        ("(defcaixa :no|)", [":nome"]),
        ("(define é 1)\n(defcaixa :no|", [":nome"]),
        ('(defcaixa :nome "x" :kind Supervisor :max|', [":max-restarts"]),
        ('(defcaixa :nome "x" :kind Servico :max|', []),
        ('(defcaixa :nome "x" :nom|', []),
        ("(defcaixa :kind Se|", ["Servico"]),
        ("(defcaixa :kind |", ["Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao"]),
        ("(defcaixa :kind s|)", ["Servico", "Supervisor"]),
        ("(defcaixa :limits (:mem|", [":memory"]),
        ('(defcaixa :limits (:memory "1MiB" :|))', [":fuel", ":wall-clock", ":cpu"]),
        ('(defcaixa :limits ((:memory "1MiB") (:|', [":fuel", ":wall-clock", ":cpu"]),
        ("(defcaixa :politicas (:mtls-required |)", ["#t", "#f"]),
        ("(defcaixa :placement (:estrategia r|", ["Replicated"]),
        (MESH + ":contratos ((:de |", ['"cart"', '"catalog"']),
        (MESH + ':contratos ((:de "ca|', ["cart", "catalog"]),
        (MESH + ':contratos ((:de "cart" :para "cat|")))', ["catalog"]),
        (MESH + ":entrada (:para |", ['"cart"', '"catalog"']),
        ('(defcaixa :contratos ((:de "a" :para "b")) :membros ((:caixa |', ['"a"', '"b"']),
        ('(defcaixa :upgrade-from ((:from "1.0.0" :instructions ((:kind s|', ["state-change", "soft-purge"]),
        ('(defcaixa :upgrade-from ((:from "1.0.0" :instructions ((:kind purge :|', [":module"]),
        ('(defcaixa :deps ((:nome "a" :fonte (:tipo path :|', [":caminho"]),
        ('(defcaixa :deps ((:nome "a" :fonte (:|', [":tipo", ":repo", ":tag", ":rev", ":branch", ":caminho"]),
        ('(defcaixa :descricao "a text |', []),
        ("(defcaixa :etiquetas ((|", []),
    ],
)
def test_what_may_stand_here_is_offered(text, expected):
    assert offered(text) == expected


def test_slots_that_are_given_or_of_another_kind_are_not_offered():
    slots = offered('(defcaixa :nome "x" :| :kind Servico :limits ())')
    assert {":versao", ":servicos", ":behavior"} <= set(slots)
    assert not {":nome", ":kind", ":limits", ":membros", ":children"} & set(slots)


def test_a_value_with_a_form_of_its_own_is_offered_as_an_example():
    assert offered("(defcaixa :limits |)") == ['(:memory "64MiB" :fuel 1000000)']
    assert offered("(defcaixa :membros (|") == ['(:caixa "catalog" :versao "^0.1")']
    assert "(:kind restart)" in offered('(defcaixa :upgrade-from ((:from "1.0.0" :instructions (|')


@pytest.mark.parametrize("text", ["|", "(define x |)", "(defcaixa)|", "|(defcaixa)", "; (defcaixa :|"])
def test_outside_of_a_manifest_there_is_no_answer(text):
    assert offered(text) is None


def test_a_definition_at_the_start_of_a_line_ends_an_open_form():
    assert offered('(defcaixa :nome "x" :membros ((:caixa\n(define y |)') is None
    assert ":versao" in offered('(defcaixa :nome "x" :|\n(define y 1)')


def test_a_suggestion_explains_itself():
    slot = complete(Source("c", "(defcaixa :lim"), 14)[0]
    assert (slot.text, slot.kind) == (":limits", "slot")
    assert "What one instance may use." in slot.doc


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("(defcaixa :lim|its ())", ["**:limits**", "for Servico", "`:wall-clock`"]),
        ("(defcaixa :limits (:mem|ory", ["**:memory**", '"64MiB"']),
        ("(defcaixa :kind Serv|ico", ["**:kind**", "required"]),
        ("(def|caixa", ["a typed package", "`:nome`"]),
    ],
)
def test_a_slot_is_explained(text, parts):
    before, _, after = text.partition("|")
    found = hover(Source("c", before + after), len(before))
    assert all(part in found for part in parts)


@pytest.mark.parametrize("text", ["(define |x)", "(defcaixa :bo|gus 1)", "(defcaixa |)", "|"])
def test_what_is_not_known_is_not_explained(text):
    before, _, after = text.partition("|")
    assert hover(Source("c", before + after), len(before)) is None


def test_any_cut_of_a_manifest_is_answered():
    text = MESH + ':contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy")))'
    for at in range(len(text)):
        source = Source("c", text[:at])
        complete(source, at)
        hover(source, at)


def test_a_long_manifest_is_answered_quickly():
    text = MESH + ":contratos (" + '(:de "cart" :para "catalog" :wit "custom:x") ' * 2000 + '(:de "ca'
    start = time.perf_counter()
    assert offered(text + "|") == ["cart", "catalog"]
    assert time.perf_counter() - start < 1.0
