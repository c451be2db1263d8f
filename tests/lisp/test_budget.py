"""Looking at code comes to an end, whatever its macros do, and gets the same answer each time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.analysis import Analyst, onlooker
from caixa.lisp.budget import Budget, Exhausted
from caixa.lisp.errors import ExpansionLimit, LispError, RecursionLimit
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.natives import checks
from caixa.lisp.source import Source

ENDLESS = {
    "a loop": "(let loop () (loop))",
    "a loop inside a handler": "(try (let loop () (loop)) (catch (e) 1))",
    "a loop at last": "(try 1 (finally (let loop () (loop))))",
    "mutual tail calls": "(begin (define (a x) (b x)) (define (b x) (a x)) (a 1))",
    "loops over lists": "(let ((r (range 999))) (map (lambda (x) (map (lambda (y) (map inc r)) r)) r))",
    "code that is evaluated": "(eval '(let loop () (loop)))",
    "a fiber": "(await (go (lambda () (let loop () (loop)))))",
    "the library's own loops": "(lazy-take 40000000 (repeat-lazy 1))",
    "a native given a procedure": "(foldl (lambda (a x) (sort (lambda (x y) #t) (range 9999))) 0 (range 9999))",
}


def exhaust(budget: Budget) -> None:
    while True:
        budget.step()


def refusal(body: str, budget: Budget | None = None) -> LispError:
    text = f"(defmacro f () {body})\n(f)"
    with pytest.raises(LispError) as raised:
        onlooker(budget=budget or Budget(20_000)).compile(Source("program", text))
    return raised.value


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_a_macro_without_end_is_refused_at_its_call(body: str) -> None:
    error = refusal(body)
    assert isinstance(error, ExpansionLimit)
    assert error.span is not None
    assert error.span.start == len(f"(defmacro f () {body})\n")
    assert error.message == "the macro `f` did not come to an end within 20,000 steps"


def test_an_expansion_that_grows_without_end_is_refused() -> None:
    text = "(defmacro f (n) `(+ (f ,(+ n 1)) (f ,(+ n 1))))\n(f 0)"
    with pytest.raises(RecursionLimit):
        onlooker(budget=Budget(20_000)).compile(Source("program", text))


def test_a_list_that_doubles_without_end_is_refused_before_memory_runs_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "MAX_ELEMENTS", 10_000)
    error = refusal("(let loop ((x (list 1 2))) (loop (append x x)))")
    assert "in native `append`: a list of more than 10,000 elements" in error.message


def test_steps_that_take_long_are_stopped_by_the_clock() -> None:
    seconds = iter(range(1000))
    budget = Budget(1_000_000, seconds=5, clock=lambda: float(next(seconds)))
    assert "within 5 seconds" in refusal("(let loop () (loop))", budget).message


def test_the_clock_is_not_asked_of_work_that_is_short() -> None:
    asked: list[int] = []
    budget = Budget(seconds=1, clock=lambda: float(len(asked)) if asked.append(1) else 0.0)
    assert onlooker(budget=budget).compile(Source("program", "(defmacro f (x) x) (f 1) (f 2)")) == 3
    assert len(asked) < 8


@settings(max_examples=10, deadline=None)
@given(st.integers(100, 200))
def test_the_same_code_takes_the_same_steps_each_time(turns: int) -> None:
    text = f"(defmacro f () (let loop ((n 0)) (when (< n {turns}) (loop (+ n 1)))))\n(f)"

    def is_refused() -> bool:
        try:
            onlooker(budget=Budget(150)).compile(Source("program", text))
        except ExpansionLimit:
            return True
        return False

    assert is_refused() == is_refused()


def test_many_small_forms_never_use_up_what_all_of_them_may() -> None:
    calls = "(f)\n" * 400
    source = Source("program", f"(defmacro f () (let loop ((n 0)) (if (< n 10) (loop (+ n 1)) 1)))\n{calls}")
    assert onlooker(budget=Budget(1_000)).compile(source) == 401


def test_forms_after_those_that_took_everything_are_refused_at_once() -> None:
    budget = Budget(100, total=200)
    for _ in range(4):
        budget.next_form()
        with pytest.raises(Exhausted) as raised:
            exhaust(budget)
    assert "was not expanded: the forms before took 200 steps" in str(raised.value)
    assert budget.is_spent
    budget.renew()
    budget.step()
    assert not budget.is_spent


def test_a_module_that_is_required_may_not_take_for_ever_either() -> None:
    files = {"m": "(provide f) (defmacro f () (let loop () (loop))) (define (g) (f))"}
    analyst = Analyst(loader=lambda target: Source(target, files[target]), budget=Budget(5_000))
    with pytest.raises(ExpansionLimit):
        analyst.module("m")


def test_a_program_that_runs_is_never_refused_for_its_work() -> None:
    text = "(define (count n) (if (= n 0) 0 (count (- n 1)))) (defmacro f () (count 1500000)) (f)"
    assert Interpreter().evaluate(Source("cell", text)) == 0
