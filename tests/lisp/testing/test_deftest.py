"""Tests written in the language: what passes, what fails, and what a failure says."""

from __future__ import annotations

import json
import re
from itertools import count

import pytest

from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.testing import Report, TestResult, run_file, run_source
from caixa.session import Session


@pytest.fixture
def results(interpreter):
    """Run the tests of a text, with a clock that counts seconds."""

    def run(text: str) -> list[TestResult]:
        return run_source(Source("tests", text), interpreter, clock=count().__next__)

    return run


def only(results: list[TestResult]) -> TestResult:
    (result,) = results
    return result


def test_a_test_whose_checks_hold_passes_and_says_where_it_is_and_how_long_it_took(results):
    result = only(results('(define x 1)\n(deftest sums "Sums are sums." (is (= (+ x 1) 2)))'))
    assert (result.name, result.passed, result.message, result.doc) == ("sums", True, "", "Sums are sums.")
    assert result.span.start == len("(define x 1)\n")
    assert result.seconds == 1


def test_a_failure_shows_the_expression_its_place_and_the_values_of_operands_that_are_no_literals(results):
    result = only(results("(define (f x) (* x 2))\n(deftest t (is (= (f 3) 7)))"))
    assert result.message.splitlines() == [
        "error[check-failed]: (= (f 3) 7) is #f",
        "  in tests, line 2, column 16",
        "2 | (deftest t (is (= (f 3) 7)))",
        "  |                ^^^^^^^^^^^",
        "  why: (f 3) is 6",
    ]
    assert (result.span.start, result.span.end) == (38, 49)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("(is (equal? (list 1 2) '(1 3)))", "at [1]: 2 ≠ 3"),
        ('(is (< 2 1) "order")', "(< 2 1) is #f: order"),
        ("(is (and #t nil))", "(and #t nil) is nil"),
        ("(is (not (null? '())))", "(not (null? '())) is #f"),
        ("(is #f)", "#f is #f"),
        ("(is (-> 1 zero?))", "(-> 1 zero?) is #f"),
        ("(is-error :division-by-zero (+ 1 1))", "no error was raised where :division-by-zero is expected"),
        ("(is-error :division-by-zero (car 5))", "an error :type-mismatch was raised"),
        ("(is-error :mine (throw 5))", "an error :user was raised"),
    ],
)
def test_a_check_that_does_not_hold_says_so(results, check, said):
    result = only(results(f"(deftest t {check})"))
    assert not result.passed
    assert said in result.message


@pytest.mark.parametrize(
    "check",
    [
        "(is (equal? (list 1) '(1)))",
        "(is (-> 0 zero?))",
        "(is (let ((zero? (lambda (x) (= x 1)))) (zero? 1)))",
        "(is '())",
        "(is-error :division-by-zero (/ 1 0))",
        '(is-error :mine (throw (error :mine "m")))',
        "(is-error :user (throw 5))",
        "(is-error :unbound-symbol (no-such-function))",
        '(is (equal? (error-message (is-error :ex-info (throw (ex-info "m")))) "m"))',
    ],
)
def test_a_check_that_holds_passes(results, check):
    assert only(results(f"(deftest t {check})")).passed


def test_each_operand_is_evaluated_once(interpreter):
    text = "(define n 0) (define (next) (set! n (+ n 1)) n) (deftest t (is (= (next) 5))) (run-tests) n"
    assert interpreter.evaluate(Source("tests", text)) == 1


def test_a_check_is_told_of_a_macro_by_its_value_and_not_by_calling_it(results):
    result = only(results("(defmacro sometimes (x) x) (deftest t (is (sometimes #f)))"))
    assert "(sometimes #f) is #f" in result.message


def test_a_test_goes_on_after_a_failure_and_ends_at_an_error(results):
    result = only(results('(deftest t\n(is #f "one")\n(is #f "two")\n(car 5)\n(is #f "three"))'))
    found = [word for word in ("one", "two", "pair", "three") if word in result.message]
    assert found == ["one", "two", "pair"]


def test_an_error_is_a_failure_with_its_stack(results):
    text = "(define (inner x) (+ 1 (car x)))\n(define (outer x) (+ 1 (inner x)))\n(deftest t (+ 1 (outer 5)))"
    message = only(results(text)).message
    assert message.startswith("error[type-mismatch]: expected pair, got int")
    assert "in inner, called from tests, line 2" in message
    assert "called from a native" not in message


def test_a_failure_inside_try_still_counts(results):
    assert not only(results("(deftest t (try (is #f) (catch (e) nil)))")).passed


def test_what_a_test_parameterizes_ends_with_it(results):
    text = """(define p (make-parameter 1))
              (deftest a (parameterize ((p 2)) (is (= (p) 2)) (car 5)))
              (deftest b (is (= (p) 1)))"""
    assert [result.passed for result in results(text)] == [False, True]


def test_outside_of_a_test_a_check_that_fails_is_an_error(fail):
    error = fail("(is (= 1 2))")
    assert (error.kind, error.span.start) == ("check-failed", 4)


def test_a_pattern_chooses_tests_by_name(interpreter, run):
    report = interpreter.evaluate(
        Source("a", '(deftest adds (is #t)) (deftest takes (is #t)) (run-tests "^add")')
    )
    assert [result.name for result in report] == ["adds"]


def test_a_test_defined_again_replaces_the_first(results):
    assert only(results("(deftest t (is #f)) (deftest t (is #t))")).passed


def test_a_module_has_tests_of_its_own(with_modules):
    interpreter = with_modules({"m": "(provide check) (define (check) (run-tests)) (deftest inner (is #t))"})
    text = '(require "m") (deftest outer (is #t)) (list (run-tests) (m/check))'
    outer, inner = interpreter.evaluate(Source("a", text))
    assert [result.name for result in outer] == ["outer"]
    assert [result.name for result in inner] == ["inner"]


def test_a_cell_that_fails_takes_its_tests_back():
    session = Session()
    session.run("(deftest kept (is #t))", "cell 1")
    with pytest.raises(Exception, match="pair"):
        session.run("(deftest lost (is #t)) (car 5)", "cell 2")
    report = session.run("(run-tests)", "cell 3").value
    assert [result.name for result in report] == ["kept"]


def test_a_variable_of_the_name_of_a_check_hides_it(run):
    assert run("(define (is x) (list x)) (is 4)") == "(4)"


@pytest.mark.parametrize(
    "text", ["(deftest)", "(deftest 5 (is 1))", "(is)", "(is 1 2 3)", "(is-error :x)", "(run-tests 1 2)"]
)
def test_a_form_that_is_not_written_as_it_must_be_says_so(fail, text):
    assert fail(text).kind == "bad-special-form"


def test_a_report_is_a_table_with_the_failures_under_their_tests(interpreter):
    text = '(deftest good "It is." (is #t))\n(deftest bad (is #f))\n(run-tests)'
    assert write(interpreter.evaluate(Source("a", text))).splitlines() == [
        "✓ good: It is.",
        "✗ bad",
        "    error[check-failed]: #f is #f",
        "      in a, line 2, column 18",
        "    2 | (deftest bad (is #f))",
        "      |                  ^^",
        "2 tests, 1 failed",
    ]


def test_a_report_as_data_is_json(interpreter):
    report = interpreter.evaluate(Source("a", "(deftest t (is #f)) (run-tests)"))
    data = json.loads(json.dumps(report.to_json()))
    assert (data["ok"], data["results"][0]["span"]["start"]) == (False, 15)


def test_no_tests_is_said(run):
    assert run("(run-tests)").startswith("There are no tests")
    assert Report(()).ok


def test_a_file_is_run_with_the_modules_beside_it(tmp_path):
    (tmp_path / "m.tlisp").write_text("(provide f) (define (f) 1)")
    file = tmp_path / "test.tlisp"
    file.write_text('(require "m") (deftest one (is (= (m/f) 1))) (deftest two (is #f))')
    assert [(result.name, result.passed) for result in run_file(file)] == [("one", True), ("two", False)]
    assert [result.name for result in run_file(file, re.compile("two"))] == ["two"]


def test_a_file_that_does_not_load_is_one_failure(tmp_path):
    file = tmp_path / "test.tlisp"
    file.write_text("(deftest one (is #t)) (car 5)")
    result = only(run_file(file))
    assert (result.name, result.passed) == ("load", False)
    assert "expected pair, got int" in result.message
