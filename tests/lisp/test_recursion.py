"""Depth: what must work, what must be refused, and what must never bring the process down."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from caixa.lisp.completeness import completeness
from caixa.lisp.errors import LispError


def test_a_hundred_thousand_calls_can_be_open(run):
    assert run("(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1))))) (count 100000)") == "100000"


def test_a_hundred_thousand_calls_can_be_open_through_tail_calls(run):
    run("(define (a n) (if (= n 0) 0 (+ 1 (b n)))) (define (b n) (c n)) (define (c n) (a (- n 1)))")
    assert run("(a 40000)") == "40000"


def test_five_thousand_calls_can_be_open_through_natives_that_call_back(run):
    assert run("(define (f n) (if (= n 0) 0 (+ 1 (car (map f (list (- n 1))))))) (f 5000)") == "5000"


def test_runaway_recursion_is_an_error_that_can_be_caught(run, fail):
    run("(define (f n) (+ 1 (f n)))")
    assert fail("(f 1)").kind == "recursion-limit"
    assert run("(try (f 1) (catch (e) (error-tag e)))") == ":recursion-limit"
    assert run("(+ 1 1)") == "2"


def test_the_limit_of_the_process_is_what_it_was_before(run, fail):
    before = sys.getrecursionlimit()
    run("(+ 1 1)")
    fail("(car 1)")
    assert sys.getrecursionlimit() == before


def test_a_keyboard_interrupt_is_not_an_error_of_the_program(interpreter):
    from caixa.lisp.source import Source

    def stop() -> None:
        raise KeyboardInterrupt

    interpreter.names["stop"] = stop
    with pytest.raises(KeyboardInterrupt):
        interpreter.evaluate(Source("cell", "(try (stop) (catch (e) 1))"))
    interpreter.names["log"] = log = []
    interpreter.names["note"] = lambda: log.append(1)
    with pytest.raises(KeyboardInterrupt):
        interpreter.evaluate(Source("cell", "(try (stop) (finally (note)))"))
    assert log == [1]


DEEP = {
    "lists": "(" * 9000 + ")" * 9000,
    "quotes": "'" * 9000 + "a",
    "quoted lists": "'" + "(" * 9000 + ")" * 9000,
    "quasi-quotes": "`" * 5000 + "a",
    "sums": "(+ 1 " * 5000 + "1" + ")" * 5000,
    "sums on the left": "(+ " * 5000 + "1" + " 1)" * 5000,
    "calls": "(list " * 5000 + ")" * 5000,
    "procedures": "(lambda () " * 3000 + "1" + ")" * 3000,
    "ifs": "(if #t " * 3000 + "1" + ")" * 3000,
    "tests": "(if " * 3000 + "1" + " 1 2)" * 3000,
    "nots": "(not " * 3000 + "1" + ")" * 3000,
    "lets": "(let ((x 1)) " * 3000 + "x" + ")" * 3000,
    "loops": "(let f ((x 1)) " * 3000 + "x" + ")" * 3000,
    "tries": "(try " * 1000 + "1" + " (catch (e) 2))" * 1000,
    "vectors": "[" * 9000 + "]" * 9000,
    "delays": "(delay " * 3000 + "1" + ")" * 3000,
    "templates": "`(a " * 3000 + ")" * 3000,
    "unquotes": "`,`,`," * 2000 + "a",
    "macro calls": "(when #t " * 3000 + "1" + ")" * 3000,
    "threading": "(-> 1 " + "inc " * 3000 + ")",
    "brackets of all kinds": "([{" * 3000,
    "expansion without end": "(defmacro m () '(m)) (m)",
    "expansion without end, inside": "(defmacro m () '(list (m))) (m)",
    "expansion that doubles": "(defmacro m (n) (if (= n 0) 1 `(+ (m ,(- n 1)) (m ,(- n 1))))) (m 40)",
    "evaluation in evaluation": "(define (f n) (eval (list 'f (+ n 1)))) (f 1)",
}

SCRIPT = """
import json, sys
from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source
for name, text in json.load(sys.stdin).items():
    print(name, flush=True)
    try:
        write(Interpreter().evaluate(Source("cell", text)))
    except LispError as error:
        assert error.message and error.render(), error
"""


def test_no_text_brings_the_process_down():
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=json.dumps(DEEP), text=True, capture_output=True, check=False
    )
    assert finished.returncode == 0, f"{finished.stdout.splitlines()[-1:]}: {finished.stderr[-2000:]}"


def test_sums_of_any_depth_are_computed(run):
    depth = 1200
    assert run("(+ 1 " * depth + "1" + ")" * depth) == str(depth + 1)


def test_a_cond_of_any_length_is_compiled(run):
    clauses = " ".join(f"((= x {n}) {n * 2})" for n in range(2000))
    assert run(f"(define (f x) (cond {clauses})) (f 1999)") == "3998"
    assert run(f"(define (g x) (+ 1 (cond {clauses}))) (g 1999)") == "3999"


def test_an_and_of_any_length_is_compiled(run):
    items = " ".join(["(f)"] * 1000)
    assert run(f"(define (f) #t) (list (and {items} 7) (if (and {items}) 1 2))") == "(7 1)"


def test_tries_nest_deeper_than_python_allows_blocks(run):
    depth = 40
    assert run(
        "(try " * depth + "(throw 1)" + " (catch (e) (throw (+ e 1))))" * (depth - 1) + " (catch (e) e))"
    ) == str(depth)


def test_tries_nested_deep_still_assign_the_variables_around_them(run):
    depth = 30
    body = "(try " * depth + "(set! x (+ x 1))" + " (catch (e) 0))" * depth
    assert run(f"(define (f x) {body} x) (f 1)") == "2"


def test_completeness_survives_depth():
    assert completeness("(" * 100_000).status in ("incomplete", "invalid")
    assert completeness("'" * 100_000).status in ("incomplete", "invalid")


def test_deep_values_are_made_printed_and_compared(run):
    program = "(define (nest n) (let loop ((i 0) (x '())) (if (= i n) x (loop (+ i 1) (list x)))))"
    assert run(f"{program} (equal? (nest 50000) (nest 50000))") == "#t"
    assert len(run("(nest 50000)")) > 50000


def test_a_power_too_large_is_refused_before_it_is_computed(fail):
    assert fail("(define (f x n) (if (= n 0) x (f (* x x) (- n 1)))) (f 3 60)").kind == "integer-too-large"
    assert isinstance(fail("(expt 10 100000000)"), LispError)
