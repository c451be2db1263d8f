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
    assert codes(found) == ["not-expandable", "reader", "not-expandable"]


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
    assert codes(found) == ["not-expandable"]
    assert "the macro `forever` did not come to an end" in found[0]["message"]
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


# -- the linter -------------------------------------------------------------------------------------------

FACTS = """\
(define (area side) (* side side))
(define (total x y)
  (throw (ex-info "no" x))
  (area x y))
"""


def test_the_linters_rules_on_code_are_told_with_their_severity(client: Client) -> None:
    found = client.open(URI, FACTS)
    told = [(each["code"], each["severity"], cut(FACTS, each["range"])) for each in found]
    assert told == [("wrong-arity", 1, "(area x y)"), ("unreachable-code", 2, "(area x y)")]


def test_a_definition_that_changes_is_told_where_it_is_called(client: Client) -> None:
    client.open(URI, "(define (area side) side)\n\n(area 1)\n")
    client.change(URI, edit((0, 18), (0, 18), " height"))
    assert codes(client.diagnostics(URI, 2)) == ["unused-local", "wrong-arity"]
    client.change(URI, edit((2, 7), (2, 7), " 2"))
    assert codes(client.diagnostics(URI, 3)) == ["unused-local"]


def test_comments_silence_rules_in_the_editor_too(client: Client) -> None:
    assert client.open(URI, "; lint: off unused-local\n(define (first-of x y) x)\n") == []
    text = "; lint: off unused-local file\n\n(define (first-of x y) x)\n"
    assert client.open("file:///nowhere/b.lisp", text) == []


def test_what_is_required_and_not_used_can_be_taken_out(client: Client, tmp_path: Path) -> None:
    (tmp_path / "m.lisp").write_text("(provide f)\n(define (f) 1)\n")
    uri, text = (tmp_path / "p.lisp").as_uri(), '(require "./m" :as m :refer (f))\n(println 1)\n'
    found = client.open(uri, text)
    assert codes(found) == ["unused-import"]
    actions = client.about("codeAction", uri, range=found[0]["range"], context={"diagnostics": found})
    assert actions[0]["isPreferred"] is False
    (change,) = actions[0]["edit"]["documentChanges"]
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    assert change["edits"] == [{"range": place, "newText": ""}]


def test_settings_of_the_linter_hold_from_the_next_keystroke_on(client: Client, tmp_path: Path) -> None:
    uri, settings = (tmp_path / "p.lisp").as_uri(), tmp_path / ".caixa-lint.lisp"
    text = "(define (first-of x y) (let () x))\n"
    assert codes(client.open(uri, text)) == ["unused-local"]
    settings.write_text(
        '(deflint-config :regras ((:id "unused-local" :severidade error)) :regras-customizadas'
        ' ((:id "empty-let" :descricao "this binds nothing" :padrao (let () ?*b)'
        " :substituicao (begin ?*b) :segura #t)))"
    )
    client.notify("workspace/didChangeWatchedFiles", changes=[])
    found = client.diagnostics(uri, 1)
    assert [(each["code"], each["severity"]) for each in found] == [("unused-local", 1), ("empty-let", 2)]
    actions = client.about("codeAction", uri, range=found[1]["range"], context={"diagnostics": found})
    assert actions[0]["isPreferred"] is True
    assert actions[0]["edit"]["documentChanges"][0]["edits"][0]["newText"] == "(begin x)"
    client.versions[settings.as_uri()] = 1  # opened by hand: either document may be told of first
    text = '(deflint-config :regras ((:id "unused-local" :habilitada #f)))'
    document = {"uri": settings.as_uri(), "languageId": "caixa", "version": 1, "text": text}
    client.notify("textDocument/didOpen", textDocument=document)
    assert client.diagnostics(uri, 1) == []


def test_settings_that_mean_nothing_are_told_in_their_own_file(client: Client, tmp_path: Path) -> None:
    uri = (tmp_path / ".caixa-lint.lisp").as_uri()
    text = '(deflint-config :regras ((:id "unused-locals")))\n'
    found = client.open(uri, text)
    assert [(each["code"], cut(text, each["range"])) for each in found] == [("rule-unknown", '"unused-locals"')]


def test_a_document_is_laid_out_as_its_settings_say(client: Client, tmp_path: Path) -> None:
    (tmp_path / ".caixa-fmt.lisp").write_text("(deffmt-config :line-width 20 :indent 4)")
    uri = (tmp_path / "p.lisp").as_uri()
    client.open(uri, "(define (first-of x) (list x x x))\n")
    (change,) = client.about("formatting", uri, options={"tabSize": 2, "insertSpaces": True})
    assert "\n    (" in change["newText"]


def test_a_name_that_another_source_of_the_package_defines_is_not_refused(
    client: Client, tmp_path: Path
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "caixa.lisp").write_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)')
    (tmp_path / "lib" / "a.lisp").write_text("(define (shared) 1)\n")
    assert client.open((tmp_path / "lib" / "b.lisp").as_uri(), "(define (f) (shared))\n") == []
