"""Running programs: real children, their output, their ends."""

from __future__ import annotations

import sys
from time import perf_counter

import psutil
import pytest

from caixa.lisp.natives.script.children import run_child

PYTHON = sys.executable


def test_arguments_are_passed_as_they_are(run):
    assert run('(exec-capture "printf" "%s|" "a b" "$x" "*" "")') == (
        '((:status 0) (:stdout "a b|$x|*||") (:stderr ""))'
    )


def test_the_shell_is_used_only_when_asked(run):
    assert run('(sh-exec "echo $((1 + 1)); echo bad >&2; exit 3")') == (
        '((:status 3) (:stdout "2\\n") (:stderr "bad\\n"))'
    )


def test_a_child_that_a_signal_ends_has_the_status_minus_one(run):
    assert run('(exec-check "sh" "-c" "kill -9 $$")') == "-1"
    assert run('(list (exec-ok? "true") (exec-ok? "false"))') == "(#t #f)"


def test_output_that_is_not_captured_goes_where_the_programs_own_goes(run):
    assert run('(with-output-to-string (exec-check "printf" "olá"))') == '"olá"'


def test_output_is_shown_as_it_comes(run):
    text = '(with-output-to-string (exec-run "sh" (list "-c" "echo 1; echo 2") :stream #t))'
    assert run(text) == '"1\\n2\\n"'


def test_a_child_gets_input_variables_and_a_folder(folder, run):
    (folder / "in").mkdir()
    script = "read line; echo $line $NAME $(basename $PWD)"
    text = f'(exec-run "sh" (list "-c" "{script}") :stdin "olá\\n" :env {{:NAME "ana"}} :folder "in")'
    assert run(text) == '{:status 0, :stdout "olá ana in\\n", :stderr ""}'


def test_more_than_a_pipe_holds_goes_both_ways(run):
    assert run(
        '(string-length (hash-map-get (exec-run "cat" nil :stdin (string-repeat "x" 1000000)) :stdout))'
    ) == ("1000000")


def test_a_child_need_not_read_what_it_is_given(run):
    assert run('(hash-map-get (exec-run "true" nil :stdin (string-repeat "x" 1000000)) :status)') == "0"


def test_a_timeout_kills_the_child_and_its_children(fail):
    begin = perf_counter()
    error = fail('(exec-run "sh" (list "-c" "sleep 77.25 & sleep 77.25; true") :timeout 0.2)')
    assert perf_counter() - begin < 5
    assert error.facts == {"timeout": 0.2}
    left = [each for each in psutil.process_iter(["cmdline"]) if "77.25" in (each.info["cmdline"] or [])]
    assert not psutil.wait_procs(left, timeout=5)[1], "what is killed may take a moment to be gone"


def test_an_error_while_output_is_shown_kills_the_child():
    def refuse(_data):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_child(["sh", "-c", "echo; exec sleep 77.75"], echo=(refuse, refuse))
    assert not [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", "77.75"]]


@pytest.mark.parametrize("call", ["exec-check", "exec-ok?", "exec-capture"])
def test_a_missing_program_is_an_error_that_names_it(fail, call):
    assert fail(f'({call} "no-such-program")').facts == {"path": "no-such-program", "errno": "ENOENT"}


@pytest.mark.parametrize(
    "options", [":timout 1", ":timeout 0", ':timeout "1"', ":timeout", ":stdin 5", ":env 5", "5 5", ":stream 1"]
)
def test_an_option_that_makes_no_sense_is_an_error(fail, options):
    assert fail(f'(exec-run "true" nil {options})').kind == "native-fn"


def test_sops_is_asked_for_one_value_without_its_line_end(folder, run, fail, monkeypatch):
    program = folder / "sops"
    program.write_text('#!/bin/sh\n[ "$4" = bad ] && { echo no key >&2; exit 1; }\nprintf "%s\\n\\n" "$*"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert run('(sops-extract "f.yaml" "[\\"a\\"]")') == '"-d --extract [\\"a\\"] f.yaml"'
    assert "no key" in fail('(sops-extract "bad" "x")').message
