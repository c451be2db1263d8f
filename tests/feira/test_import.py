"""`import`: folders of sources and older packages become caixas, with a plan first and nothing written over."""

from __future__ import annotations

import json

import pytest

OLDER = """\
; the greeter, since 2024
(defcaixa
  :nome     "greeter"   ; never changes
  :versao   "1.2.3"
  :kind     servico
  :servicos ("servicos/greeter.computeunit.yaml")
  :deps     (("a" "*") ; the first
             (:nome "b" :versao "^1" :fonte ((:tipo "git") (:repo "github:o/b") (:tag "v1.0.0"))))
  ; what it may use
  :limits   ((:memory "64MiB") ; not more
             (:fuel 1000000))
  :behavior '((:on-call "lib/handlers.lisp"))
  :upgrade-from ((:from "1.0.0" :instructions ((:load-module "greeter") (restart)))))
"""
UNIT = "spec:\n  module: {source: ./hello.wasm}\n  trigger: {oneShot: {}}\n"


def passes(feira, where):
    for words in (("lint",), ("fmt", "--check"), ("build",)):
        outcome = feira(*words, "--path", where)
        assert (words, outcome.status) == (words, 0), outcome.err


@pytest.fixture
def library(feira):
    """A folder of Lisp sources that nobody laid out."""
    feira.write("MyTools/lib/a.lisp", ";;; tools\n(provide f)\n(define   (f x)\n (+ x 1)) ; adds\n")
    feira.write("MyTools/README.md", "# My tools\n\nTools for all. And more.\n")
    feira.write("MyTools/LICENSE", "MIT License\n\nCopyright\n")
    return feira


@pytest.fixture
def older(feira):
    feira.write("old/caixa.lisp", OLDER)
    feira.write(
        "old/lib/handlers.lisp", "(define (handle-call request state)\n  (list :reply request state))\n"
    )
    feira.write("old/servicos/greeter.computeunit.yaml", UNIT)
    return feira


def test_the_plan_is_shown_and_nothing_is_written(library):
    before = library.files()
    outcome = library("import", "MyTools")
    assert outcome.status == 0
    for line in (
        '+  :nome "my-tools"',
        "+  :kind Biblioteca",
        '+  :descricao "Tools for all."',
        '+  :licenca "MIT"',
    ):
        assert line in outcome.out
    assert "+(define (f x) (+ x 1)) ; adds" in outcome.out
    assert ":versao from no tag says another" in outcome.err
    assert "nothing is written" in outcome.err
    assert library.files() == before


def test_sources_that_would_change_are_left_and_the_package_is_made_elsewhere(library):
    before = library.files()
    refused = library("import", "MyTools", "--write")
    assert (refused.status, "error[would-change]" in refused.err) == (1, True)
    assert library.files() == before
    done = library("import", "MyTools", "--to", "tools", "--write")
    assert done.status == 0, done.err
    assert {path: data for path, data in library.files().items() if path.startswith("MyTools")} == before
    passes(library, "tools")
    assert library("import", "MyTools", "--to", "tools", "--write").err.count("error[already-there]") == 1


def test_sources_in_their_layout_become_a_package_where_they_are(library):
    library.write("MyTools/lib/a.lisp", ";;; tools\n(provide f)\n\n(define (f x) (+ x 1))\n")
    before = library.files()
    assert library("import", "MyTools", "--write").status == 0
    after = library.files()
    assert {path: after[path] for path in before} == before
    assert after.keys() - before.keys() == {"MyTools/caixa.lisp", "MyTools/.gitignore"}
    passes(library, "MyTools")
    again = library("import", "MyTools", "--write")
    assert (again.status, "written" in again.err) == (0, True)
    assert library.files() == after


@pytest.mark.parametrize(
    ("files", "kind", "slot"),
    [
        (
            {"servicos/x.computeunit.yaml": UNIT, "lib/h.lisp": "1\n", "exe/e.lisp": "1\n"},
            "Servico",
            ":servicos",
        ),
        ({"exe/e.lisp": "1\n", "lib/h.lisp": "1\n"}, "Binario", ':exe ("exe/e.lisp")'),
        ({"lib/h.lisp": "1\n", "tests/t.lisp": "1\n"}, "Biblioteca", ':bibliotecas ("lib/h.lisp")'),
        ({"src/h.lisp": "1\n", "tests/t.lisp": "1\n"}, "Biblioteca", ':bibliotecas ("src/h.lisp")'),
    ],
)
def test_the_kind_and_the_parts_are_those_of_the_files(feira, files, kind, slot):
    for path, text in files.items():
        feira.write(f"thing/{path}", text)
    data = json.loads(feira("import", "thing", "--to", "made", "--write", "--json").out)
    assert (data["kind"], data["written"]) == (kind, True)
    assert slot in data["new"]["caixa.lisp"]
    passes(feira, "made")


def test_git_says_the_version_and_the_repository(feira, git):
    feira.write("thing/lib/h.lisp", "1\n")
    folder = feira.folder / "thing"
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Begin")
    for tag in ("v0.9.0", "v0.10.0", "nightly", "v0.11.0-rc.1"):
        git(folder, "tag", tag)
    git(folder, "remote", "add", "origin", "git@github.com:me/thing.git")
    out = feira("import", "thing").out
    assert '+  :versao "0.11.0-rc.1"' in out
    assert '+  :repositorio "github:me/thing"' in out


def test_what_the_sources_import_is_needed(feira):
    feira.write("thing/lib/h.lisp", '(importar :caixa "json")\n(importar :caixa "thing")\n')
    assert '+  :deps ((:nome "json" :versao "*"))' in feira("import", "thing").out


def test_an_older_manifest_comes_to_the_written_notation_with_every_comment(older):
    before = older.files()
    outcome = older("import", "old", "--to", "new", "--write")
    assert outcome.status == 0, outcome.err
    text = older.files()["new/caixa.lisp"].decode()
    for comment in ("since 2024", "never changes", "the first", "what it may use", "not more"):
        assert comment in text
    for said in (
        ":kind Servico",
        '(:nome "a" :versao "*")',
        '(:tipo git :repo "github:o/b" :tag "v1.0.0")',
        ':behavior (:on-call "lib/handlers.lisp")',
        '(:kind load-module :module "greeter") (:kind restart)',
    ):
        assert said in text
    assert {path: data for path, data in older.files().items() if path.startswith("old/")} == before
    passes(older, "new")


def test_what_an_older_manifest_lacks_is_guessed(feira):
    feira.write("thing/caixa.lisp", '(defcaixa :descricao "Mine.") ; mine\n')
    feira.write("thing/lib/h.lisp", "1\n")
    feira.write("thing/lib/thing.lisp", "1\n")
    out = feira("import", "thing", "--to", "new", "--write").out
    assert '+(defcaixa :nome "thing" :versao "0.1.0" :kind Biblioteca :descricao "Mine.") ; mine' in out
    passes(feira, "new")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"thing/README.md": "nothing\n"}, "nothing-to-import"),
        ({"thing/tests/t.lisp": "1\n"}, "nothing-to-import"),
        ({"thing/caixa.lisp": "(defcaixa"}, "reader"),
        ({"thing/caixa.lisp": '(defcaixa :nome "x" :nonsense 1)', "thing/lib/x.lisp": "1\n"}, "slot-unknown"),
        ({"thing/caixa.lisp": '(defother :nome "x")'}, "not-defcaixa"),
        ({"thing/caixa.lisp": b"\xff"}, "unreadable-package"),
        ({"other": "1\n"}, "unreadable-package"),
    ],
)
def test_what_cannot_be_imported_is_one_refusal_and_nothing_is_written(feira, files, code):
    for path, text in files.items():
        feira.write(path, text)
    before = feira.files()
    outcome = feira("import", "thing", "--to", "new", "--write")
    assert outcome.status == 1
    assert f"error[{code}" in outcome.err, outcome.err
    assert feira.files() == before


def test_a_folder_that_is_not_there_is_named(feira):
    said = feira("import", "thing").err
    assert "the folder thing cannot be read: no such file or directory" in said
    assert "fix: Check the path." in said


def test_a_link_out_of_the_folder_is_refused(feira, tmp_path):
    feira.write("thing/lib/h.lisp", "1\n")
    (feira.folder / "thing/lib/evil.lisp").symlink_to("/etc/passwd")
    assert "error[unsafe-path]" in feira("import", "thing").err


def test_a_source_that_does_not_read_is_shown_in_the_plan(feira):
    feira.write("thing/lib/h.lisp", "(define x\n")
    outcome = feira("import", "thing")
    assert outcome.status == 1
    assert "in lib/h.lisp, line 1" in outcome.err


def test_a_notebook_imports_with_the_same_words(library):
    from feira import DirectoryWorkspace
    from feira.commands import Face, run

    answer = run(Face.MAGIC, ["import", "MyTools"], DirectoryWorkspace(library.folder))
    assert '+  :nome "my-tools"' in answer.text()
