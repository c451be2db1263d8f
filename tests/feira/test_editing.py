"""What `add` and `remove` refuse: a manifest that would not read, a package that needs itself."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("hello",), 2, "error[usage]: hello is the package itself"),
        (("leaf", "--versao", "zz"), 1, 'error[dependency-versao-invalid]: "zz" is not a version requirement'),
        (("A Leaf",), 1, 'error[dependency-nome-invalid]: "A Leaf" is not a name'),
        (("leaf", "--tag", "v1"), 2, "error[usage]: these flags do not name one source"),
    ],
)
def test_a_dependency_that_cannot_be_is_refused_without_a_place_in_the_file(feira, words, status, said):
    feira("init", "hello", "--path", ".")
    before = feira.files()
    outcome = feira("add", *words)
    assert outcome.status == status
    assert outcome.err.startswith(said)
    assert "line" not in outcome.err
    assert feira.files() == before


def test_an_error_that_was_there_before_is_shown_at_its_place(feira):
    feira.write("caixa.lisp", '(defcaixa :nome "hello" :versao "0.1" :kind Biblioteca)')
    assert "in caixa.lisp, line 1, column 33" in feira("add", "leaf").err
