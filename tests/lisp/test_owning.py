"""A map that a loop changes where it is was nobody else's: every other holder keeps what it had."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.maps import Map
from caixa.lisp.printer import write
from caixa.lisp.source import Source

OPTIMIZED, PLAIN = Interpreter(), Interpreter(optimized=False)
SETUP = "(define small {0 0}) (define large (zipmap (range 200) (range 200)))"
STARTS = st.sampled_from(("{}", "{1 :one}", "small", "large"))
MAPS = st.recursive(
    st.sampled_from(("a", "b", "small")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("n", "(modulo n 3)", "'(n)", ":k", "1.5", "b")), inner).map(
            lambda p: f"(hash-map-set {p[0]} {p[1]} {p[2]})"
        ),
        st.tuples(inner, inner).map(lambda p: f"(if (even? n) {p[0]} {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"(begin (hash-map-get {p[0]} n) {p[1]})"),
        inner.map(lambda value: f"(let ((c {value})) (hash-map-set c n 0))"),
    ),
    max_leaves=4,
)
KEPT = st.one_of(
    st.sampled_from(("kept", "(cons a kept)", "(cons {a 1} kept)", "(cons (lambda () a) kept)")),
    MAPS.map(lambda value: f"(cons {value} kept)"),
)


def outcome(interpreter: Interpreter, text: str) -> str:
    before = interpreter.snapshot()
    try:
        return write(interpreter.evaluate(Source("program", SETUP + text)))
    finally:
        interpreter.restore(before)


@settings(max_examples=150, deadline=None)
@given(st.tuples(STARTS, STARTS, MAPS, MAPS, KEPT))
def test_a_loop_over_maps_means_the_same_optimized_and_not(parts: tuple[Any, ...]) -> None:
    first, second, a, b, kept = parts
    text = f"""
    (define (shown x) (if (procedure? x) (x) x))
    (define (go n a b kept) (if (= n 0) (list a b (map shown kept)) (go (- n 1) {a} {b} {kept})))
    (list (go 5 {first} {second} '()) small (hash-map-count large))"""
    assert outcome(OPTIMIZED, text) == outcome(PLAIN, text)


@settings(max_examples=100, deadline=None)
@given(st.tuples(STARTS, MAPS))
def test_a_fold_into_a_map_means_the_same_optimized_and_not(parts: tuple[Any, ...]) -> None:
    start, step = parts
    text = f"""
    (define (go a b) (list (foldl (lambda (a n) {step}) a '(1 2 3 4 5)) a b))
    (list (go {start} {{:b 1}}) small (hash-map-count large))"""
    assert outcome(OPTIMIZED, text) == outcome(PLAIN, text)


def test_a_map_in_one_variable_is_changed_where_it_is_and_any_other_is_not() -> None:
    mine = Map([("a", 1)])
    was = id(mine)
    mine = mine.assoc_owned("b", 2)
    assert id(mine) == was
    assert list(mine.items()) == [("a", 1), ("b", 2)]
    kept = mine
    mine = mine.assoc_owned("c", 3)
    assert len(kept) == 2
    assert list(mine) == ["a", "b", "c"]


def test_a_map_that_is_gone_through_is_not_changed() -> None:
    mine = Map([(number, number) for number in range(200)])
    elements = iter(mine.as_dict())
    mine = mine.assoc_owned("b", 2)
    assert list(elements) == list(range(200))
    assert len(mine) == 201
