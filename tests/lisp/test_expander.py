"""Macros, templates, scope: what expansion makes of forms."""

from __future__ import annotations

import pytest

from caixa.lisp.printer import write
from caixa.lisp.reader import read
from caixa.lisp.source import Source

PROGRAMS = {
    # a local variable hides a macro, a macro hides a function
    "(defmacro m (x) `(* 2 ,x)) (define (f m) (m 1)) (f inc)": "2",
    "(defmacro m (x) 1) (let ((m (lambda (x) x))) (m 5))": "5",
    "(defmacro m (x) 1) (define (m x) x) (m 5)": "5",
    "(define (when x) x) (when 5)": "()",
    "(define (loop n) (if (= n 0) :done (loop (- n 1)))) (loop 3)": ":done",
    "(define (do x) (* x 2)) (do 4)": "8",
    "(define (f) (define (m x) (* x 3)) (m 2)) (defmacro m (x) 0) (f)": "6",
    # defmacro anywhere
    "(define (f x) (defmacro twice (e) `(* 2 ,e)) (twice x)) (f 4)": "8",
    "(let () (defmacro k () 3) (k))": "3",
    "(begin (defmacro k () 3) (k))": "3",
    "(let ((k 1)) (let () (defmacro k () 3) (k)))": "3",
    # parameters of macros
    "(defmacro m (a &optional (b 2) &rest c) `'(,a ,b ,c)) (list (m 1) (m 1 3 4))": "((1 2 ()) (1 3 (4)))",
    "(defmacro m (a . b) `'(,a ,b)) (m 1 2 3)": "(1 (2 3))",
    "(defmacro m ((a b) c) `'(,b ,a ,c)) (m (1 2) 3)": "(2 1 3)",
    "(defmacro m (&key x (y 5)) `'(,x ,y)) (m :x 1)": "(1 5)",
    '(defmacro m (x) "doc" (define y x) `(list ,y)) (m 3)': "(3)",
    # templates
    "`(1 ,(+ 1 1) ,@(list 3 4))": "(1 2 3 4)",
    "`[1 ,(+ 1 1) ,@(list 3)]": "[1 2 3]",
    "`{:a (unquote (+ 1 1))}": "{:a 2}",  # in a map a comma is a blank
    "`(a . ,(+ 1 1))": "(a . 2)",
    "`(1 ,@())": "(1)",
    "`(,@(list))": "()",
    "`(a `(b ,(c ,(+ 1 2))))": "(a (quasiquote (b (unquote (c 3)))))",
    "`(a `(b ,,(+ 1 2)))": "(a (quasiquote (b (unquote 3))))",
    "(let ((x 1)) `(list 'a ',x))": "(list (quote a) (quote 1))",
    "(quasiquote (1 (unquote (+ 1 1))))": "(1 2)",
    "(let ((xs '(1 2))) `(0 (,@xs) ,@xs))": "(0 (1 2) 1 2)",
    # fresh symbols
    "(defmacro my-or (a b) `(let ((t# ,a)) (if t# t# ,b))) (let ((t 5)) (my-or #f t))": "5",
    "(defmacro swap! (a b) `(let ((tmp# ,a)) (set! ,a ,b) (set! ,b tmp#))) "
    "(define x 1) (define tmp 2) (swap! x tmp) (list x tmp)": "(2 1)",
    "(equal? `a# `a#)": "#f",
    # what a macro is given and gives
    "(defmacro m (x) (if (hash-map? x) :map (if (vector? x) :vector 0))) (list (m [1]) (m {:a 1}))": (
        "(:vector :map)"
    ),
    "(defmacro m (x) x) (m {:a (+ 1 2)})": "{:a 3}",
    "(defmacro m (x) `{:a (unquote x)}) (m (+ 1 2))": "{:a 3}",
    "(defmacro m (x) `[,x ,x]) (m (+ 1 2))": "[3 3]",
    "(quote (when a b))": "(when a b)",
    "(macroexpand-1 '(when-let (x 1) x))": None,
}


@pytest.mark.parametrize(("text", "value"), PROGRAMS.items())
def test_a_program_expands_to_what_has_this_value(run, text, value):
    got = run(text)
    assert value is None or got == value


BAD = {
    ",x": "bad-special-form",
    "`,@(list 1)": "bad-special-form",
    "(defmacro)": "reader",
    "(defmacro 5 () 1)": "reader",
    "(defmacro m x x)": "reader",
    "(defmacro m (&rest) 1)": "reader",
    "(defmacro m (a) a) (m)": "native-fn",
    "(defmacro m () car) (m)": "native-fn",
    "(defmacro m () (hash-map)) (m)": "native-fn",
    "(defmacro m () '(m)) (m)": "recursion-limit",
    "(lambda (a &rest b c) a)": "bad-special-form",
    "(lambda (a &optional (b)) a)": "bad-special-form",
    "(define (f &key a) a) (f :b 1)": "arity-mismatch",
    "(define (f &key a) a) (f :a)": "arity-mismatch",
    "(define (f &key a) a) (f :a 1 :a 2)": "arity-mismatch",
    "(define ((f x) y) 1)": "bad-special-form",
    "(let ((5 1)) 1)": "bad-special-form",
    "(let (((a b) '(1))) a)": "native-fn",
    "(let (((a b) 5)) a)": "type-mismatch",
    "(let x)": "bad-special-form",
    "(do ((i 0)) () 1)": "bad-special-form",
    "(do ((i)) (#t) 1)": "bad-special-form",
    "(cond 5)": "bad-special-form",
    '(begin (require "x"))': "bad-special-form",
    "(eval '(provide x))": "bad-special-form",
    "(parameterize ((car 1)) 1)": "type-mismatch",
    "(if 1 2 3 4)": "bad-special-form",
    "(define x 1 2)": "bad-special-form",
    "(try 1 (catch (e) 1) 2)": "bad-special-form",
}


@pytest.mark.parametrize(("text", "kind"), BAD.items())
def test_a_malformed_form_is_refused_with_its_kind_and_place(fail, text, kind):
    error = fail(text)
    assert error.kind == kind
    assert error.span is not None


def test_a_malformed_form_inside_try_is_caught_when_it_would_run(run):
    assert run("(try (if) (catch (e) (error-tag e)))") == ":bad-special-form"
    assert run("(define x 1) (try (set! x 2) (if) (catch (e) x))") == "2"


def test_expansion_can_be_watched_step_by_step(interpreter):
    form = read(Source("tool", "(-> 1 inc (+ 2))")).forms[0]
    steps = [write(interpreter.expand(form, count)) for count in range(3)]
    assert steps[0] == "(-> 1 inc (+ 2))"
    assert len(set(steps)) == 3
    assert write(interpreter.expand(form)) == "(+ (inc 1) 2)"


def test_an_argument_of_a_macro_is_evaluated_as_often_as_the_macro_says(run):
    assert run("(define n 0) (defmacro twice (e) `(begin ,e ,e)) (twice (set! n (+ n 1))) n") == "2"


def test_a_macro_may_define_a_macro(run):
    text = "(defmacro defconst (name value) `(defmacro ,name () ,value)) (defconst five 5) (five)"
    assert run(text) == "5"
