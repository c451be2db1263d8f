"""The rules on code: what each finds, at its place, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from caixa.lisp.source import Source
from caixa.tools.linter import Around, lint_text
from tests.lacre.arvore.programs import programs
from tests.lacre.arvore.programs import styles as writings

MODULES = {
    "shapes.lisp": "(provide area swap-in) (define (area x) x) (defmacro swap-in (a b) `(list ,b ,a))",
    "broken.lisp": "(define",
}


def load(path: str) -> Source | None:
    return Source(path, MODULES[path]) if path in MODULES else None


def found(text: str, **around: object) -> list[tuple[str, str]]:
    """Return rule and place of what is found in a text."""
    source = Source("x.lisp", text)
    return [(each.code, source.slice(each.span)) for each in lint_text(source, Around(load, **around))]


UNUSED, HIDDEN = "unused-local", "shadowed-name"


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("(prinln 1)", "unbound-name", "prinln"),
        ("(define (f) (g))", "unbound-name", "g"),
        ("(set! x 1)", "unbound-name", "x"),
        ("(define (f x) (while (< x limit) 1))", "unbound-name", "limit"),
        ("(define (f x) `(a ,y ,x))", "unbound-name", "y"),
        ("(let ((a 1)) (list a b))", "unbound-name", "b"),
        ("(car)", "wrong-arity", "(car)"),
        ("(define (f a &optional b) (list a b)) (f 1 2 3)", "wrong-arity", "(f 1 2 3)"),
        ("(define (f) (let ((g (lambda (x) x))) (g)))", "wrong-arity", "(g)"),
        ("(define (f) (let loop ((i 0)) (loop)))", "wrong-arity", "(loop)"),
        ("(define (f x) (-> x (car 2)))", "wrong-arity", "(-> x (car 2))"),
        ('(define (f) (throw "x") 1)', "unreachable-code", "1"),
        ('(define (f x) (if x (throw "x") (exit 1)) (println x))', "unreachable-code", "(println x)"),
        ("(when nil 1)", "constant-test", "nil"),
        ("(cond (#t 1) (else 2))", "constant-test", "#t"),
        ('(require "./shapes" :refer (area))', "unused-import", '(require "./shapes" :refer (area))'),
        ('(require "./shapes" :refer (area swap-in)) (area 1)', "unused-import", "swap-in"),
        ('(importar :caixa "no-such" :as n)', "unused-import", '(importar :caixa "no-such" :as n)'),
        ("(define (f x) 1)", UNUSED, "x"),
        ("(let ((a 1)) 2)", UNUSED, "a"),
        ("(define (f) (define a 1) 2)", UNUSED, "a"),
        ("(define (f &key a) 2)", UNUSED, "a"),
        ("(define (f &optional (a 1)) 2)", UNUSED, "a"),
        ("(let (((a b) '(1 2))) a)", UNUSED, "b"),
        ("(try 1 (catch (e) 2))", UNUSED, "e"),
        ("(let ((a 1)) (set! a 2))", UNUSED, "a"),
        ("(define (f list) list)", HIDDEN, "list"),
        ("(define x 1) (define (f x) x)", HIDDEN, "x"),
        ("(define (map f) f)", HIDDEN, "map"),
        ("(let ((count 1)) count)", HIDDEN, "count"),
        ("(if)", "not-expandable", "(if)"),
        ("(define x 1) (let ((y)) y)", "not-expandable", "(y)"),
    ],
)
def test_a_breach_is_found_at_its_place(text, rule, place):
    assert (rule, place) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "(define (f) (g)) (define (g) (f))",
        "(define (f . all) all) (f) (f 1 2)",
        "(define (f &key a) a) (f :a 1)",
        "(define f 1) (set! f list) (f 1 2 3)",
        "(defmacro twice (x) `(begin ,x ,x)) (twice (println 1))",
        "(define (helper x) (list 'quote x)) (defmacro m (x) (helper x)) (m 1)",
        '(require "./shapes" :as s) (s/area 1)',
        '(require "./shapes" :refer (area)) (area 1)',
        '(require "./shapes" :refer :all) (area 1)',
        '(require "./shapes" :rename {area size}) (size 1)',
        '(require "./nowhere" :as n) (n/with (x 1) (frobnicate x))',
        '(require "./nowhere" :refer (with)) (define (f y) (with (x y) (if) x))',
        '(require "./broken" :refer :all) (anything 1)',
        '(importar :caixa "no-such" :as n) (n/thing 1)',
        "(defteia vpc :tipo aws/vpc :cidr (range-of 10))",
        "(define (f x) (eval '(define y 1)) (+ x y))",
        "(while #t (println 1))",
        "(cond ((= 1 2) 1) (#t 2))",
        "(define (f _x) 1)",
        "(let loop ((i 0)) (when (< i 3) (loop (+ i 1))))",
        "(try (throw 1) (catch (_e) 2))",
        '(define (f x) (when x (throw "x")) (println x))',
        "(define (f throw) (throw 1) (println 2)) ; lint: off shadowed-name",
        "(dotimes (_i 3) (println 1))",
        "'(not (code) at all (if))",
        "(defn f [x] x) (f 1)",
        "(define-record point (x y)) (make-point 1 2)",
        "42 :k",
    ],
)
def test_good_code_is_left_alone(text):
    assert found(text) == []


def test_a_near_name_is_suggested_and_the_edit_writes_it():
    (each,) = lint_text(Source("x", "(prinln 1)"))
    assert each.fix == "Did you mean `println`?"
    assert [edit.text for edit in each.edits] == ["println"]


def test_what_another_source_of_the_package_defines_is_bound():
    assert found("(area 1)", elsewhere={"area"}) == []


def test_a_form_that_does_not_expand_hides_no_finding_of_another():
    assert [rule for rule, _ in found("(if) (car) (let)")] == [
        "not-expandable",
        "wrong-arity",
        "not-expandable",
    ]


def test_a_macro_that_fails_is_a_finding_where_it_fails():
    assert ("not-expandable", '(error "no" x)') in found('(defmacro m (x) (error "no" x)) (m 1)')


def test_findings_come_in_the_order_of_the_text():
    text = "(define (f list x) 1) (gg) (car)"
    places = [text.index(place) for _, place in found(text)]
    assert places == sorted(places)


def test_nothing_is_run():
    assert found('(define x (throw "ran")) (exit 3)') == []


@settings(max_examples=30)
@given(programs(), writings())
def test_every_call_of_a_program_by_chance_is_counted_right(program, writing):
    rules = {rule for rule, _ in found(writing.write(program))}
    assert rules <= {UNUSED, HIDDEN, "wrong-arity"}  # `-` takes an argument at least, and gets none at times


def test_deep_and_long_programs_are_linted():
    assert found("(list " * 300 + ")" * 300) == []
    assert len(found("(define (f) 1)\n" + "(f 1)\n" * 1000)) == 1000
