"""An error that nothing handles, with restarts established, is put to whoever chooses, before it unwinds."""

from __future__ import annotations

import pytest

from caixa.lisp.conditions import Answer, Question
from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source

PRICE = '(restart-case (throw (error :no-price "none")) (use-value (v) :report "Use it." v) (skip () 0))'


def evaluate(interpreter: Interpreter, text: str) -> str:
    return write(interpreter.evaluate(Source("cell 1", text)))


def test_the_chosen_restart_continues_the_computation(scripted):
    interpreter, script = scripted((1, "(* 6 7)"))
    assert evaluate(interpreter, f"(list 1 {PRICE})") == "(1 42)"
    [question] = script.questions
    assert [str(offer) for offer in question.offers] == ["(use-value v) Use it.", "(skip)"]
    assert question.error.span is not None


def test_the_state_is_intact_when_the_question_is_asked(scripted):
    interpreter, _ = scripted((1, "(depth)"))
    text = (
        "(define depth (make-parameter 0)) (restart-case (parameterize ((depth 5)) (car 1)) (use-value (v) v))"
    )
    # a native's error is signalled where it meets the restart, which stands outside of the parameter
    assert evaluate(interpreter, text) == "0"
    interpreter, _ = scripted((1, "(depth)"))
    assert evaluate(interpreter, text.replace("(car 1)", "(throw 1)")) == "5"


def test_no_question_is_asked_of_an_error_that_is_caught(scripted):
    interpreter, script = scripted((2,))
    assert evaluate(interpreter, f"(try {PRICE} (catch (e) 'caught))") == "caught"
    assert evaluate(interpreter, f"(handler-case {PRICE} (else (e) 'handled))") == "handled"
    assert script.questions == []


def test_no_question_is_asked_where_there_is_no_restart(scripted):
    interpreter, script = scripted((1,))
    with pytest.raises(LispError):
        evaluate(interpreter, "(car 5)")
    assert script.questions == []


def test_an_error_is_put_once_however_many_restarts_it_passes(scripted):
    interpreter, script = scripted(None)
    with pytest.raises(LispError) as caught:
        evaluate(interpreter, "(restart-case (restart-case (car 5) (inner () 1)) (outer () 2))")
    assert len(script.questions) == 1
    assert [offer.name for offer in caught.value.offers] == ["inner", "outer"]


def test_the_error_that_is_left_names_the_restarts(interpreter):
    with pytest.raises(LispError) as caught:
        evaluate(interpreter, PRICE)
    assert caught.value.render(interpreter.sources).split("\n")[-2:] == [
        "  restart: (use-value v) Use it.",
        "  restart: (skip)",
    ]


def test_the_scripted_default_is_taken_when_nobody_is_there(interpreter):
    assert evaluate(interpreter, f"(default-restart 'use-value 5) {PRICE}") == "5"
    assert evaluate(interpreter, f"(default-restart 'skip) {PRICE}") == "0"
    with pytest.raises(LispError):
        evaluate(interpreter, f"(default-restart 'another) {PRICE}")
    with pytest.raises(LispError):
        evaluate(interpreter, f"(default-restart nil) {PRICE}")


def test_an_answer_goes_before_the_scripted_default(scripted):
    interpreter, _ = scripted((2,))
    assert evaluate(interpreter, f"(default-restart 'use-value 5) {PRICE}") == "0"


def test_break_asks_and_goes_on(scripted):
    interpreter, script = scripted((1,), None)
    assert evaluate(interpreter, '(define x 1) (break "look") (+ x 1)') == "2"
    assert "look" in str(script.questions[0].error)
    with pytest.raises(LispError, match=":break"):
        evaluate(interpreter, "(break)")


def test_an_interactive_restart_makes_its_own_arguments():
    def choose(question: Question) -> Answer:
        [interactive] = question.interactive
        assert interactive is not None
        return Answer(0, list(interactive()))  # type: ignore[call-overload]  # a list

    interpreter = Interpreter(choose=choose)
    text = '(restart-case (throw 1) (sum (a b) :report "Sum." :interactive (lambda () \'(3 4)) (+ a b)))'
    assert evaluate(interpreter, text) == "7"


def test_a_stop_while_the_question_is_open_passes_every_handler():
    def choose(_: Question) -> Answer:
        raise KeyboardInterrupt

    interpreter = Interpreter(choose=choose)
    text = (
        f"(define log (list)) (handler-bind ((else (lambda (c) nil))) (try {PRICE} (finally (set! log '(1)))))"
    )
    with pytest.raises(KeyboardInterrupt):
        evaluate(interpreter, text)
    assert evaluate(interpreter, "log") == "(1)"
    assert evaluate(interpreter, "(compute-restarts)") == "()"


@pytest.mark.parametrize(
    "body",
    [
        "(try (stop) (catch (e) 'caught))",
        "(handler-case (stop) (else (e) 'caught))",
        "(handler-bind ((else (lambda (c) (invoke-restart 'r)))) (restart-case (stop) (r () 'restarted)))",
        "(try (stop) (catch (e :a) 1) (catch (e) 2) (finally 3))",
    ],
)
def test_stop_is_no_error_and_leaves_nothing_behind(interpreter, body):
    def stop() -> None:
        raise KeyboardInterrupt

    interpreter.names["stop"] = stop
    with pytest.raises(KeyboardInterrupt):
        evaluate(interpreter, f"(define log (list)) (try {body} (finally (set! log '(cleaned))))")
    assert evaluate(interpreter, "log") == "(cleaned)"
    assert evaluate(interpreter, "(try (throw 1) (catch (e) 'fine))") == "fine"
