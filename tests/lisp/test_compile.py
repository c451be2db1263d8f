"""Compiling without running, and what Python's own tools see of compiled code."""

from __future__ import annotations

import cProfile
import pstats
import sys
import traceback

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.source import Source

PROGRAM = """(define (inner x)
  (+ 1 (car x)))
(define (outer x)
  (list (inner x)))
"""


def test_compiling_counts_the_forms_and_runs_none(interpreter, capsys):
    text = '(println "no") (define x (throw 1)) (require "nothing") (begin (car 1) (car 2))'
    assert interpreter.compile(Source("file", text)) == 4
    assert capsys.readouterr().out == ""
    assert "x" not in interpreter.names


def test_macros_of_the_text_and_the_procedures_they_call_are_there_while_it_is_compiled(interpreter, fail):
    text = (
        "(define (double e) (list '+ e e)) (defmacro twice (e) (double e)) (define (f x) (twice x)) (twice 1 2)"
    )
    with pytest.raises(LispError) as caught:
        interpreter.compile(Source("file", text))
    assert caught.value.span == ("file", text.index("(twice 1 2)"), len(text))
    assert "double" not in interpreter.names
    assert fail("(twice 1)").kind == "unbound-symbol"


@pytest.mark.parametrize("text", ["(if)", "(define", "(list (let ((x)) x))", "(lambda (x . ) x)"])
def test_compiling_raises_the_errors_that_evaluating_would(interpreter, fail, text):
    with pytest.raises(LispError) as caught:
        interpreter.compile(Source("cell", text))
    expected = fail(text)
    assert (caught.value.kind, caught.value.span) == (expected.kind, expected.span)


def test_a_python_traceback_shows_the_lines_and_names_of_lisp(interpreter):
    interpreter.evaluate(Source("cell 7", PROGRAM))
    try:
        interpreter.names["outer"](5)
    except Exception:
        text = traceback.format_exc()
    assert 'File "cell 7", line 4, in outer\n    (list (inner x))' in text
    assert 'File "cell 7", line 2, in inner\n    (+ 1 (car x))' in text


def test_a_profiler_names_procedures_as_lisp_does(interpreter):
    interpreter.evaluate(Source("cell 7", "(define (sum-of n) (if (= n 0) 0 (+ n (sum-of (- n 1)))))"))
    profile = cProfile.Profile()
    profile.runcall(interpreter.names["sum-of"], 10)
    calls = {name: row[1] for name, row in pstats.Stats(profile).stats.items()}
    assert calls["cell 7", 1, "sum-of"] == 11


def test_a_tracer_sees_the_lines_of_lisp(interpreter):
    interpreter.evaluate(Source("cell 7", PROGRAM))
    seen = []

    def trace(frame, event, _):
        if frame.f_code.co_filename == "cell 7" and event == "line":
            seen.append((frame.f_code.co_name, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        interpreter.names["outer"](interpreter.evaluate(Source("cell 8", "'(1)")))
    finally:
        sys.settrace(before)
    assert ("outer", 4) in seen
    assert ("inner", 2) in seen


EVALUATED = {
    "(define (f) (eval '(define z 1)) z) (f)": "1",
    "(define (f c) (eval c) (let ((r 1)) (list r z))) (f '(define z 5))": "(1 5)",
    "(define (f x) (eval '(define (g y) (* x y))) (g 3)) (f 5)": "15",
    "(define (f) (eval '(eval '(define z 4))) z) (f)": "4",
    "(define (f x) (eval '(define x 9)) x) (f 1)": "9",
    "(define z 3) (define (f c) (eval c) z) (list (f 1) (f '(define z 2)) z)": "(3 2 3)",
}


@pytest.mark.parametrize(("text", "value"), EVALUATED.items())
def test_what_eval_defines_in_a_procedure_is_bound_there(run, text, value):
    assert run(text) == value


def test_a_call_of_a_number_is_an_error_of_ours_and_no_warning_of_python(fail, recwarn):
    assert fail("((- 10 5))").kind == "not-callable"
    assert not recwarn.list
