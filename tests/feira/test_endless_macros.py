"""Verbs that look at code come to an end, whatever its macros do, and say at which call they would not."""

from __future__ import annotations

import pytest

MANIFEST = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :descricao "Greets.")\n'
SOURCE = """\
(defmacro forever () (let loop () (loop)))
(define (one) 1)
(define two (forever))
"""
VERBS = (("lint",), ("build",), ("hash",), ("hash", "--", "one"), ("same", "one", "one"))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_a_macro_without_end_is_one_finding_at_its_call(feira, words):
    feira.write("caixa.lisp", MANIFEST)
    feira.write("lib/x.lisp", SOURCE)
    outcome = feira(*words)
    assert outcome.status == 1
    said = outcome.out + outcome.err
    assert said.count("the macro `forever` did not come to an end within 1,000,000 steps") == 1
    assert "lib/x.lisp, line 3, column 13" in said


@pytest.mark.timeout(60)
def test_a_text_with_one_is_still_laid_out(feira):
    feira.write("caixa.lisp", MANIFEST)
    feira.write("lib/x.lisp", SOURCE.replace("(define (one) 1)", "(define   (one)   1)"))
    assert feira("fmt").status == 0
    assert "(define (one) 1)" in feira.files()["lib/x.lisp"].decode()
