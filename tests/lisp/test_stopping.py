"""Stop: whatever Lisp code does, an interrupt ends it soon, and the session is as it was before the cell."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

RUNNING_SECONDS = 0.3  # so that the program is in its loop
PATIENCE = 60.0
SECONDS = 1.0  # a busy machine may let a child wait; bench/ measures what it takes on a quiet one

SHARED = "(define (f x n) (if (= n 0) x (f (list x x) (- n 1))))"
PROGRAMS = {
    "a tight loop": "(define (f n) (f (+ n 1))) (f 0)",
    "a named let": "(let go-on ((n 0)) (go-on (+ n 1)))",
    "mutual tail calls": "(define (a n) (b n)) (define (b n) (a n)) (a 0)",
    "a native that calls back": "(define (f n) (for-each (lambda (x) x) (range 1000)) (f n)) (f 0)",
    "a long native that calls back": "(define (f x) x) (map f (range 2000000))",
    "a fold": "(foldl (lambda (a b) (+ a b)) 0 (range 2000000))",
    "a sort with a comparator": "(sort-by (lambda (a b) (< a b)) (reverse (range 1000000)))",
    "a product of large integers": "(define (f x) (f (modulo (* x x) (expt 2 400000)))) (f (expt 3 250000))",
    "a regular expression that backtracks": '(re-match? "(a+)+(a+)+(a+)+b" (string-repeat "a" 60))',
    "a search in a long text": '(define s (string-repeat "ab" 99999)) (let f () (string-contains? s "b") (f))',
    "expansion without end": "(defmacro m () (let go-on ((n 0)) (go-on n))) (m)",
    "a macro that gives itself": "(defmacro m () '(m)) (let f () (try (eval '(m)) (catch (e) e)) (f))",
    "reading again and again": '(define s (string-repeat "(a [b] {c d}) " 20000)) (let f () (read-all s) (f))',
    "printing a value without end": f"{SHARED} (str (f 1 60))",
    "comparing values without end": f"{SHARED} (equal? (f 1 50) (f 1 50))",
    "hashing a value without end": f"{SHARED} (hash-map (f 1 50) 1)",
    "a loop in finally": "(define (f) (f)) (try 1 (finally (f)))",
    "an error caught again and again": "(define (f) (try (car 1) (catch (e) e)) (f)) (f)",
    "recursion to the limit": "(define (g n) (+ 1 (g n))) (let f () (try (g 1) (catch (e) e)) (f))",
    "lines without end": '(define (f) (println "x") (f)) (f)',
    "evaluation without end": "(define (f) (eval '(+ 1 1)) (f)) (f)",
    "a sleep": "(sleep 100)",
}

CHILD = """
import io, sys, time
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source
from caixa.lisp.errors import LispError

interpreter = Interpreter()
interpreter.evaluate(Source("before", "(define kept 7)"))
before = interpreter.snapshot()
out, sys.stdout = sys.stdout, io.StringIO()
print("in", file=out, flush=True)
try:
    interpreter.evaluate(Source("cell", sys.argv[1]))
    outcome = "it ended by itself"
except KeyboardInterrupt:
    outcome = "stopped"
except LispError as error:
    outcome = error.render()
ended = time.time()
sys.stdout = out
interpreter.restore(before)
usable = interpreter.evaluate(Source("after", "(+ kept 1)"))
print(outcome, usable, ended, sep="|", flush=True)
sys.stdout.flush()
import os
os._exit(0)
"""


def stopped(program: str) -> tuple[str, str, float]:
    """Run `program` in a process of its own, stop it; return the outcome, a value after it, and the seconds."""
    command = [sys.executable, "-c", CHILD, program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in\n"
        time.sleep(RUNNING_SECONDS)
        began = time.time()
        child.send_signal(signal.SIGINT)
        said, errors = child.communicate(timeout=PATIENCE)
    assert said, errors[-2000:]
    outcome, usable, ended = said.strip().rsplit("|", 2)
    return outcome, usable, float(ended) - began


@pytest.mark.parametrize("name", PROGRAMS)
def test_stop_ends_it_soon_and_the_session_goes_on(name):
    outcome, usable, took = stopped(PROGRAMS[name])
    assert (outcome, usable) == ("stopped", "8")
    assert took < SECONDS
