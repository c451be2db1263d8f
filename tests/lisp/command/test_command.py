"""`caixa-lisp` from outside: what it writes where, and with which status it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from caixa.lacre.lock import Lock, LockEntry, write_lock
from caixa.manifest.model import PathFonte


@pytest.fixture
def command(tmp_path):
    """Run the command in a directory of its own; return status, standard output and standard error."""

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "feira.lisp", *words],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_file_is_run_with_its_arguments_and_the_modules_beside_it(command, tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "greet.tlisp").write_text('(provide hello) (define (hello x) (str "hello " x))')
    (tmp_path / "main.tlisp").write_text(
        '#!/usr/bin/env caixa-lisp\n(require "lib/greet" :refer (hello))\n'
        "(for-each (lambda (x) (println (hello x))) (argv))\n5"
    )
    assert command("main.tlisp", "-e", "you") == (0, "hello -e\nhello you\n", "")


def test_an_error_is_written_with_its_place_and_the_status_is_1(command, tmp_path):
    (tmp_path / "main.tlisp").write_text('#!x\n(println "before")\n(car 5)\n')
    status, output, errors = command("main.tlisp")
    assert (status, output) == (1, "before\n")
    assert errors.splitlines() == [
        "error[type-mismatch]: expected pair, got int",
        "  in main.tlisp, line 3, column 1",
        "3 | (car 5)",
        "  | ^^^^^^^",
    ]


def test_the_status_is_what_the_program_leaves_with(command):
    assert command("-e", "(println 1)", "-e", "(exit 7)", "-e", "(println 2)") == (7, "1\n", "")


def test_the_values_of_expressions_are_written_unless_they_are_nil(command):
    assert command("-e", "(define x 2)", "-e", '(str x "!")', "-e", "nil") == (0, '"2!"\n', "")


@pytest.mark.parametrize("words", [(), ("-",)])
def test_a_program_on_standard_input_is_run(command, words):
    assert command(*words, stdin='(display "é")\n') == (0, "é", "")


def test_in_a_sandbox_a_program_reaches_only_what_is_allowed(command, tmp_path):
    (tmp_path / "note").write_text("text")
    status, _, errors = command("--sandbox", "-e", '(read-file "note")')
    assert status == 1
    assert "capability-denied" in errors
    assert command("--allow", f"fs:{tmp_path}:ro", "-e", '(read-file "note")')[:2] == (0, '"text"\n')


@pytest.mark.parametrize(
    "words", [("no-such-file",), ("--nope",), ("--allow", "nonsense", "-e", "1"), ("latin",)]
)
def test_words_that_make_no_sense_leave_with_2_and_one_line(command, tmp_path, words):
    (tmp_path / "latin").write_bytes(b"\xe9")
    status, output, errors = command(*words)
    assert (status, output, errors.count("\n")) == (2, "", 1)
    assert errors.startswith("caixa-lisp: ")


def test_a_program_imports_what_the_lock_file_beside_it_pins(command, tmp_path):
    library = tmp_path / "numbers"
    (library / "lib").mkdir(parents=True)
    (library / "caixa.lisp").write_text('(defcaixa :nome "numbers" :versao "1.2.0" :kind Biblioteca)')
    (library / "lib" / "numbers.lisp").write_text("(provide one) (define one 1)")
    pinned = LockEntry("numbers", "1.2.0", PathFonte("numbers"), "blake3:1", "blake3:2")
    (tmp_path / "lacre.lisp").write_text(write_lock(Lock.of([pinned])))
    assert command("-e", '(importar :caixa "numbers") numbers/one') == (0, "1\n", "")


def test_a_script_loads_neither_the_line_editor_nor_packages(tmp_path):
    code = "import sys, feira.lisp; feira.lisp.command.__globals__['run'](['-e', '1']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "prompt_toolkit",
        "pygments",
        "asyncio",
        "argparse",
        "blake3",
        "caixa.manifest",
        "caixa.lacre",
    }


# -- tests ------------------------------------------------------------------------------------------------


@pytest.fixture
def suite(tmp_path):
    tests = tmp_path / "tests"
    (tests / "deep").mkdir(parents=True)
    (tests / "good.tlisp").write_text('(deftest adds "Sums." (is (= (+ 1 1) 2))) (println "noise")')
    (tests / "deep" / "bad.lisp").write_text("(deftest fails (is (= 1 2)))\n(deftest holds (is #t))")
    (tests / "module.tlisp").write_text("(car 5) ; has no tests, so it is not run")
    return tests


def test_the_tests_of_a_directory_are_a_table_and_a_failure_is_status_1(command, suite):
    status, output, errors = command("--test", "tests")
    assert (status, errors) == (1, "")
    assert output.splitlines() == [
        f"{Path('tests/deep/bad.lisp')}",
        "✗ fails",
        "    error[check-failed]: (= 1 2) is #f",
        f"      in {Path('tests/deep/bad.lisp')}, line 1, column 20",
        "    1 | (deftest fails (is (= 1 2)))",
        "      |                    ^^^^^^^",
        "✓ holds",
        "noise",
        f"{Path('tests/good.tlisp')}",
        "✓ adds: Sums.",
        "3 tests, 1 failed",
    ]


def test_a_pattern_chooses_tests(command, suite):
    status, output, _ = command("--test", "tests", "-k", "adds|holds")
    assert (status, output.splitlines()[-1]) == (0, "2 tests passed")


def test_no_tests_at_all_is_a_failure(command, suite):
    assert command("--test", "tests", "-k", "zzz")[0] == 1


def test_results_as_json_are_all_there_is_on_standard_output(command, suite):
    status, output, errors = command("--test", "tests", "--json")
    data = json.loads(output)
    assert (status, data["ok"], errors) == (1, False, "noise\n")
    assert [(each["file"], each["ok"]) for each in data["files"]] == [
        (str(Path("tests/deep/bad.lisp")), False),
        (str(Path("tests/good.tlisp")), True),
    ]


def test_a_file_that_does_not_load_is_a_failure_and_the_others_are_run(command, suite):
    (suite / "broken.tlisp").write_text("(deftest t (is #t)) (")
    status, output, _ = command("--test", "tests/broken.tlisp", "tests/good.tlisp")
    assert status == 1
    assert "✗ load" in output
    assert "✓ adds" in output
