"""A Binario in a notebook: made, run and explained in the words of a notebook."""

from __future__ import annotations

import pytest


def test_a_new_caixa_is_followed_by_the_words_of_a_notebook(run):
    assert run("%caixa init tools --kind Binario").endswith("Next: %caixa build tools")


@pytest.mark.parametrize("words", ["tools", "tools tools", "tools tools -- --since 1"])
def test_a_program_prints_as_it_runs_and_has_no_other_answer(run, capsys, words):
    run("%caixa init tools --kind Binario")
    assert run(f"%caixa run {words}") is None
    assert capsys.readouterr().out == "Hello, world!\n"


def test_a_program_that_fails_says_its_status(run):
    run("%caixa init tools --kind Binario")
    run("%%file tools exe/tools.lisp\n(exit 3)\n")
    assert run("%caixa run tools") == "✗ exe/tools.lisp of tools ended with 3"


def test_the_examples_name_a_caixa_first(run):
    said = run("%caixa help run")
    assert "%caixa run hello-rio add 2 3" in said
    assert "%caixa run add" not in said


def test_a_name_that_no_cell_defines_is_told_where_others_are(run):
    from feira.errors import UsageProblem

    with pytest.raises(UsageProblem) as caught:
        run("%caixa same total total")
    assert "PACKAGE#NAME is the definition of a package" in caught.value.diagnostics[0].fix
