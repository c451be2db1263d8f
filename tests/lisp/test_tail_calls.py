"""Calls in tail position keep the stack flat, in every tail position and through every kind of procedure."""

from __future__ import annotations

import sys

import pytest

N = 100_000

FLAT = {
    "itself": f"(define (f n) (if (= n 0) :ok (f (- n 1)))) (f {N})",
    "each other": f"(define (a n) (if (= n 0) :ok (b (- n 1)))) (define (b n) (a n)) (a {N})",
    "cond": f"(define (f n) (cond ((= n 0) :ok) (else (g (- n 1))))) (define (g n) (f n)) (f {N})",
    "when": f"(define (f n) (when #t (g n))) (define (g n) (if (= n 0) :ok (f (- n 1)))) (f {N})",
    "and, or": f"(define (f n) (or #f (and #t (g n)))) (define (g n) (if (= n 0) :ok (f (- n 1)))) (f {N})",
    "let": f"(define (f n) (let* ((m (- n 1))) (if (< m 0) :ok (g m)))) (define (g n) (f n)) (f {N})",
    "letrec": (
        "(define (f n) (letrec ((h (lambda () n))) (if (= (h) 0) :ok (g (- n 1)))))"
        f"(define (g n) (f n)) (f {N})"
    ),
    "a captured parameter": (
        f"(define (f n k) (if (= n 0) (k) (f (- n 1) (lambda () (if (= n 1) :ok :no)))))(f {N} (lambda () :no))"
    ),
    "an argument": f"(define (call f n) (f n)) (define (g n) (if (= n 0) :ok (call g (- n 1)))) (g {N})",
    "continuations": (
        f"(define (f n k) (if (= n 0) (k :ok) (f (- n 1) (lambda (v) (k v))))) (f {N} (lambda (v) v))"
    ),
    "five arguments": (
        "(define (f n a b c d) (if (= n 0) d (g n a b c d)))"
        f"(define (g n a b c d) (f (- n 1) b c d a)) (f {N} 1 2 3 4)"
    ),
    "a rest parameter": f"(define (f n &rest r) (if (= n 0) :ok (g n))) (define (g n) (f (- n 1) 1 2)) (f {N})",
    "an optional parameter": (
        f"(define (f n &optional (m 7)) (if (= n 0) m (g n))) (define (g n) (f (- n 1))) (f {N})"
    ),
    "named let": f"(let loop ((i 0)) (if (< i {N}) (loop (+ i 1)) :ok))",
    "do": f"(do ((i 0 (+ i 1))) ((= i {N}) :ok))",
    "an inner procedure": f"(define (f n) (define (go i) (if (= i n) :ok (go (+ i 1)))) (go 0)) (f {N})",
    "inner procedures that call each other": (
        f"(define (f n) (define (a i) (if (= i n) :ok (b (+ i 1)))) (define (b i) (a i)) (a 0)) (f {N})"
    ),
}


@pytest.mark.parametrize("program", FLAT.values(), ids=FLAT.keys())
def test_tail_calls_run_in_constant_stack(run, program, monkeypatch):
    monkeypatch.setattr("caixa.lisp.program.DEPTH_LIMIT", sys.getrecursionlimit())
    assert run(program) in (":ok", "7", "4")


def test_nested_loops_go_on_with_the_right_one(run):
    program = """
    (define (pairs n)
      (let outer ((i 0) (found '()))
        (if (= i n)
            (reverse found)
            (let inner ((j 0) (found found))
              (if (= j i)
                  (outer (+ i 1) found)
                  (inner (+ j 1) (cons (list i j) found)))))))
    (pairs 4)"""
    assert run(program) == "((1 0) (2 0) (2 1) (3 0) (3 1) (3 2))"


def test_three_loops_inside_each_other_leave_in_one_step(run):
    program = """
    (define (f n)
      (let a ((i 0) (s 0))
        (if (= i n) s
          (let b ((j 0) (s s))
            (if (= j n) (a (+ i 1) s)
              (let c ((k 0) (s s))
                (cond ((= k n) (b (+ j 1) s))
                      ((= s 1000) (a n s))
                      (else (c (+ k 1) (+ s 1))))))))))
    (list (f 3) (f 10))"""
    assert run(program) == "(27 1000)"


def test_a_loop_is_a_value_like_any_other(run):
    assert run("(+ 1 (let loop ((i 0)) (if (< i 10) (loop (+ i 1)) i)) (let loop ((i 5)) i))") == "16"


def test_each_round_of_a_loop_has_its_own_variables(run):
    program = """
    (let loop ((i 0) (fs '()))
      (if (= i 3)
          (map (lambda (f) (f)) fs)
          (loop (+ i 1) (cons (lambda () i) fs))))"""
    assert run(program) == "(2 1 0)"


def test_each_round_of_a_self_call_has_its_own_inner_variables(run):
    program = """
    (define (f i fs)
      (if (= i 3) (map (lambda (f) (f)) fs)
        (let ((j (* i 10))) (f (+ i 1) (cons (lambda () j) fs)))))
    (f 0 '())"""
    assert run(program) == "(20 10 0)"


def test_what_a_tail_call_returns_is_what_the_caller_gets(run):
    assert run("(define (g x) (list x x)) (define (f x) (g (+ x 1))) (map f '(1 2))") == "((2 2) (3 3))"


def test_a_call_inside_try_is_caught_though_it_comes_last(run):
    assert run("(define (g) (car '())) (define (f) (try (g) (catch (e) :caught))) (f)") == ":caught"


def test_a_keyword_in_tail_position_looks_itself_up(run):
    assert run("(define (f m) (:a m)) (define (g m) (f m)) (g {:a 1})") == "1"


def test_redefining_a_procedure_takes_effect_in_its_callers(run):
    assert run("(define (g) 1) (define (f) (g)) (define a (f)) (define (g) 2) (list a (f))") == "(1 2)"


def test_a_tail_call_through_apply_keeps_the_stack_flat(run, fail):
    assert run("(define (down n) (if (= n 0) :done (apply down (list (- n 1))))) (down 300000)") == ":done"
    assert (
        run("(define (add n m) (if (= n 0) m (apply add (- n 1) (list (+ m 1))))) (add 100000 0)") == "100000"
    )
    assert fail("(define (bad f) (apply f '(1))) (bad 5)").kind == fail("(5 1)").kind


def test_recursion_through_apply_is_refused_and_ends_no_process(run, fail):
    run("(define (deep n) (if (= n 0) 0 (+ 1 (apply deep (list (- n 1))))))")
    assert run("(deep 50000)") == "50000"
    assert fail("(deep 300000)").kind == "recursion-limit"
