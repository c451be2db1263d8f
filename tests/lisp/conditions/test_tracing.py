"""Calls written as they happen, values with their places, and times by a clock of the test's own."""

from __future__ import annotations

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.fibers.clock import VirtualClock
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.session import Session

FACT = "(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))"


@pytest.fixture
def cells(capsys):
    """Run cells of one session, each its own; return what the last wrote."""
    session = Session(clock=lambda: 0.0)

    def run(*texts: str) -> str:
        for number, text in enumerate(texts, 1):
            capsys.readouterr()
            session.run(text, f"cell {number}")
        return capsys.readouterr().out

    return run


def test_a_recursion_is_indented_by_its_depth(cells):
    assert cells(FACT, "(trace fact)", "(fact 1)") == "(fact 1)\n  (fact 0)\n  => 1\n=> 1\n"


def test_a_function_that_is_defined_anew_stays_traced(cells):
    assert cells("(define (f x) x)", "(trace f)", "(define (f x) (+ x 1))", "(f 1)") == "(f 1)\n=> 2\n"


def test_several_functions_share_one_depth(cells):
    text = "(define (f x) (+ 1 (g x))) (define (g x) x) (trace f g) (f 1)"
    assert cells(text) == "(f 1)\n  (g 1)\n  => 1\n=> 2\n"


def test_a_call_that_fails_is_told_and_the_depth_is_as_before(cells):
    text = "(define (f x) (car x)) (trace f) (try (f 1) (catch (e) 0)) (f '(2))"
    assert cells(text) == "(f 1)\n=> left by an error\n(f (2))\n=> 2\n"


def test_untrace_ends_it_for_some_or_for_all(cells):
    text = "(define (f x) x) (define (g x) x) (trace f g car)"
    assert cells(text, "(untrace f) (f 1) (g 2)") == "(g 2)\n=> 2\n"
    assert cells("(untrace) (f 1) (g 2) (car '(1))") == ""


def test_a_native_that_was_traced_is_itself_again(interpreter):
    interpreter.evaluate(Source("cell", "(trace car) (untrace car)"))
    assert "car" not in interpreter.names


def test_a_failed_cell_takes_back_its_tracing(cells, capsys):
    with pytest.raises(LispError):
        cells("(define (f x) x)", "(trace f) (car 5)")
    assert cells("(f 1)") == ""


def test_dbg_writes_form_value_and_place_and_returns_the_value(interpreter, capsys):
    text = "(define (f x)\n  (* 2 (dbg (+ x 1))))\n(f 4)"
    assert write(interpreter.evaluate(Source("cell 3", text))) == "10"
    assert capsys.readouterr().out == "(+ x 1) = 5  ; cell 3, line 2\n"


def test_time_tells_what_passed_by_the_given_clock(capsys):
    clock = VirtualClock()
    interpreter = Interpreter(clock=clock)
    interpreter.names["pass"] = clock.wait
    assert write(interpreter.evaluate(Source("cell", "(list (time (begin (pass 0.25) 5)))"))) == "(5)"
    assert capsys.readouterr().out.startswith("250.000 ms, ")
    interpreter.evaluate(Source("cell", "(time (pass 2))"))
    assert capsys.readouterr().out.startswith("2.000 s, ")
