"""`alt`, `alts!`, timeouts and sleep: the first that is possible, in an order that is known."""

from __future__ import annotations

import pytest

CHANNELS = "(define a (chan 1)) (define b (chan 1)) (define full (chan 1)) (>! full 0) (define none (chan 0))"

# what is done before, the clauses of an `alt`, its value; outside a fiber and inside one alike
CHOICES = [
    ("(>! a 1) (>! b 2)", "((<! a) v (list :a v)) ((<! b) v (list :b v))", "(:a 1)"),
    ("(>! a 1) (>! b 2)", "((<! b) v (list :b v)) ((<! a) v (list :a v))", "(:b 2)"),
    ("(>! b 2)", "((<! a) v (list :a v)) ((<! b) v (list :b v))", "(:b 2)"),
    ("", "((>! a 5) :sent) ((<! b) v v)", ":sent"),
    ("", "((>! full 5) :sent) ((>! b 6) :other)", ":other"),
    ("", "((<! none) v v) (:default :nothing)", ":nothing"),
    ("(>! a 1)", "((<! a) v v) (:default :nothing)", "1"),
    ("", "((<! none) v v) (:after 50 :late)", ":late"),
    ("", "(:after 50 :late) ((>! a 1) :sent)", ":sent"),
    ("(close! a)", "((<! a) v v) (:after 50 :late)", ":closed"),
    ("", "((<! (timeout 10)) v :first) ((<! (timeout 5)) v :second)", ":second"),
    ("", "((<! (timeout 10)) v :channel) (:after 20 :late)", ":channel"),
    ("(>! a 1)", "((<! a) v)", "()"),
    ("(go-block (yield) (>! none 3))", "((<! none) v (+ v 1))", "4"),
    ("(define r (go-block (<! none)))", "((>! none 3) (await r))", "3"),
]


@pytest.mark.parametrize("where", ["{}", "(await (go-block {}))"], ids=["outside", "inside"])
@pytest.mark.parametrize(("before", "clauses", "value"), CHOICES)
def test_alt_does_the_first_operation_that_is_possible(run, where, before, clauses, value):
    assert run(f"{CHANNELS} {before} {where.format(f'(alt {clauses})')}") == value


def test_only_the_chosen_operation_is_done(run):
    run(f"{CHANNELS} (>! a 1) (>! b 2)")
    assert run("(alt ((<! a) v v) ((<! b) v v))") == "1"
    assert run("(list (<! a) (<! b))") == "(:empty 2)"
    run("(define f (go-block (alt ((>! full 7) :sent) ((<! none) v v)))) (go-block (yield) (>! none 9))")
    assert run("(list (await f) (<! full) (<! full))") == "(9 0 :empty)"


@pytest.mark.parametrize(
    "clause",
    ["5", "(a b)", "((<! a))", "((<! a) (v) v)", "((>! a) 1)", "((>! a 1 2) 3)", "()", "((close! a) 1)"],
)
def test_a_clause_that_is_none_is_refused(fail, clause):
    assert "a clause of alt is" in fail(f"{CHANNELS} (alt {clause})").message


ALTS = [
    ("(>! a 1)", "(alts! (list b a))", "1", "a"),
    ("", "(alts! (list (list full 1) [b 2]))", "#t", "b"),
    ("", "(alts! (list none) :default 9)", "9", ":default"),
    ("", "(alts! (list none) :timeout 9)", "()", ":timeout"),
]


@pytest.mark.parametrize(("before", "call", "value", "channel"), ALTS)
def test_alts_returns_the_value_and_the_channel(run, before, call, value, channel):
    run(f"{CHANNELS} {before} (define found {call})")
    assert run(f"(list (first found) (eq? (second found) {channel}))") == f"({value} #t)"


def test_alts_refuses_what_is_no_operation(fail):
    assert fail("(alts! (list 5))").kind == "type-mismatch"
    assert fail("(alts! (list (list 5 1)))").kind == "type-mismatch"
    assert fail("(alts! (list (chan)) :colour 1)").kind == "arity-mismatch"
    assert fail("(alts! (list (chan)) :timeout -1)").kind == "native-fn"


def test_choosing_in_a_loop_leaves_nothing_behind(run, interpreter):
    run("""(define quiet (chan 0)) (define busy (chan 0)) (onto-chan busy (range 5000))
    (define (serve n) (alt ((<! quiet) v v) ((<! busy) v (if (equal? v :closed) n (serve (+ n 1))))
      (:after 9999 0)))
    (define served (await (go-block (serve 0))))""")
    assert run("served") == "5000"
    assert len(interpreter.names["quiet"]._receivers.waits) < 100
    assert len(interpreter._scheduler.timers._entries) < 200


def test_sleepers_wake_in_the_order_of_their_times(run, clock):
    assert (
        run("""
    (define seen (list))
    (define (nap ms) (sleep-ms ms) (set! seen (cons ms seen)))
    (for-each await (map (lambda (ms) (go-block (nap ms))) '(30 10 20 10)))
    (reverse seen)""")
        == "(10 10 20 30)"
    )
    assert clock.now() == pytest.approx(0.030)


def test_a_sleep_of_the_program_lets_fibers_run(run, clock):
    assert (
        run("""
    (define ticks 0)
    (go (lambda () (dotimes (i 5) (sleep 1) (set! ticks (+ ticks 1)))))
    (sleep 3) ticks""")
        == "2"
    )
    assert clock.now() == 3
    run("(run-fibers)")
    run("(sleep 2)")
    assert clock.now() == 7


def test_a_timeout_closes_its_channel_when_its_time_has_come(run, clock):
    run("(define t (timeout 20)) (define f (go-block (list (alt ((<! t) v v) (:default 1)) (<! t))))")
    assert run("(list (<! t) (await f) (<! t))") == "(:empty (1 :closed) :closed)"
    assert clock.now() == pytest.approx(0.020)


def test_nobody_waits_for_a_timeout_that_nobody_uses(run, clock):
    run("(define t (timeout 5000)) (go-block (sleep-ms 10)) (run-fibers)")
    assert clock.now() == pytest.approx(0.010)


def test_when_two_things_become_possible_together_the_first_to_happen_wins(run):
    assert (
        run("""
    (define a (chan 0)) (define b (chan 0))
    (define f (go-block (alt ((<! b) v (list :b v)) ((<! a) v (list :a v)))))
    (define fa (go-block (>! a 1))) (define fb (go-block (>! b 2)))
    (list (await f) (await fa) (go-status fb))""")
        == "((:a 1) #t :waiting)"
    )
