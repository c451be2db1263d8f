"""The static checker: what it finds, and what it leaves alone."""

import pytest
from hypothesis import given

from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.types import check_types

from .strategies import data


def _messages(text):
    return [each.message for each in check_types(Source("test", text))]


@pytest.mark.parametrize(
    "text",
    [
        "(the :int 1)",
        "(the :number 1.5)",
        "(the :int (+ 1 2))",
        "(the :list ())",
        "(the (:list-of :int) (list))",
        "(the '(:list-of :int) (list 1 2))",
        "(the (:list-of :number) (list 1 2.5))",
        "(the (:union :int :nil) 1)",
        "(the (:map-of :keyword :int) {:a 1})",
        "(the (:fn :int :int) (lambda (x) x))",
        "(the :foreign (chan))",
        "(declare f :procedure) (define (f x) x)",
        "(declare x :int) (define (g x) (the :string x))",
        "(declare x :int) (let ((x 1)) (the :string x))",
        "(declare list-of-names :list) (define list-of-names (list 1))",
        '\'(the :int "x")',
    ],
)
def test_nothing_is_found_in_what_may_conform(text):
    assert _messages(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('(the :int "x")', "type mismatch in the-form: expected :int, got :string"),
        ("(the :int 1.5)", "type mismatch in the-form: expected :int, got :float"),
        ("(the :foreign 1)", "type mismatch in the-form: expected :foreign, got :int"),
        ('(declare x :int) (define x "a")', "type mismatch in define x: expected :int, got :string"),
        ('(define x "a") (f (g (the :int x)))', "type mismatch in the-form: expected :int, got :string"),
        ("(the :string (the :int y))", "type mismatch in the-form: expected :string, got :int"),
        ("(the (:map-of :int) {})", "bad type spec — :map-of takes 2 types"),
        ("(the 5 1)", "bad type spec — a type is a keyword or a list"),
        ("(declare x (:nope))", "bad type spec — a type begins with :list-of, :map-of, :union or :fn"),
    ],
)
def test_what_cannot_conform_is_found_at_its_place(text, message):
    assert _messages(text) == [message]


def test_each_finding_stands_at_the_exact_sub_form():
    (finding,) = check_types(Source("test", '(list é (the :int "x"))'))
    assert finding.span == ("test", 19, 22)


@given(data)
def test_any_program_is_checked_without_failing(value):
    check_types(Source("test", f"(define x {write(value)}) (the :int {write(value)})"))


def test_programs_nested_deep_are_checked():
    depth = 9_000
    assert _messages("(list " * depth + '(the :int "x")' + ")" * depth) == [
        "type mismatch in the-form: expected :int, got :string"
    ]
    assert _messages("(the :int " * depth + "1" + ")" * depth) == []
