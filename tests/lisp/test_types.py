"""The static checker: what it finds, where, and what it says was meant."""

from __future__ import annotations

import pytest

from caixa.lisp.source import Source
from caixa.lisp.types import check_types

FOUND = {
    '(the :int "a")': ("type-mismatch", '"a"', ""),
    "(the (:list-of :int) (list 1 :a))": ("type-mismatch", "(list 1 :a)", ""),
    "(the (:union :int :string) :k)": ("type-mismatch", ":k", ""),
    "(the (:union :int :nil) 1.5)": ("type-mismatch", "1.5", ""),
    "(the (:map-of :keyword :int) 1)": ("type-mismatch", "1", ""),
    "(the (:fn :int) 1)": ("type-mismatch", "1", ""),
    "(the :set [1])": ("type-mismatch", "[1]", ""),
    '(declare x :int) (define x "a")': ("type-mismatch", '"a"', ""),
    "(lambda (y) (the :bool (+ 1 2)))": ("type-mismatch", "(+ 1 2)", ""),
    "(the :sting 1)": ("bad-type-spec", ":sting", "Did you mean `:string`?"),
    "(the (:lst-of :int) 1)": ("bad-type-spec", ":lst-of", "Did you mean `:list-of`?"),
    "(the (:list-of :int :int) 1)": ("bad-type-spec", "(:list-of :int :int)", ""),
    "(the 5 1)": ("bad-type-spec", "5", ""),
    '(declare "x" :int)': ("bad-type-spec", '"x"', ""),
}
FINE = [
    "(the :any 1)", "(the :number 1)", "(the :int (length x))", "(the (:list-of :number) (list 1 2.5))",
    "(the (:union :int :nil) ())", "(the :list ())", "(the :int (some-function 1))", "(the :set #{1})",
    "(the :map {:a 1})", "(the :vector [1])",
    "(the (:fn :int -> :int) (lambda (x) x))", "(the '(:list-of :int) '(1))",
    "(declare f :int) (define (g f) (the :string f))", "(the :foreign (chan))", "(define x 1) (the :int x)",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_finding_is_a_diagnostic_at_the_sub_form_it_is_about(text):
    source = Source("cell", text)
    code, at, fix = FOUND[text]
    [found] = check_types(source)
    assert found.is_error
    assert (found.code, source.slice(found.span), found.fix) == (code, at, fix)


@pytest.mark.parametrize("text", FINE)
def test_what_conforms_or_cannot_be_known_is_not_found(text):
    assert check_types(Source("cell", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "(the " + "(:list-of " * 3000 + ":int" + ")" * 3000 + " 1)",
        "(the :int " + "(list " * 3000 + ")" * 3000 + ")",
        "(the :int 1) " * 2000,
        "(the (:union " + ":int " * 2000 + ") 1)",
    ],
)
def test_a_program_of_any_depth_or_length_is_checked(text):
    assert isinstance(check_types(Source("cell", text)), list)
