"""Completion, hover and signature help over stdio, in text that may not read yet."""

from pathlib import Path
from typing import Any

import pytest

from .client import Client, cut, place_of

URI = "file:///nowhere/a.lisp"


def completed(client: Client, text: str) -> dict[str, dict[str, Any]]:
    """What is offered at the `¦` of a text."""
    line, character = place_of(text, "¦")
    client.open(URI, text.replace("¦", ""))
    found = client.at("completion", URI, line, character)
    return {item["label"]: item for item in found["items"]}


def test_local_names_in_scope_come_first(client: Client) -> None:
    found = completed(
        client, "(define (f width)\n  (let ((wide 1))\n    (+ wi¦\n\n(define (g window) window)\n"
    )
    assert {"wide", "width"} <= found.keys()
    assert "window" not in found
    assert found["wide"]["sortText"] < found["with-output-to-string"]["sortText"]


def test_a_let_without_a_body_still_binds(client: Client) -> None:
    assert "total" in completed(client, "(let ((total 1)) ¦")
    assert "total" not in completed(client, "(let ((total 1)) 2) ¦")


def test_names_that_a_macro_binds_are_offered_inside_it(client: Client) -> None:
    text = (
        "(defmacro with-answer (name &rest body) `(let ((,name 42)) ,@body))\n(with-answer answer (+ ans¦))\n"
    )
    assert "answer" in completed(client, text)


def test_definitions_and_natives_come_with_their_signature(client: Client) -> None:
    found = completed(client, "(define (filled a &optional (b 1)) a)\n(fil¦)")
    assert found["filled"]["detail"] == "(filled a &optional (b 1))"
    assert found["filter"]["detail"].startswith("(filter")


def test_documentation_is_asked_for_one_item(client: Client) -> None:
    found = completed(client, '(define (filled a)\n  "Return it, filled."\n  a)\n(fil¦)')
    own = client.request("completionItem/resolve", **found["filled"])
    native = client.request("completionItem/resolve", **found["filter"])
    assert "Return it, filled." in own["documentation"]["value"]
    assert "filter" in native["documentation"]["value"]


def test_what_replaces_the_whole_word_is_said(client: Client) -> None:
    text = "(fil¦ter-not)"
    found = completed(client, text)
    assert cut(text.replace("¦", ""), found["filter"]["textEdit"]["range"]) == "filter-not"


@pytest.mark.parametrize("text", ['(println "fil¦', '(println "fil¦")', "; fil¦", "(list #| fil¦"])
def test_nothing_is_offered_in_strings_and_comments(client: Client, text: str) -> None:
    assert completed(client, text) == {}


def test_names_of_a_module_come_under_its_alias(client: Client, tmp_path: Path) -> None:
    (tmp_path / "m.tlisp").write_text("(define (helper a) a)\n(define (hidden) 1)\n(provide helper)\n")
    text = '(require "./m" :as mod)\n(mod/h¦\n'
    uri = (tmp_path / "p.tlisp").as_uri()
    client.open(uri, text.replace("¦", ""))
    found = client.at("completion", uri, 1, 6)["items"]
    assert [(item["label"], item["detail"]) for item in found] == [("mod/helper", "(helper a)")]
    resolved = client.request("completionItem/resolve", **found[0])
    assert "m.tlisp" in resolved["documentation"]["value"]


def test_slots_and_values_of_a_manifest_are_offered(client: Client) -> None:
    assert ":versao" in completed(client, '(defcaixa :nome "a" :¦')
    kinds = completed(client, '(defcaixa :nome "a" :kind ¦)')
    assert {"Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao"} <= kinds.keys()
    assert "map" not in kinds


# -- hover ------------------------------------------------------------------------------------------------


def hovered(client: Client, text: str, words: str, offset: int = 0) -> str | None:
    client.open(URI, text)
    found = client.at("hover", URI, *place_of(text, words, offset))
    return None if found is None else str(found["contents"]["value"])


def test_hover_shows_docstrings_natives_and_special_forms(client: Client) -> None:
    text = '(define (area w h)\n  "The area."\n  (* w h))\n(when #t (area 1 2) (filter odd? xs))\n'
    own = hovered(client, text, "area 1") or ""
    assert "(area w h)" in own
    assert "The area." in own
    assert "(filter odd?" in (hovered(client, text, "filter") or "")
    assert "special-form" in (hovered(client, text, "when") or "")
    assert "parameter" in (hovered(client, text, "w h))", 0) or "")
    assert hovered(client, text, "#t") is None


def test_hover_explains_a_slot(client: Client) -> None:
    text = '(defcaixa :nome "a" :versao "0.1.0" :kind Biblioteca)'
    assert ":versao" in (hovered(client, text, ":versao", 2) or "")


# -- signature help ---------------------------------------------------------------------------------------


def called(client: Client, text: str) -> tuple[str, str] | None:
    """The way of calling that is shown at the `¦`, and the parameter that is marked in it."""
    line, character = place_of(text, "¦")
    client.open(URI, text.replace("¦", ""))
    found = client.at("signatureHelp", URI, line, character)
    if found is None:
        return None
    chosen = found["signatures"][found["activeSignature"]]
    if chosen.get("activeParameter") is None:
        return chosen["label"], ""
    start, end = chosen["parameters"][chosen["activeParameter"]]["label"]
    return chosen["label"], chosen["label"][start:end]


DEFINED = "(define (f a &optional (b 2) &rest more) a)\n(define (g a &key size (color 1)) a)\n"


@pytest.mark.parametrize(
    ("call", "label", "active"),
    [
        ("(f ¦", "(f a &optional (b 2) &rest more)", "a"),
        ("(f 1 ¦)", "(f a &optional (b 2) &rest more)", "(b 2)"),
        ("(f 1 (g 2) 3 4 ¦)", "(f a &optional (b 2) &rest more)", "more"),
        ("(g 1 :size ¦", "(g a &key size (color 1))", "size"),
        ("(g 1 :color 2¦)", "(g a &key size (color 1))", "(color 1)"),
    ],
)
def test_the_parameter_at_the_cursor_is_marked(client: Client, call: str, label: str, active: str) -> None:
    assert called(client, DEFINED + call) == (label, active)


def test_natives_have_signatures_and_strangers_none(client: Client) -> None:
    label, _ = called(client, "(filter odd? ¦)") or ("", "")
    assert label.startswith("(filter ")
    assert called(client, "(unheard-of ¦)") is None
    assert called(client, "(fil¦ter)") is None
