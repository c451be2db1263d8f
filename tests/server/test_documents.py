"""Symbols, tokens, formatting, folding and selection over stdio."""

from pathlib import Path
from typing import Any

from .client import Client, cut, edit, place_of

URI = "file:///nowhere/a.lisp"
TEXT = """\
; What it is about.
(defmacro unless-zero (n form) `(if (= ,n 0) nil ,form))

(define (outer n)
  (define (inner m) (* m 2))
  (unless-zero n (inner n)))
(define limit 10)
(deftest works (is (= 2 (outer 1))))
"""


def test_the_outline_has_local_functions_inside(client: Client) -> None:
    client.open(URI, TEXT)
    found = client.about("documentSymbol", URI)
    assert [each["name"] for each in found] == ["unless-zero", "outer", "limit", "works"]
    assert [each["name"] for each in found[1]["children"]] == ["inner"]
    assert cut(TEXT, found[1]["selectionRange"]) == "outer"
    assert found[1]["range"]["end"] == {"line": 5, "character": 28}


def test_the_outline_of_a_manifest_has_its_slots(client: Client) -> None:
    members = ':membros ((:caixa "a") (:caixa "b"))'
    text = f'(defcaixa :nome "mesh" :kind Aplicacao\n {members}\n :contratos ((:de "a" :para "b")))\n'
    client.open(URI, text)
    (found,) = client.about("documentSymbol", URI)
    assert (found["name"], found["detail"]) == ("mesh", "defcaixa")
    inside = {each["name"]: [child["name"] for child in each["children"]] for each in found["children"]}
    assert inside == {":nome": [], ":kind": [], ":membros": ["a", "b"], ":contratos": ["a → b"]}


def test_an_unfinished_form_hides_no_others_from_the_outline(client: Client) -> None:
    client.open(URI, "(define (a) (list 1\n\n(define (b) 2)\n")
    assert [each["name"] for each in client.about("documentSymbol", URI)] == ["a", "b"]


def test_definitions_are_found_in_files_that_are_not_open(client: Client, tmp_path: Path) -> None:
    (tmp_path / "caixa.lisp").write_text('(defcaixa :nome "p" :versao "0.1.0" :kind Biblioteca)')
    (tmp_path / "other.tlisp").write_text("(define (far-away) 1)\n")
    client.open((tmp_path / "here.tlisp").as_uri(), "(define near 1)\n")
    found = client.request("workspace/symbol", query="fa")
    assert [(each["name"], each["location"]["uri"].rpartition("/")[2]) for each in found] == [
        ("far-away", "other.tlisp")
    ]


# -- tokens -----------------------------------------------------------------------------------------------


def decoded(client: Client, text: str, data: list[int]) -> list[tuple[str, str, int]]:
    """Each token as its text, type and modifiers."""
    types = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    found, line, column = [], 0, 0
    for at in range(0, len(data), 5):
        down, right, length, type_, modifiers = data[at : at + 5]
        line, column = line + down, right if down else column + right
        units = text.split("\n")[line].encode("utf-16-le")[2 * column : 2 * (column + length)]
        found.append((units.decode("utf-16-le"), types[type_], modifiers))
    return found


def test_tokens_say_what_each_word_is(client: Client) -> None:
    client.open(URI, TEXT)
    found = decoded(client, TEXT, client.about("semanticTokens/full", URI)["data"])
    assert found[0] == ("; What it is about.", "comment", 0)
    assert ("unless-zero", "macro", 1) in found
    assert ("unless-zero", "macro", 0) in found
    assert ("outer", "function", 1) in found
    assert ("n", "parameter", 1) in found
    assert ("inner", "function", 0) in found
    assert ("*", "function", 2) in found
    assert ("limit", "variable", 1) in found
    assert ("10", "number", 0) in found
    assert ("define", "keyword", 0) in found


def test_a_delta_makes_the_new_tokens_of_the_old(client: Client) -> None:
    client.open(URI, TEXT)
    before = client.about("semanticTokens/full", URI)
    client.change(URI, edit((6, 0), (6, 0), "(define more 11)\n"))
    delta = client.about("semanticTokens/full/delta", URI, previousResultId=before["resultId"])
    data = list(before["data"])
    for each in delta["edits"]:
        data[each["start"] : each["start"] + each["deleteCount"]] = each["data"]
    assert data == client.about("semanticTokens/full", URI)["data"]
    assert sum(len(each["data"]) for each in delta["edits"]) < len(data) / 2


def test_tokens_of_a_range_are_those_of_its_forms(client: Client) -> None:
    client.open(URI, TEXT)
    at = {"line": 6, "character": 3}
    found = client.about("semanticTokens/range", URI, range={"start": at, "end": at})
    words = [word for word, _, _ in decoded(client, TEXT, found["data"])]
    assert words == ["define", "limit", "10"]


def test_a_string_on_several_lines_is_a_token_on_each(client: Client) -> None:
    text = '(define a "one\ntwo 𝄞\n\nthree")\n'
    client.open(URI, text)
    found = decoded(client, text, client.about("semanticTokens/full", URI)["data"])
    assert [word for word, kind, _ in found if kind == "string"] == ['"one', "two 𝄞", 'three"']


# -- layout -----------------------------------------------------------------------------------------------


def test_formatting_keeps_comments_and_is_nothing_the_second_time(client: Client) -> None:
    client.open(URI, "(define   a ; why\n 1)\n(f   1)")
    (found,) = client.about("formatting", URI, options={"tabSize": 2, "insertSpaces": True})
    assert "; why" in found["newText"]
    assert "(f 1)" in found["newText"]
    client.change(URI, {"text": found["newText"]})
    assert client.about("formatting", URI, options={"tabSize": 2, "insertSpaces": True}) == []


def test_a_document_that_does_not_read_is_not_laid_out(client: Client) -> None:
    client.open(URI, "(a   b")
    assert client.about("formatting", URI, options={"tabSize": 2, "insertSpaces": True}) == []


def test_a_range_lays_out_its_forms_alone(client: Client) -> None:
    client.open(URI, "(a   b)\n(c   d)\n(e   f\n")
    at = {"line": 1, "character": 2}
    options = {"tabSize": 2, "insertSpaces": True}
    (found,) = client.about("rangeFormatting", URI, range={"start": at, "end": at}, options=options)
    assert (found["newText"], found["range"]["start"]["line"]) == ("(c d)", 1)


def test_forms_and_comments_fold(client: Client) -> None:
    text = "; one\n; two\n\n(define (f)\n  (list 1\n    2))\n(g)\n"
    client.open(URI, text)
    found = client.about("foldingRange", URI)
    assert [(each["startLine"], each["endLine"], each["kind"]) for each in found] == [
        (0, 1, "comment"), (3, 5, "region"), (4, 5, "region"),
    ]  # fmt: skip


def test_a_selection_grows_form_by_form(client: Client) -> None:
    text = "(define (f x) (list x 1))"
    client.open(URI, text)
    line, character = place_of(text, "x 1")
    (found,) = client.about("selectionRange", URI, positions=[{"line": line, "character": character}])
    grown: list[Any] = []
    while found is not None:
        grown.append(cut(text, found["range"]))
        found = found.get("parent")
    assert grown[:4] == ["x", "list x 1", "(list x 1)", "define (f x) (list x 1)"]
    assert grown[-1] == text
