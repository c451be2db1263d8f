"""The special forms, by programs and their values."""

from __future__ import annotations

import pytest

from caixa.lisp.errors import UnboundSymbol
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

PROGRAMS = {
    "(let (((a (b &rest c)) '(1 (2 3 4)))) (list a b c))": "(1 2 (3 4))",
    "(let* ([[a b] [1 2]] [c (+ a b)]) c)": "3",
    "((lambda ((a b) c) (list c b a)) '(1 2) 3)": "(3 2 1)",
    "((lambda args args) 1 2)": "(1 2)",
    "((lambda [a b] (+ a b)) 1 2)": "3",
    "((fn (x) (* x 2)) 4)": "8",
    '(defn f "Doc." [x] (* x 2)) (f 4)': "8",
    "(define (f &optional a (b (list a))) b) (list (f) (f 1) (f 1 2))": "((()) (1) 2)",
    "(letrec ((a? (lambda (n) (if (= n 0) #t (b? (- n 1))))) (b? (lambda (n) (if (= n 0) #f (a? (- n 1))))))"
    " (a? 101))": "#f",
    "(letrec ((a b) (b 1)) (list a b))": "(() 1)",
    "(define (f) (define x 1) (define (g) (set! x (+ x 1)) x) (g) (g)) (f)": "3",
    "(define (f n) (define x n) (if (> n 0) (define x 5)) x) (f 1)": "5",
    "(define p (make-parameter 1)) (list (parameterize ((p 2)) (p)) (p))": "(2 1)",
    "(define p (make-parameter 1)) (try (parameterize ((p 2)) (throw 1)) (catch (e) (p)))": "1",
    "(let-values (((a b) (values 1 2)) ((c) (values 3))) (list a b c))": "(1 2 3)",
    "(call-with-values (lambda () (values 1 2)) +)": "3",
    "(do ((i 0 (+ i 1)) (xs '() (cons i xs))) ((= i 3) xs))": "(2 1 0)",
    "(cond (#f 1) (7) (else 2))": "7",
    "(cond ((find even? '(1 2)) => inc) (else 0))": "3",
    "(let ((n 0)) (try (set! n 1) (finally (set! n (+ n 10)))) n)": "11",
    "(let ((n 0)) (try (try (throw 1) (finally (set! n 5))) (catch (e) (list e n))))": "(1 5)",
    "(define (f) (try 1 (finally 2))) (f)": "1",
    "(define n 0) (define p (delay (begin (set! n (+ n 1)) n))) (list (force p) (force p))": "(1 1)",
    "(let ((x 1)) (eval '(set! x 5)) x)": "5",
    "(define (f x) (eval '(lambda (y) (+ x y)))) ((f 1) 2)": "3",
    "(let ((x 1)) (let ((y 2)) (eval '(let ((x 10)) (+ x y)))))": "12",
    "(list #\\a #t nil true false :k)": "(#\\a #t () #t #f :k)",
    "(let loop ((i 0)) (cond ((= i 5) (if (= i 5) i 0)) (else (loop (+ i 1)))))": "5",
    "(define (f x) (or (and (> x 0) :pos) (and (< x 0) :neg) :zero)) (map f '(1 -1 0))": "(:pos :neg :zero)",
    "(define (f x) (if (or (not x) (and (list? x) (null? x))) 0 1)) (map f (list #f '() '(1)))": "(0 0 1)",
    "(* 1.5 2)": "3.0",
    "(+ 4611686018427387904 4611686018427387904)": "9223372036854775808",
    "(* 4611686018427387904 4)": "18446744073709551616",
    "(let ((x 2.5)) (list (< x 3) (+ x 1) (- x 1) (= x 2.5)))": "(#t 3.5 1.5 #t)",
}


@pytest.mark.parametrize(("text", "value"), PROGRAMS.items())
def test_a_program_has_this_value(run, text, value):
    assert run(text) == value


@pytest.mark.parametrize("read", ["y", "(if -1.25 y 2)", "(begin y)"])
def test_a_variable_that_is_read_before_its_definition_is_unbound_even_if_nobody_wants_its_value(read):
    with pytest.raises(UnboundSymbol):
        Interpreter().evaluate(Source("test", f"(let ((x 1)) (define y (begin {read} 1)) y)"))
