"""Python and Hy cells share the session's names with Lisp, and values cross at one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.equality import equal
from caixa.lisp.values import Foreign, Keyword, List, Map, Set, Symbol, Vector
from caixa_magics.conversion import to_lisp, to_python
from caixa_magics.errors import PythonProblem

atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from([Keyword("a"), Symbol("b-c")]),
)  # fmt: skip
keys = st.one_of(st.integers(), st.sampled_from([Keyword("nome"), Keyword("max-restarts"), Keyword("x")]))
lisp_values = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(List),
        st.lists(inner, max_size=4).map(Vector),
        st.lists(st.tuples(keys, inner), max_size=4).map(Map),
        st.lists(st.integers(), max_size=4).map(Set),
    ),
    max_leaves=12,
)


@given(lisp_values)
def test_what_crosses_to_python_and_back_is_equal(value):
    assert equal(to_lisp(to_python(value)), value)


CROSSINGS = [
    (List([1, "a", None]), [1, "a", None]),
    (Vector([1, 2]), (1, 2)),
    (Map([(Keyword("max-age"), 3), (1, 2)]), {"max-age": 3, 1: 2}),
    (Set([1, 2]), frozenset({1, 2})),
    (Foreign(pytest, "module"), pytest),
]


@pytest.mark.parametrize(("lisp", "python"), CROSSINGS, ids=repr)
def test_each_kind_has_its_counterpart(lisp, python):
    assert to_python(lisp) == python


def test_a_text_that_is_no_name_stays_a_text():
    assert equal(to_lisp({"a b": 1}), Map([("a b", 1)]))


def test_a_python_object_is_foreign_to_lisp_and_itself_again():
    thing = object()
    assert isinstance(to_lisp(thing), Foreign)
    assert to_python(to_lisp(thing)) is thing


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
