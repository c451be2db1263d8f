"""Each thing that the definition of an address names, as a pair of programs that mean the same or do not."""

from __future__ import annotations

import pytest

from caixa.lacre.arvore import tree
from caixa.lacre.arvore.comparison import compare
from caixa.lisp import core

from .programs import addresses

SAME = {
    "a parameter's name": ("(define (f x) x)", "(define (f y) y)"),
    "a local function's name": ("(define (f) (define (g) 1) (g))", "(define (f) (define (h) 1) (h))"),
    "which of two spellings": ("(define (f x) x)", "(define f (lambda (x) x))"),
    "a macro, once expanded": ("(define (f x) (when x 1))", "(define (f x) (if x (begin 1)))"),
    "a macro of one's own": (
        "(defmacro twice (e) `(begin ,e ,e)) (define (f x) (twice (g x)))",
        "(define (f x) (begin (g x) (g x)))",
    ),
    "a generated name": (
        "(defmacro m (e) `(let ((t# ,e)) t#)) (define (f) (m 1))",
        "(define (f) (let ((anything 1)) anything))",
    ),
    "the order of definitions": ("(define a 1) (define (f) a)", "(define (f) a) (define a 1)"),
    "a global's name": ("(define a 1) (define (f) a)", "(define b 1) (define (f) b)"),
    "how many names a loop goes through": ("(define (f) (f))", "(define (f) (g)) (define (g) (f))"),
    "a loop unrolled once": ("(define (f) (list (f)))", "(define (g) (list (g))) (define (f) (list (g)))"),
}
DIFFERENT = {
    "a literal": ("(define (f) 1)", "(define (f) 2)"),
    "an integer and the float equal to it": ("(define (f) 1)", "(define (f) 1.0)"),
    "a long integer's last digit": (f"(define f {10**400})", f"(define f {10**400 + 1})"),
    "a symbol and the string of its name": ("(define (f) 'a)", '(define (f) "a")'),
    "nil and the empty list": ("(define (f) nil)", "(define (f) '())"),
    "the order of arguments": ("(define (f x y) (list x y))", "(define (f x y) (list y x))"),
    "the number of parameters": ("(define (f x) 1)", "(define (f x y) 1)"),
    "a key's name": ("(define (f &key size) size)", "(define (f &key width) width)"),
    "a default": ("(define (f &optional (x 1)) x)", "(define (f &optional (x 2)) x)"),
    "the native that is called": ("(define (f x) (+ x 1))", "(define (f x) (- x 1))"),
    "what a called definition does": ("(define (g) 1) (define (f) (g))", "(define (g) 2) (define (f) (g))"),
    "which variable is changed": (
        "(define a 0) (define b 0) (define (f) (set! a 1)) (define (h) (set! b 1))",
        "(define a 0) (define b 0) (define (f) (set! b 1)) (define (h) (set! a 1))",
    ),
    "that a variable changes": ("(define a 0) (define (f) a)", "(define a 0) (define (f) a) (set! a 1)"),
    "the tag that is caught": (
        "(define (f) (try 1 (catch (e :a) 2)))",
        "(define (f) (try 1 (catch (e :b) 2)))",
    ),
    "which half of an even-odd pair": (
        "(define (f n) (if (= n 0) #t (g (- n 1)))) (define (g n) (if (= n 0) #f (f (- n 1))))",
        "(define (g n) (if (= n 0) #t (f (- n 1)))) (define (f n) (if (= n 0) #f (g (- n 1))))",
    ),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_it_does_not_count(pair):
    here, there = map(addresses, pair)
    assert compare(here, "f", there, "f") is None


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_it_counts(pair):
    here, there = map(addresses, pair)
    assert here.of("f") != there.of("f")


def test_a_difference_is_shown_where_it_is_and_not_where_it_is_felt():
    here = addresses("(define (g x) (+ x 1)) (define (f x) (list (g x)))")
    there = addresses("(define (h x) (+ x 2)) (define (f x) (list (h x)))")
    assert str(compare(here, "f", there, "f")) == "in f → g/h: 1 here, 2 there"


def test_every_kind_of_code_has_a_reader():
    kinds = {
        each for each in vars(core).values() if isinstance(each, type) and each.__module__ == core.__name__
    }
    assert kinds - {core.Local} <= set(tree._READERS), "a kind of code would be hashed as if it were a value"


def test_code_nested_as_deep_as_it_may_be_has_an_address():
    text = f"(define (f x) {'(list ' * 1000}x{')' * 1000})"
    assert addresses(text).of("f").startswith("blake3:")
