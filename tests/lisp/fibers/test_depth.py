"""Many fibers, and fibers deep in calls."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = "(define (count n) (if (= n 0) (begin (yield) 0) (+ 1 (count (- n 1)))))"


def test_a_fiber_can_wait_a_hundred_thousand_calls_deep(run):
    assert (
        run(f"{COUNT} (list (await (go-block (count 100000))) (await (go-block (count 10))))") == "(100000 10)"
    )


def test_two_fibers_can_be_deep_at_once(run):
    assert run(f"{COUNT} (map await (map (lambda (i) (go-block (count 50000))) (range 2)))") == "(50000 50000)"


def test_a_fiber_can_wait_deep_in_natives_that_call_back(run):
    nest = "(define (f n) (if (= n 0) (begin (yield) 0) (+ 1 (car (map f (list (- n 1)))))))"
    assert run(f"{nest} (await (go-block (f 5000)))") == "5000"


def test_runaway_recursion_in_a_fiber_is_its_error(run, fail):
    run("(define (f n) (+ 1 (f n)))")
    assert fail("(await (go-block (f 1)))").kind == "recursion-limit"
    assert run("(+ 1 (await (go-block (try (f 1) (catch (e) 1)))))") == "2"


def test_fibers_can_await_one_another_in_a_long_chain(run):
    assert (
        run("""
    (define first-one (go-block 0))
    (define (chain f n) (if (= n 0) f (chain (go-block (+ 1 (await f))) (- n 1))))
    (await (chain first-one 3000))""")
        == "3000"
    )


def test_evaluations_of_fibers_that_wait_are_not_inside_one_another(run):
    assert (
        run("""
    (define c (chan 0))
    (define fs (map (lambda (i) (go-block (eval '(<! c)))) (range 600)))
    (go-block (close! c)) (length (map await fs))""")
        == "600"
    )


def test_ten_thousand_fibers_wait_at_once(run):
    assert run("""
    (define c (chan 0)) (define out (chan))
    (dotimes (i 10000) (go-block (>! out (+ 1 (<! c)))))
    (go-block (dotimes (i 10000) (>! c i)))
    (run-fibers) (close! out) (foldl + 0 (chan->list out))""") == str(sum(range(10001)))


@pytest.mark.soak
def test_a_hundred_thousand_fibers_can_be_made_and_run():
    program = """
import resource
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source
text = "(define gate (chan)) (define n 0) (dotimes (i 100000) (go-block (<! gate) (set! n (+ n 1))))"
interpreter = Interpreter()
interpreter.evaluate(Source("cell", text + "(go-block (close! gate)) (run-fibers)"))
assert interpreter.names["n"] == 100_000
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # kilobytes
"""
    subprocess.run([sys.executable, "-c", program], check=True)
