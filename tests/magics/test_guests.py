"""Python and Hy cells share the session's names with Lisp."""

import pytest

from caixa_magics.errors import PythonProblem


def test_python_sees_what_lisp_defines(run):
    run("(define unit-price 250)\n(define (total count) (* unit-price count))")
    assert run("%%python\nunit_price + 1") == "251"
    assert run("%%python\ntotal(4)") == "1000"


def test_lisp_sees_what_python_defines(run):
    run("%%python\ntax_rate = 0.2\ndef with_tax(price):\n    return price * (1 + tax_rate)")
    assert run("(with-tax 100)") == "120.0"
    assert run("(map with-tax (list 10 20))") == "(12.0 24.0)"


def test_a_change_on_either_side_is_seen_on_the_other(run):
    run("(define n 1)")
    run("%%python\nn = n + 1")
    assert run("(set! n (+ n 1))\nn") == "3"
    assert run("%%python\nn") == "3"


def test_a_python_function_takes_a_lisp_function(run):
    run("%%python\ndef twice(f, x):\n    return f(f(x))")
    assert run("(twice (lambda (x) (+ x 5)) 1)") == "11"


def test_hy_is_lisp_on_python_with_the_same_names(run):
    run("(define base-price 7)")
    assert run("%%hy\n(defn plus-base [x] (+ x base-price))\n(plus-base 1)") == "8"
    assert run("(plus-base 2)") == "9"


def test_names_that_python_cannot_spell_cross_as_hy_spells_them(run):
    run("(define (cheap? x) (< x 10))")
    assert run("%%hy\n(cheap? 3)") == "#t"
    run("%%hy\n(defn dear? [x] (> x 10))")
    assert run("(dear? 3)") == "#f"


ERRORS = [
    ("%%python\n1 / 0", "ZeroDivisionError: division by zero", "line 2, column 1"),
    ("%%python\ndef f(x):\n    return x.nosuch\nf(1)", "AttributeError", "line 3, column 12"),
    ("%%python\n\nif True\n    x", "SyntaxError", "line 3"),
    ("%%hy\n(/ 1 0)", "ZeroDivisionError", "line 2"),
    ("%%hy\n(+ 1", "premature", ""),
]


@pytest.mark.parametrize(("text", "says", "place"), ERRORS, ids=[text for text, *_ in ERRORS])
def test_an_error_of_a_guest_points_at_its_line(notebook, text, says, place):
    with pytest.raises(PythonProblem) as caught:
        notebook.run_cell(text, "cell 1")
    said = caught.value.render(notebook.sources())
    assert says.lower() in said.lower()
    assert place in said


def test_a_failing_guest_gives_no_name_to_lisp(notebook, run):
    with pytest.raises(PythonProblem):
        run("%%python\nhalf_done = 1\n1 / 0")
    assert "half-done" not in notebook.session.interpreter.names
