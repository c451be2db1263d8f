"""What a person reads of an error: the exact sub-form, who called whom, what led to it, what could be done."""

from __future__ import annotations

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source


def rendered(interpreter: Interpreter, *cells: str) -> str:
    """Evaluate the cells, of which the last fails, and return the error as text."""
    *before, last = [Source(f"cell {number}", text) for number, text in enumerate(cells, 1)]
    for source in before:
        interpreter.evaluate(source)
    with pytest.raises(LispError) as caught:
        interpreter.evaluate(last)
    return caught.value.render(interpreter.sources)


def evaluate(interpreter: Interpreter, text: str) -> str:
    return write(interpreter.evaluate(Source("cell", text)))


def test_the_calls_are_named_with_cell_and_line(interpreter):
    assert rendered(interpreter, "(define (average xs)\n  (/ (apply + xs) (length xs)))", "(average '())") == (
        "error[division-by-zero]: division by zero\n"
        "  in cell 1, line 2, column 3\n"
        "2 |   (/ (apply + xs) (length xs)))\n"
        "  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  in average, called from cell 2, line 1, column 1"
    )


def test_a_native_that_calls_is_named(interpreter):
    text = rendered(
        interpreter, "(define (f x) (+ 1 (car x)))", "(define (g xs) (list (map f xs)))", "(g '(5))"
    )
    assert text.split("\n")[-2:] == [
        "  in f, called by map from cell 2, line 1, column 22",
        "  in g, called from cell 3, line 1, column 1",
    ]


def test_a_deep_recursion_is_folded(interpreter):
    fact = "(define (fact n) (if (= n 0) (car n) (* n (fact (- n 1)))))"
    assert rendered(interpreter, fact, "(fact 9999)").split("\n")[-3:] == [
        "  in fact, called from cell 1, line 1, column 43",
        "  … 9,998 more calls of fact",
        "  in fact, called from cell 2, line 1, column 1",
    ]


def test_a_mutual_recursion_is_folded(interpreter):
    even = "(define (e? n) (if (= n 0) (car n) (not (o? (- n 1)))))"
    odd = "(define (o? n) (not (e? (- n 1))))"
    assert rendered(interpreter, even, odd, "(e? 1000)").split("\n")[-4:] == [
        "  in e?, called from cell 2, line 1, column 21",
        "  in o?, called from cell 1, line 1, column 41",
        "  … 998 more calls of e?, o?",
        "  in e?, called from cell 3, line 1, column 1",
    ]


def test_a_shallow_stack_is_shown_whole(interpreter):
    text = rendered(interpreter, "(define (f n) (if (= n 0) (car n) (+ 1 (f (- n 1)))))", "(f 2)")
    assert text.count("in f, called from") == 3


def test_a_runaway_recursion_is_told_in_a_few_lines(interpreter):
    lines = rendered(interpreter, "(define (f n) (+ 1 (f n)))", "(f 1)").split("\n")
    assert lines[0].startswith("error[recursion-limit]")
    assert len(lines) < 12
    assert any("more calls of f" in line for line in lines)


def test_an_error_thrown_in_a_catch_tells_its_cause(interpreter):
    assert rendered(interpreter, '(try (car 5)\n  (catch (e) (throw (ex-info "cannot load" {:a 1}))))') == (
        'error[user]: uncaught: #<error :ex-info "cannot load" {:a 1}>\n'
        "  in cell 1, line 2, column 14\n"
        '2 |   (catch (e) (throw (ex-info "cannot load" {:a 1}))))\n'
        "  |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "caused by:\n"
        "error[type-mismatch]: expected pair, got int\n"
        "  in cell 1, line 1, column 6\n"
        "1 | (try (car 5)\n"
        "  |      ^^^^^^^"
    )


def test_an_error_thrown_again_keeps_its_place_and_its_calls(interpreter):
    text = rendered(interpreter, "(define (f) (list (car 5)))", "(try (f)\n  (catch (e) (throw e)))")
    assert "cell 1, line 1, column 19" in text
    assert "in f, called from cell 2, line 1, column 6" in text
    assert "caused by" not in text


def test_an_error_of_a_clause_that_does_not_fit_is_as_if_there_were_none(interpreter):
    text = rendered(interpreter, "(define (f) (list (car 5)))", "(try (f) (catch (e :other) 1) (finally 2))")
    assert text.split("\n")[1] == "  in cell 1, line 1, column 19"
    assert "in f, called from cell 2, line 1, column 6" in text


CAUSES = {
    "none": ("(try (car 5) (catch (e) (error-cause e)))", "()"),
    "of what is thrown in a catch": (
        '(try (try (car 5) (catch (e) (throw (ex-info "outer")))) (catch (e) (error-tag (error-cause e))))',
        ":type-mismatch",
    ),
    "of a native's error in a catch": (
        "(try (try (/ 1 0) (catch (e) (car 5))) (catch (e) (error-tag (error-cause e))))",
        ":division-by-zero",
    ),
    "of a cause": (
        '(try (try (try (/ 1 0) (catch (e) (car 5))) (catch (e) (throw (ex-info ""))))'
        " (catch (e) (error-tag (error-cause (error-cause e)))))",
        ":division-by-zero",
    ),
    "in a finally": (
        "(try (try (/ 1 0) (finally (car 5))) (catch (e) (error-tag (error-cause e))))",
        ":division-by-zero",
    ),
    "in a clause of handler-case": (
        "(try (handler-case (/ 1 0) (else (e) (car 5))) (catch (e) (error-tag (error-cause e))))",
        ":division-by-zero",
    ),
    "that is given": (
        '(error-message (error-cause (ex-info "outer" {} (ex-info "inner"))))',
        '"inner"',
    ),
    "not of what comes after": (
        "(try (begin (try (car 5) (catch (e) 1)) (/ 1 0)) (catch (e) (error-cause e)))",
        "()",
    ),
    "not of what is thrown again": (
        "(try (try (car 5) (catch (e) (throw e))) (catch (e) (error-cause e)))",
        "()",
    ),
}


@pytest.mark.parametrize(("text", "cause"), CAUSES.values(), ids=CAUSES.keys())
def test_the_cause_of_an_error(text, cause, run):
    assert run(text) == cause


def test_the_stack_of_an_error_is_data(interpreter):
    interpreter.evaluate(
        Source("cell 1", "(define (inner x)\n  (+ 1 (car x)))\n(define (outer x) (list (inner x)))")
    )
    stack = evaluate(interpreter, "(try (map outer '(5)) (catch (e) (error-stack e)))")
    assert stack == (
        '({:name "inner", :source "cell 1", :line 2, :column 8}'
        ' {:name "outer", :source "cell 1", :line 3, :column 25, :via "map"})'
    )
    assert evaluate(interpreter, "(try (inner 5) (catch (e) (error-place e)))") == (
        '{:source "cell 1", :line 2, :column 8}'
    )


def test_the_stack_includes_who_called_the_code_that_catches(interpreter):
    interpreter.evaluate(Source("cell 1", "(define (f x) (try (+ 1 (car x)) (catch (e) (error-stack e))))"))
    interpreter.evaluate(Source("cell 2", "(define (g x) (list (f x)))"))
    assert evaluate(interpreter, "(map (lambda (call) (:name call)) (first (g 5)))") == '("f" "g")'


def test_a_handler_sees_the_stack_of_what_is_thrown(interpreter):
    text = (
        '(define (f) (list (throw (error :e "")))) (handler-case (f) (:e (e) (:name (first (error-stack e)))))'
    )
    assert evaluate(interpreter, text) == '"f"'


def test_a_deep_stack_tells_how_many_calls_it_leaves_out(interpreter):
    text = (
        "(define (f n) (if (= n 0) (car n) (+ 1 (f (- n 1)))))"
        "(try (f 500) (catch (e) (filter (lambda (call) (:skipped call)) (error-stack e))))"
    )
    assert evaluate(interpreter, text) == '({:skipped 422, :names ("f")})'
