"""Laws of random programs: nothing is lost or comes twice, order holds, and what is drawn is repeatable."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.fibers.channel import CLOSED, Channel
from caixa.lisp.fibers.clock import VirtualClock
from caixa.lisp.fibers.ready import InOrder, Ready, Shuffled
from caixa.lisp.fibers.scheduler import Scheduler
from caixa.lisp.fibers.waiting import TIMED_OUT, Choice, Operations
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source


class Alone:
    """A scheduler's surroundings without an interpreter: what fails, fails the test."""

    def failure(self, error, _fiber):
        raise error

    def deadlock(self, fibers):
        return AssertionError(f"deadlock of {[fiber.name for fiber in fibers]}")

    def report(self, fiber):
        raise AssertionError(fiber.name)

    def is_expanding(self):
        return False


def ready_by(seed: int | None) -> Ready:
    return InOrder() if seed is None else Shuffled(Random(seed))


SEEDS = st.one_of(st.none(), st.integers(0, 2**32))
PRODUCERS = st.lists(
    st.lists(st.sampled_from(["send", "alt", "yield", "sleep"]), max_size=12), min_size=1, max_size=4
)
CONSUMERS = st.lists(st.sampled_from(["receive", "alt", "alt or time"]), min_size=1, max_size=3)


def run_program(capacity, producers, consumers, seed):  # noqa: C901  # the fibers are functions in it
    """Run producers that send (number, count); return what each of the consumers received, in order."""
    scheduler = Scheduler(Alone(), VirtualClock(), ready_by(seed))
    operations = Operations(scheduler)
    channel, other = Channel(capacity), Channel(0)
    received: list[list[tuple[int, int]]] = [[] for _ in consumers]

    def produce(number, steps):
        for count, step in enumerate(steps):
            if step == "yield":
                operations.give_way()
            elif step == "sleep":
                operations.sleep(count / 1000)
            elif step == "alt":
                assert operations.choose([Choice(other), Choice(channel, True, (number, count))]) == (1, True)
            else:
                assert operations.send(channel, (number, count))

    def consume(got, way):
        while True:
            if way == "receive":
                index, value = 0, operations.receive(channel)
            else:
                timeout = 0.001 if way == "alt or time" else None
                index, value = operations.choose([Choice(other), Choice(channel)], timeout)
            if value is CLOSED:
                return
            if index != TIMED_OUT:
                got.append(value)

    makers = [scheduler.spawn(lambda n=n, steps=steps: produce(n, steps)) for n, steps in enumerate(producers)]
    for got, way in zip(received, consumers, strict=True):
        scheduler.spawn(lambda got=got, way=way: consume(got, way))

    def close():
        for maker in makers:
            operations.result(maker)
        channel.close()

    scheduler.spawn(close)
    operations.run_all()
    assert not scheduler.unfinished
    return received


PROGRAMS = given(
    capacity=st.one_of(st.none(), st.integers(0, 3)), producers=PRODUCERS, consumers=CONSUMERS, seed=SEEDS
)


@PROGRAMS
@settings(max_examples=150, deadline=None)
def test_whatever_the_order_nothing_is_lost_or_comes_twice(capacity, producers, consumers, seed):
    received = run_program(capacity, producers, consumers, seed)
    sent = Counter(
        (number, count)
        for number, steps in enumerate(producers)
        for count, step in enumerate(steps)
        if step in ("send", "alt")
    )
    assert Counter(value for got in received for value in got) == sent


@PROGRAMS
@settings(max_examples=100, deadline=None)
def test_each_consumer_gets_the_values_of_each_producer_in_order(capacity, producers, consumers, seed):
    for got in run_program(capacity, producers, consumers, seed):
        for number in range(len(producers)):
            counts = [count for producer, count in got if producer == number]
            assert counts == sorted(counts)


@PROGRAMS
@settings(max_examples=60, deadline=None)
def test_the_same_program_and_seed_take_the_same_turns(capacity, producers, consumers, seed):
    first = run_program(capacity, producers, consumers, seed)
    assert run_program(capacity, producers, consumers, seed) == first


# -- every order of a tiny program --------------------------------------------------------------------------

PETERSON = """
(define (run)
  (let ((wants (list #f #f)) (a? #f) (b? #f) (turn 0) (inside 0) (worst 0))
    (define (enter) (set! inside (+ inside 1))
      (set! worst (max worst inside)) (yield) (set! inside (- inside 1)))
    (define (a) (set! a? #t) (yield) (set! turn 1) (yield)
      (while (and b? (= turn 1)) (yield)) (enter) (set! a? #f))
    (define (b) (set! b? #t) (yield) (set! turn 0) (yield)
      (while (and a? (= turn 0)) (yield)) (enter) (set! b? #f))
    (for-each await (list (go a) (go b)))
    worst))
(keys (explore-schedules 200 run))"""

BROKEN = PETERSON.replace("(set! turn 1) (yield)", "").replace("(and b? (= turn 1))", "(and b? #f)")

DINING = """
(define (dine ordered?)
  (let ((forks (map (lambda (i) (let ((c (chan 1))) (>! c :fork) c)) (range 3))))
    (define (eat i)
      (let ((left (if ordered? (min i (modulo (+ i 1) 3)) i))
            (right (if ordered? (max i (modulo (+ i 1) 3)) (modulo (+ i 1) 3))))
        (<! (nth left forks)) (<! (nth right forks))
        (>! (nth right forks) :fork) (>! (nth left forks) :fork)))
    (let ((fs (map (lambda (i) (go (lambda () (eat i)) :background #t)) (range 3))))
      (for-each await fs)
      :done)))
(map (lambda (outcome) (if (error? outcome) (error-tag outcome) outcome))
     (keys (explore-schedules 60 (lambda () (dine ORDERED)))))"""


@pytest.mark.parametrize(
    ("program", "outcomes"),
    [
        (PETERSON, {"1"}),
        (BROKEN, {"1", "2"}),
        (DINING.replace("ORDERED", "#t"), {":done"}),
        (DINING.replace("ORDERED", "#f"), {":done", ":deadlock"}),
    ],
    ids=["mutual exclusion", "broken exclusion", "ordered forks", "unordered forks"],
)
def test_many_orders_of_a_tiny_program_show_all_that_it_can_do(program, outcomes):
    found = Interpreter(clock=VirtualClock()).evaluate(Source("cell", program))
    assert {write(each) for each in found} == outcomes


# -- across processes ---------------------------------------------------------------------------------------

TRACED = """
import sys
from caixa.lisp.fibers.clock import VirtualClock
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source
Interpreter(clock=VirtualClock()).evaluate(Source("cell", sys.argv[1]))
"""
TALK = """
(define c (chan 2))
(define (talk name) (dotimes (i 4) (println name "sends" i) (>! c (list name i)) (sleep-ms (* i 3))))
(define (listen name) (let ((v (<! c))) (unless (equal? v :closed) (println name "gets" v) (listen name))))
(define (all) (let ((ts (map (lambda (n) (go (lambda () (talk n)))) '(a b c))))
  (for-each (lambda (n) (go (lambda () (listen n)))) '(x y))
  (for-each await ts) (close! c) (run-fibers)))
(all) (with-schedule 42 (set! c (chan 2)) (all)) (println (fibers))"""


def test_processes_agree_on_every_turn():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", TRACED, TALK],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (0, 1)
    }
    assert len(outputs) == 1
    assert len(next(iter(outputs)).splitlines()) == 49
