"""`%caixa hash` and `%caixa same` on what cells define."""

import pytest

from caixa_magics.mime import bundle


@pytest.fixture
def show(notebook):
    """Run a cell and return what is shown of its value, by MIME type."""
    return lambda text, name: bundle(notebook.run_cell(text, name))[0]


def test_a_definition_of_a_cell_is_explained(run, show):
    run("(define rate 2)\n(define (price x) (* rate x))")
    shown = show("%caixa hash price", "cell 2")
    assert [line.split()[-3] for line in shown["text/plain"].splitlines()[1:]] == ["price", "*", "rate"]
    assert shown["text/html"].count("<details") == 1


def test_a_later_cell_counts_and_an_older_one_no_more(run):
    run("(define (f x) (+ x 1))")
    run("(define (g y) (+ y 2))", "cell 2")
    assert run("%caixa same f g", "cell 3").splitlines()[1:4] == ["  in f / g", "  - 1", "  + 2"]
    run("(define (f z) (+ z 2))", "cell 4")
    assert run("%caixa same f g", "cell 5").startswith("✓ f and g mean the same")


def test_a_cell_that_was_undone_counts_no_more(run):
    run("(define (f x) 1)")
    before = run("%caixa hash f", "cell 2")
    run("(define (f x) 2)", "cell 3")
    assert run("%caixa hash f", "cell 4") != before
    run("%caixa undo", "cell 5")
    assert run("%caixa hash f", "cell 6") == before


def test_a_caixa_is_explained_by_its_name(run):
    run('(defcaixa :nome "tool" :versao "0.1.0" :kind Biblioteca)')
    assert run("%caixa hash tool", "cell 2").splitlines()[1].split()[:2] == ["tool", "0.1.0"]


def test_a_picture_is_drawn_on_demand(run, show):
    run("(define (f x) x)")
    shown = show("%caixa hash f --as svg", "cell 2")
    assert "<img" in shown["text/html"]
    assert shown["text/plain"].splitlines()[1].startswith("f ")
