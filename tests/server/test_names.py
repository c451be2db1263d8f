"""Definition, references, highlights and renaming over stdio, by scope and across files."""

from pathlib import Path
from typing import Any

import pytest

from .client import Client, Failed, cut, place_of

URI = "file:///nowhere/a.lisp"
MODULE = """\
(define (area w h)
  "The area of a rectangle."
  (* w h))
(defmacro twice (form) `(begin ,form ,form))
(provide area twice)
"""
PROGRAM = """\
(require "./shapes" :as s :refer (area))
(define (floor-space side)
  (let ((side (+ side 1)))
    (area side side)))
(s/twice (s/area 1 2))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "caixa.lisp").write_text('(defcaixa :nome "p" :versao "0.1.0" :kind Biblioteca)')
    (tmp_path / "shapes.tlisp").write_text(MODULE)
    (tmp_path / "program.tlisp").write_text(PROGRAM)
    return tmp_path


def places(found: list[dict[str, Any]]) -> set[tuple[str, int, int]]:
    return {
        (each["uri"].rpartition("/")[2], each["range"]["start"]["line"], each["range"]["start"]["character"])
        for each in found
    }


def starts(found: list[dict[str, Any]]) -> set[tuple[int, int]]:
    return {(each["range"]["start"]["line"], each["range"]["start"]["character"]) for each in found}


def applied(text: str, change: dict[str, Any]) -> str:
    """The text after the edits of one document, on lines of ASCII."""
    lines = text.split("\n")
    for each in sorted(change["edits"], key=lambda each: str(each["range"]), reverse=True):
        start, end = each["range"]["start"], each["range"]["end"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + each["newText"] + line[end["character"] :]
    return "\n".join(lines)


def test_an_inner_variable_is_not_the_outer_one_of_its_name(client: Client) -> None:
    client.open(URI, PROGRAM)
    outer = client.at("definition", URI, *place_of(PROGRAM, "side 1"))
    inner = client.at("definition", URI, *place_of(PROGRAM, "area side", 5))
    assert places(outer) == {("a.lisp", 1, 21)}
    assert places(inner) == {("a.lisp", 2, 9)}
    found = client.at("references", URI, 2, 9, context={"includeDeclaration": False})
    assert starts(found) == {(3, 10), (3, 15)}


def test_a_name_of_a_module_leads_to_its_file(client: Client, package: Path) -> None:
    uri = (package / "program.tlisp").as_uri()
    assert client.open(uri, PROGRAM) == []
    for words in ("area side", "s/area 1", "area))\n(define"):
        assert places(client.at("definition", uri, *place_of(PROGRAM, words, 1))) == {("shapes.tlisp", 0, 9)}
    assert places(client.at("definition", uri, *place_of(PROGRAM, "s/twice", 3))) == {("shapes.tlisp", 3, 10)}
    assert places(client.at("definition", uri, 0, 12)) == {("shapes.tlisp", 0, 0)}


def test_references_go_across_files(client: Client, package: Path) -> None:
    uri = (package / "shapes.tlisp").as_uri()
    client.open(uri, MODULE)
    found = client.at("references", uri, 0, 10, context={"includeDeclaration": True})
    assert places(found) == {
        ("shapes.tlisp", 0, 9), ("shapes.tlisp", 4, 9),
        ("program.tlisp", 0, 34), ("program.tlisp", 3, 5), ("program.tlisp", 4, 10),
    }  # fmt: skip


def test_renaming_changes_every_file_and_keeps_aliases(client: Client, package: Path) -> None:
    uri = (package / "program.tlisp").as_uri()
    client.open(uri, PROGRAM)
    edit = client.at("rename", uri, *place_of(PROGRAM, "area side"), newName="surface")
    after = {change["textDocument"]["uri"].rpartition("/")[2]: change for change in edit["documentChanges"]}
    assert applied(PROGRAM, after["program.tlisp"]) == PROGRAM.replace("area", "surface")
    assert applied(MODULE, after["shapes.tlisp"]) == MODULE.replace("area", "surface").replace(
        "The surface", "The area"
    )
    assert after["program.tlisp"]["textDocument"]["version"] == 1
    assert after["shapes.tlisp"]["textDocument"]["version"] is None


def test_renaming_a_local_leaves_other_variables_of_the_name(client: Client) -> None:
    client.open(URI, PROGRAM)
    edit = client.at("rename", URI, *place_of(PROGRAM, "side 1"), newName="width")
    expected = PROGRAM.replace("(floor-space side)", "(floor-space width)").replace("(+ side 1)", "(+ width 1)")
    assert applied(PROGRAM, edit["documentChanges"][0]) == expected


def test_what_a_macro_takes_apart_is_renamed_too(client: Client) -> None:
    text = "(define (f x)\n  (-> x (+ x) (list x 'x)))\n"
    client.open(URI, text)
    edit = client.at("rename", URI, 0, 11, newName="y")
    assert applied(text, edit["documentChanges"][0]) == "(define (f y)\n  (-> y (+ y) (list y 'x)))\n"


@pytest.mark.parametrize(
    ("text", "words", "new", "reason"),
    [
        ("(map f xs)", "map", "each", "belongs to the language"),
        ("(define (f x) (g x))\n(define (g y) y)", "f x", "g", "is defined already"),
        ("(define (f x) (let ((y 1)) (+ x y)))", "x)", "y", "is a local variable here already"),
        ("(define (f x) (list x))", "x", "list", "means something else"),
        ("(define (f &key size) size)", "size", "width", "after &key"),
        ("(define (f x) x)", "x", "two words", "is not a name"),
        ("(define g 1)\n(define (f x) (+ g x))", "g", "x", "local variable `x`"),
        ("; nothing", "nothing", "x", "no name here"),
    ],
)
def test_a_renaming_that_would_change_the_meaning_is_refused(
    client: Client, text: str, words: str, new: str, reason: str
) -> None:
    client.open(URI, text)
    with pytest.raises(Failed, match=reason) as refused:
        client.at("rename", URI, *place_of(text, words), newName=new)
    assert refused.value.code == -32803


def test_a_name_can_be_asked_for_before_it_is_changed(client: Client) -> None:
    client.open(URI, "(define (f x) x)")
    assert client.capabilities["renameProvider"] == {"prepareProvider": True}
    found = client.at("prepareRename", URI, 0, 14)
    assert cut("(define (f x) x)", found) == "x"
    with pytest.raises(Failed):
        client.at("prepareRename", URI, 0, 3)


def test_highlights_tell_writing_from_reading(client: Client) -> None:
    text = "(define n 0)\n(define (count!)\n  (set! n (+ n 1)))\n"
    client.open(URI, text)
    found = client.at("documentHighlight", URI, 0, 8)
    assert [(each["range"]["start"]["line"], each["kind"]) for each in found] == [(0, 3), (2, 3), (2, 2)]


def test_a_member_leads_to_its_package(client: Client, tmp_path: Path) -> None:
    for name in ("mesh", "api"):
        (tmp_path / name).mkdir()
    member = '(defcaixa :nome "api" :versao "0.1.0" :kind Servico :servicos ("servicos/api.computeunit.yaml"))'
    (tmp_path / "api" / "caixa.lisp").write_text(member)
    text = (
        '(defcaixa :nome "mesh" :versao "0.1.0" :kind Aplicacao\n'
        '  :deps ((:nome "api" :versao "^0.1" :fonte (:tipo path :caminho "../api")))\n'
        '  :membros ((:caixa "api" :versao "^0.1"))\n'
        '  :contratos ((:de "api" :para "api" :wit "a:b/c")))\n'
    )
    uri = (tmp_path / "mesh" / "caixa.lisp").as_uri()
    client.open(uri, text)
    api = (tmp_path / "api" / "caixa.lisp").as_uri()
    for words in (':caixa "api', ':nome "api', ':caminho "../api'):
        found = client.at("definition", uri, *place_of(text, words, len(words) - 1))
        assert [each["uri"] for each in found] == [api], words
    (end,) = client.at("definition", uri, *place_of(text, ':para "api', 8))
    assert (end["uri"], end["range"]["start"]["line"]) == (uri, 2)
    assert "api/caixa.lisp" in client.at("hover", uri, *place_of(text, ':caixa "api', 9))["contents"]["value"]


def test_a_library_is_found_by_its_path_source(client: Client, tmp_path: Path) -> None:
    (tmp_path / "tools" / "lib").mkdir(parents=True)
    (tmp_path / "tools" / "caixa.lisp").write_text('(defcaixa :nome "tools" :versao "0.1.0" :kind Biblioteca)')
    (tmp_path / "tools" / "lib" / "tools.lisp").write_text("(define (help) 1)\n(provide help)\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "caixa.lisp").write_text(
        '(defcaixa :nome "app" :versao "0.1.0" :kind Biblioteca'
        ' :deps ((:nome "tools" :versao "*" :fonte (:tipo path :caminho "../tools"))))'
    )
    uri = (tmp_path / "app" / "main.tlisp").as_uri()
    text = '(importar :caixa "tools")\n(tools/help)\n'
    assert client.open(uri, text) == []
    assert places(client.at("definition", uri, 1, 8)) == {("tools.lisp", 0, 9)}
