"""What is compiled in line, fused or looped means what plain calls mean: same value, same error, same place."""

from __future__ import annotations

import dis
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source

OPTIMIZED, PLAIN = Interpreter(), Interpreter(optimized=False)
LITERALS = (
    "0",
    "1",
    "-1",
    "2",
    "7",
    "4611686018427387904",
    "0.5",
    "-2.0",
    "#t",
    "#f",
    "nil",
    '"s"',
    ":k",
    "'sym",
)
LISTS = ("'()", "'(1)", "'(1 2 3)", "'(3 -4 0.5)", "(range 4)", "[1 2]", "'(#t nil 2)")
UNARY = (
    *("inc", "dec", "zero?", "positive?", "negative?", "even?", "odd?", "abs", "-", "not"),
    *("nil?", "null?", "car", "cdr", "pair?", "length", "first", "rest", "list"),
)
BINARY = (
    *("+", "-", "*", "<", ">", "<=", ">=", "=", "modulo", "quotient", "remainder", "max", "min"),
    *("cons", "nth", "vector-ref", "list"),
)
NAMES = ("x", "y", "z")


def outcome(interpreter: Interpreter, text: str) -> tuple[Any, ...]:
    """Return the value as text, or the kind and place of the error."""
    before = interpreter.snapshot()
    try:
        return "value", write(interpreter.evaluate(Source("program", text)))
    except LispError as error:
        return error.kind, error.span
    finally:
        interpreter.restore(before)


def call(head: str, *parts: str) -> str:
    return f"({' '.join([head, *parts])})"


def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def build(head: str, count: int, *more: str) -> st.SearchStrategy[str]:
        return st.tuples(*[inner] * count).map(lambda parts: call(head, *more, *parts))

    unary = st.tuples(st.sampled_from(UNARY), inner).map(lambda parts: call(*parts))
    binary = st.tuples(st.sampled_from(BINARY), inner, inner).map(lambda parts: call(*parts))
    ternary = st.tuples(st.sampled_from(("+", "*", "-", "if", "and", "or", "begin")), inner, inner, inner)
    items = st.one_of(st.sampled_from(LISTS), inner)
    name = st.sampled_from(NAMES)
    over = st.sampled_from(("map", "filter", "remove", "for-each", "any?", "every?", "find", "count-if"))
    fold = st.sampled_from(("foldl", "reduce"))
    return st.one_of(
        unary,
        binary,
        ternary.map(lambda parts: call(*parts)),
        st.tuples(name, inner, inner).map(lambda p: f"(let (({p[0]} {p[1]})) {p[2]})"),
        st.tuples(name, inner).map(lambda p: f"(begin (set! {p[0]} {p[1]}) {p[0]})"),
        st.tuples(over, name, inner, items).map(lambda p: f"({p[0]} (lambda ({p[1]}) {p[2]}) {p[3]})"),
        st.tuples(over, st.sampled_from(UNARY), items).map(lambda p: call(*p)),
        st.tuples(fold, inner, inner, items).map(lambda p: f"({p[0]} (lambda (x y) {p[1]}) {p[2]} {p[3]})"),
        st.tuples(fold, st.sampled_from(BINARY), inner, items).map(lambda p: call(*p)),
        st.tuples(inner, inner, inner).map(
            lambda p: f"(let loop ((i 0) (y {p[0]})) (if (>= i 3) {p[1]} (loop (+ i 1) {p[2]})))"
        ),
        st.tuples(inner, inner).map(lambda p: f"(try {p[0]} (catch (e) (list :caught {p[1]})))"),
        st.tuples(name, inner, inner).map(lambda p: f"((lambda ({p[0]}) {p[1]}) {p[2]})"),
        inner.map(lambda body: f"((lambda () {body}))"),
    )


EXPRESSIONS = st.recursive(st.sampled_from((*LITERALS, *LISTS, *NAMES, *NAMES)), extend, max_leaves=14)


def program(parts: tuple[str, str, str, str]) -> str:
    body, argument, first, last = parts
    return f"""(define x 1) (define y 2.5) (define z '(1 2))
    (define (f x y z) {body})
    (define (g x y z) (f y {argument} x))
    (g {first} 2 {last})"""


PROGRAMS = st.tuples(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS, EXPRESSIONS).map(program)


REDEFINED = {
    "a shortcut": ("(define (f x) (car x))", "(define (car x) :mine)", "(f '(1))", ":mine"),
    "a predicate in a test": ("(define (f x) (if (null? x) 1 2))", "(define (null? x) 0)", "(f '(1))", "1"),
    "a fused function": ("(define (f k xs) (map (lambda (x) (* k x)) xs))",
                         "(define old map) (define (map g xs) (list (old g xs)))", "(f 2 '(1 2))", "((2 4))"),
    "a native that a fused one is given": ("(define (f xs) (filter odd? xs))", "(define (odd? x) (= x 2))",
                                           "(f '(1 2))", "(2)"),
    "a name taken back": ("(define (f x) (car x))", "(define kept car) (define (car x) :mine) (set! car kept)",
                          "(f '(1))", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "change", "then", "value"), REDEFINED.values(), ids=REDEFINED.keys())
def test_redefining_a_native_takes_effect_in_code_compiled_before(run, before, change, then, value):
    run(before)
    run(change)
    assert run(then) == value


def test_a_definition_does_not_call_the_native_that_it_replaces(run):
    assert run("(define (max a b) (if (> a 9) :big (max (+ a 5) b))) (max 1 2)") == ":big"
    assert run("(define (count xs) (if (null? xs) 0 (list (count (cdr xs))))) (count '(1 2))") == "((0))"


def test_a_closure_in_a_fused_function_keeps_its_own_element(run):
    assert run("(define fs (map (lambda (x) (lambda () x)) '(1 2 3))) (map (lambda (f) (f)) fs)") == "(1 2 3)"
    assert run("(let ((n 0)) (for-each (lambda (x) (set! n (+ n x))) '(1 2 3)) n)") == "6"


def test_a_variable_assigned_by_and_keeps_its_value_while_the_items_are_evaluated(run, fail):
    assert run("(let ((a 1)) (set! a (and 5 a)) a)") == "1"
    run("(define a 1)")
    fail("(define a (and 5 (car a)))")
    assert run("a") == "1"


def test_a_fused_call_runs_in_no_frame_of_its_own(interpreter):
    interpreter.evaluate(Source("cell", "(define (f xs) (map (lambda (x) (* 2 x)) xs))"))
    assert not [each for each in interpreter.names["f"].__code__.co_consts if hasattr(each, "co_code")]


def test_arithmetic_on_what_was_compared_is_not_checked_again(interpreter):
    interpreter.evaluate(Source("cell", "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))"))
    loads = [each.argval for each in dis.get_instructions(interpreter.names["fib"])]
    assert loads.count("__class__") == 3  # of n once, and of the two results


@settings(max_examples=150, deadline=None)
@given(PROGRAMS)
def test_optimized_code_does_what_plain_code_does(text):
    assert outcome(OPTIMIZED, text) == outcome(PLAIN, text)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(PROGRAMS)
def test_optimized_code_does_what_plain_code_does_in_thousands_of_programs(text):
    assert outcome(OPTIMIZED, text) == outcome(PLAIN, text)
