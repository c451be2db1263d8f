"""Where a procedure or a macro is written is found again, whatever stands on the same line."""

from __future__ import annotations

import pytest

from caixa.lisp.definition import definition_of
from caixa.lisp.source import Source

CELL = """(define (f x) "doc" x) (define (g x) (* 2 x))
(define h (lambda (x)
  x))
(defn k [a] a) (define counter (let ((n 0)) (lambda () n)))
(defmacro twice (form) `(begin ,form ,form))
'(define (quoted) 1) (define (after) 2)
"""


@pytest.fixture
def names(interpreter):
    interpreter.evaluate(Source("cell 1", CELL))
    return interpreter.names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f", '(define (f x) "doc" x)'),
        ("g", "(define (g x) (* 2 x))"),
        ("h", "(define h (lambda (x)\n  x))"),
        ("k", "(defn k [a] a)"),
        ("counter", "(lambda () n)"),
        ("after", "(define (after) 2)"),
    ],
)
def test_the_definition_of_a_procedure_is_its_own_text(names, name, text):
    assert definition_of(names[name]) == text


def test_a_macro_and_the_library_are_found_by_name(interpreter, names):
    assert (
        definition_of(interpreter.describe("twice").subject) == "(defmacro twice (form) `(begin ,form ,form))"
    )
    assert definition_of(interpreter.describe("flip").subject).startswith("(define (flip f)")


def test_what_is_written_in_python_has_no_definition_in_lisp(interpreter):
    assert definition_of(interpreter.describe("car").subject) is None
    assert definition_of(5) is None


def test_the_documentation_of_a_name_the_program_took_is_the_programs(interpreter, run):
    assert "(car '(1 2 3)) ; => 1" in run("(describe car)")
    assert run('(define (car x) "Mine." x) (describe car)') == '"(car x)\\n  Mine."'
    assert interpreter.describe("car").examples == ""
