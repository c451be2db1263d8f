"""Stop: whatever Lisp code does, an interrupt ends it soon, and the session is as it was before the cell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest

RUNNING_SECONDS = 0.1  # of the processor, so that the program is in its loop
SECONDS = 0.05  # of the processor: what else the machine does costs little; bench/ measures what a person waits
DEEP_SECONDS = 0.5  # Python takes 40 ms to leave 100,000 frames, 120 where it collects; none hears then

SHARED = "(define (f x n) (if (= n 0) x (f (list x x) (- n 1))))"
LONG = "(define long (range 1000000))"
PROGRAMS = {
    "a tight loop": "(define (f n) (f (+ n 1))) (f 0)",
    "a named let": "(let go-on ((n 0)) (go-on (+ n 1)))",
    "mutual tail calls": "(define (a n) (b n)) (define (b n) (a n)) (a 0)",
    "a native that calls back": "(define (f n) (for-each (lambda (x) x) (range 1000)) (f n)) (f 0)",
    "a long native that calls back": "(define (f x) x) (let go-on () (map f (range 200000)) (go-on))",
    "a fold": "(let f () (foldl (lambda (a b) (+ a b)) 0 (range 200000)) (f))",
    "a sort with a comparator": "(let f () (sort-by (lambda (a b) (< a b)) (reverse (range 200000))) (f))",
    "making long lists": "(let f () (range 5000000) (f))",
    "adding up long lists": f"{LONG} (let f () (sum long) (f))",
    "joining long lists": f"{LONG} (let f () (append long long) (f))",
    "turning long lists round": f"{LONG} (let f () (reverse long) (f))",
    "long vectors": f"{LONG} (let f () (drop 1 (vec long)) (f))",
    "comparing long lists": f"{LONG} (define other (range 1000000)) (let f () (equal? long other) (f))",
    "counting the members of long lists": f"{LONG} (let f () (frequencies long) (f))",
    "sorting long lists": "(define long (map (lambda (x) (modulo (* x 7919) 1000003)) (range 200000)))"
    " (define longer (append long long long long long)) (let f () (sort longer) (f))",
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
    "lines without end": '(define (f) (println "x") (f)) (f)',
    "evaluation without end": "(define (f) (eval '(+ 1 1)) (f)) (f)",
}
DEEP_PROGRAMS = {
    "recursion to the limit": "(define (g n) (+ 1 (g n))) (let f () (try (g 1) (catch (e) e)) (f))",
    "a loop in a deep recursion": "(define (g n) (if (= n 0) (let f () (f)) (+ 1 (g (- n 1))))) (g 100000)",
}

CHILD = """
import gc, io, json, signal, sys, time
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source
from caixa.lisp.errors import LispError

def stop(number, frame):
    gc.disable()  # as the kernel does until the end of the cell
    raise KeyboardInterrupt

signal.signal(signal.SIGPROF, stop)
signal.signal(signal.SIGALRM, stop)
interpreter = Interpreter()
interpreter.evaluate(Source("before", "(define kept 7)"))
before = interpreter.snapshot()
out, sys.stdout = sys.stdout, io.StringIO()

def run(program, timer, clock, seconds):
    ended = None
    signal.setitimer(timer, seconds)
    began = clock()
    try:
        interpreter.evaluate(Source("cell", program))
        outcome = "it ended by itself"
    except KeyboardInterrupt:
        ended = clock()
        outcome = "stopped"
    except LispError as error:
        outcome = error.render()
    signal.setitimer(timer, 0)
    gc.enable()
    interpreter.restore(before)
    sys.stdout = io.StringIO()
    usable = interpreter.evaluate(Source("after", "(+ kept 1)"))
    return outcome, usable, 0 if ended is None else ended - began - seconds

for line in sys.stdin:
    program, sleeps, seconds = json.loads(line)
    timer, clock = (signal.ITIMER_REAL, time.monotonic) if sleeps else (signal.ITIMER_PROF, time.process_time)
    print(json.dumps(run(program, timer, clock, seconds)), file=out, flush=True)
"""


class Stopper:
    """Runs one program after another in a process of its own, and stops each."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests, self._answers = requests, answers

    def stopped(self, program: str, *, sleeps: bool = False) -> tuple[str, int, float]:
        """Return what became of `program`, a value computed after it, and the seconds that Stop took.

        They are the processor's, or real ones of a program that `sleeps`.
        """
        self._requests.write(json.dumps([program, sleeps, RUNNING_SECONDS]) + "\n")
        self._requests.flush()
        outcome, usable, seconds = json.loads(self._answers.readline())
        return outcome, usable, seconds


@pytest.fixture(scope="module")
def stopper() -> Iterator[Stopper]:
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield Stopper(child.stdin, child.stdout)


@pytest.mark.parametrize("name", PROGRAMS)
def test_stop_ends_it_soon_and_the_session_goes_on(stopper, name):
    outcome, usable, took = stopper.stopped(PROGRAMS[name])
    assert (outcome, usable) == ("stopped", 8)
    assert took < SECONDS


@pytest.mark.parametrize("name", DEEP_PROGRAMS)
def test_stop_ends_a_deep_recursion_about_as_soon_as_python_leaves_it(stopper, name):
    outcome, usable, took = stopper.stopped(DEEP_PROGRAMS[name])
    assert (outcome, usable) == ("stopped", 8)
    assert took < DEEP_SECONDS


def test_stop_ends_a_sleep(stopper):
    outcome, usable, took = stopper.stopped("(sleep 100)", sleeps=True)
    assert (outcome, usable) == ("stopped", 8)
    assert took < 10  # real seconds, of a machine that may be busy
