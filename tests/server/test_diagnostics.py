"""Diagnostics over stdio: what is wrong is told at its place, goes when it is mended, and can be fixed."""

from pathlib import Path

from .client import Client, cut, edit

URI = "file:///nowhere/a.lisp"


def codes(found: list[dict]) -> list[str]:
    return [each["code"] for each in found]


def test_an_error_of_the_reader_goes_when_it_is_mended(client: Client) -> None:
    found = client.open(URI, "(define (f x)\n  (+ x 1)\n")
    assert codes(found) == ["reader"]
    assert found[0]["source"] == "caixa"
    assert found[0]["severity"] == 1
    assert found[0]["range"]["start"] == {"line": 0, "character": 0}
    client.change(URI, edit((1, 9), (1, 9), ")"))
    assert client.diagnostics(URI, 2) == []


def test_every_broken_form_is_told(client: Client) -> None:
    found = client.open(URI, "(define a (if))\n(define b\n(define c (let ((x 1))))\n")
    assert codes(found) == ["bad-special-form", "reader", "bad-special-form"]


def test_closing_clears_what_was_told(client: Client) -> None:
    assert client.open(URI, "(")
    assert client.close(URI) == []


def test_a_name_that_nothing_defines_comes_with_the_nearest_one(client: Client) -> None:
    text = "(define (double x) (* 2 x))\n(println (duoble 2))\n"
    found = client.open(URI, text)
    assert codes(found) == ["unbound-name"]
    assert cut(text, found[0]["range"]) == "duoble"
    actions = client.about("codeAction", URI, range=found[0]["range"], context={"diagnostics": found})
    (change,) = actions[0]["edit"]["documentChanges"]
    assert [each["newText"] for each in change["edits"]] == ["double"]
    assert change["textDocument"]["version"] == 1


def test_a_macro_that_does_not_end_is_told_and_nothing_hangs(client: Client) -> None:
    found = client.open(URI, "(defmacro forever () (while #t 0))\n(define a (forever))\n(define b 1)\n")
    assert "expansion-limit" in codes(found)
    assert client.about("documentSymbol", URI)[-1]["name"] == "b"


def test_what_a_macro_prints_does_not_reach_the_wire(client: Client) -> None:
    found = client.open(URI, '(defmacro loud (x) (println "Content-Length: 3") x)\n(define a (loud 1))\n')
    assert found == []
    assert client.at("hover", URI, 1, 8)["contents"]["value"].startswith("```scheme\na")


def test_a_macro_can_touch_nothing_of_the_machine(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "written"
    client.open(URI, f'(defmacro sly () (write-file "{path}" "x") 1)\n(define a (sly))\n')
    client.about("documentSymbol", URI)
    assert not path.exists()


def test_a_manifest_is_checked_as_one_types(client: Client, tmp_path: Path) -> None:
    uri = (tmp_path / "caixa.lisp").as_uri()
    text = '(defcaixa\n  :nome "a"\n  :versao "0.1.0"\n  :kind Bibliotheca\n  :descricao "x")\n'
    found = client.open(uri, text)
    assert any(cut(text, each["range"]) == "Bibliotheca" for each in found)
    client.change(uri, edit((3, 8), (3, 19), "Biblioteca"))
    assert "missing-lib" in codes(client.diagnostics(uri, 2))
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.lisp").write_text("(define x 1)")
    client.notify("workspace/didChangeWatchedFiles", changes=[])
    assert client.diagnostics(uri, 2) == []


def test_a_burst_of_changes_is_answered_once(client: Client) -> None:
    client.open(URI, "(define a 1)\n")
    for _ in range(20):
        client.change(URI, edit((0, 10), (0, 10), "1"))
    assert client.diagnostics(URI, 21) == []
    assert client.is_quiet()


def test_a_change_of_an_old_version_is_left_alone(client: Client) -> None:
    client.open(URI, "(define a 1)\n", version=5)
    client.change(URI, {"text": "("}, version=4)
    client.change(URI, edit((0, 8), (0, 9), "b"), version=6)
    assert client.diagnostics(URI, 6) == []
    assert [each["name"] for each in client.about("documentSymbol", URI)] == ["b"]


def test_a_change_in_a_module_is_told_where_it_is_required(client: Client, tmp_path: Path) -> None:
    module, program = (tmp_path / "m.tlisp").as_uri(), (tmp_path / "p.tlisp").as_uri()
    client.open(module, "(define (f x) x)\n(provide f)\n")
    assert client.open(program, '(require "./m" :as m)\n(m/f 1)\n') == []
    client.change(module, {"text": "(define (g x) x)\n(provide g)\n"})
    assert codes(client.diagnostics(program, 1)) == ["unbound-name"]
