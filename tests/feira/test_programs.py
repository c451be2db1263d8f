"""`feira run` of a Binario: its programs, with their arguments, modules, errors and exit status."""

from __future__ import annotations

import json

import pytest

from feira.commands import Face, run
from feira.workspace import DirectoryWorkspace

MANIFEST = '(defcaixa :nome "tools" :versao "0.1.0" :kind Binario :exe ({}))\n'


@pytest.fixture
def tools(feira):
    feira.write("caixa.lisp", MANIFEST.format('"exe/tools.lisp"'))
    feira.write("exe/tools.lisp", "(println (argv))\n")
    return feira


def test_the_only_program_needs_no_name(tools, capsys):
    outcome = tools("run")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert capsys.readouterr().out == "()\n"


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("a", "b"), ["a", "b"]),
        (("--", "--since", "2026"), ["--since", "2026"]),
        (("--", "a b", "--json"), ["a b", "--json"]),
        (("-5",), ["-5"]),
    ],
)
def test_what_follows_the_name_are_the_arguments(tools, capsys, words, printed):
    tools.write("exe/tools.lisp", "(for-each (lambda (each) (println each)) (argv))\n")
    assert tools("run", "tools", *words).status == 0
    assert capsys.readouterr().out.splitlines() == printed


def test_a_flag_that_is_not_behind_two_dashes_is_refused(tools):
    assert tools("run", "tools", "--since").status == 2


def test_a_program_finds_modules_beside_it_and_in_the_package(tools, capsys):
    tools.write("exe/names.lisp", '(provide who)\n(define who "you")')
    tools.write("lib/greet.lisp", '(provide greet)\n(define (greet who) (string-append "Hello, " who))')
    tools.write(
        "exe/tools.lisp",
        '(require "names.lisp" :as names)\n(require "lib/greet.lisp" :as g)\n(println (g/greet names/who))',
    )
    assert tools("run").status == 0
    assert capsys.readouterr().out == "Hello, you\n"


@pytest.mark.parametrize(("form", "status"), [("(exit 3)", 3), ("(exit)", 0), ("(exit 0)", 0)])
def test_the_exit_status_is_the_programs_own(tools, form, status):
    tools.write("exe/tools.lisp", form)
    outcome = tools("run")
    assert outcome.status == status
    assert ("ended with 3" in outcome.err) == (status == 3)


def test_an_error_is_shown_at_its_place(tools):
    tools.write("exe/tools.lisp", "(println 1)\n(car 5)\n")
    outcome = tools("run")
    assert outcome.status == 1
    assert "in exe/tools.lisp, line 2, column 1\n2 | (car 5)" in outcome.err


def test_as_data_the_output_is_part_of_the_answer(tools, capsys):
    data = json.loads(tools("run", "tools", "--json", "a").out)
    assert capsys.readouterr().out == ""
    assert data == {
        "nome": "tools",
        "program": "exe/tools.lisp",
        "arguments": ["a"],
        "status": 0,
        "output": "(a)\n",
    }


def test_of_several_programs_one_is_named(tools):
    tools.write("caixa.lisp", MANIFEST.format('"exe/tools.lisp" "exe/other.lisp"'))
    tools.write("exe/other.lisp", "(exit 4)")
    assert "name one of tools, other" in tools("run").err
    assert tools("run", "nothing").status == 2
    assert tools("run", "other").status == 4


def test_a_notebook_gets_the_same(tools, capsys):
    answer = run(Face.MAGIC, ["run", ".", "tools", "a"], DirectoryWorkspace(tools.folder))
    assert (answer.ok, answer.text(), capsys.readouterr().out) == (True, "", "(a)\n")


def test_a_library_has_nothing_to_run(feira):
    feira("init", "lib", "--path", ".")
    outcome = feira("run")
    assert outcome.status == 1
    assert "lib is a Biblioteca, which has nothing to run" in outcome.err
    assert "name a Servico or a Binario" in outcome.err
