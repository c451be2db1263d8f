"""An error with restarts asks the person at the front end how the cell goes on; nothing is undone before."""

import pytest

from .client import PATIENCE, Frontend

CELL = """(define seen 1)
(+ seen (restart-case
       (parameterize ((depth 7)) (throw (error :no-price "There is no price.")))
       (use-value (value) :report "Use this price." value)
       (skip () :report "Count nothing." 0)))"""


@pytest.fixture(scope="module", autouse=True)
def depth(kernel):
    assert kernel.run("(define depth (make-parameter 0))").status == "ok"


def asked(kernel: Frontend) -> str:
    """Return the prompt of the question that is open."""
    message = kernel.client.get_stdin_msg(timeout=PATIENCE)
    assert message["msg_type"] == "input_request"
    return message["content"]["prompt"]


def test_a_value_that_the_person_types_goes_on_with_the_computation(kernel):
    request = kernel.execute(CELL, allow_stdin=True)
    prompt = asked(kernel)
    assert "There is no price." in prompt
    assert "  1  (use-value value) Use this price.\n  2  (skip) Count nothing.\n" in prompt
    kernel.client.input("1")
    assert asked(kernel) == "value = "
    kernel.client.input("(* 20 (+ 1 1))")
    assert kernel.finish(request).result == "41"


def test_what_is_typed_sees_the_state_at_the_error(kernel):
    request = kernel.execute(CELL, allow_stdin=True)
    asked(kernel)
    kernel.client.input("1")
    asked(kernel)
    kernel.client.input("(+ seen (depth))")
    assert kernel.finish(request).result == "9"


def test_a_wrong_answer_is_asked_again(kernel):
    request = kernel.execute(CELL, allow_stdin=True)
    asked(kernel)
    kernel.client.input("9")
    asked(kernel)
    kernel.client.input("1")
    assert asked(kernel) == "value = "
    kernel.client.input("(car 5")
    assert asked(kernel).startswith("Which restart?")
    kernel.client.input("2")
    run = kernel.finish(request)
    assert run.result == "1"
    assert "Type a number from 0 to 2." in run.text()
    assert "error[reader]" in run.text()


@pytest.mark.parametrize("answer", ["0", ""])
def test_nothing_chosen_leaves_the_error_as_it_is(kernel, answer):
    request = kernel.execute(CELL, allow_stdin=True)
    asked(kernel)
    kernel.client.input(answer)
    content = kernel.finish(request).content
    assert (content["status"], content["ename"]) == ("error", "user")


def test_with_nobody_there_the_error_names_the_restarts(kernel):
    content = kernel.run(CELL).content
    assert content["status"] == "error"
    assert "restart: (use-value value) Use this price." in "\n".join(content["traceback"])


def test_with_nobody_there_the_scripted_default_is_taken(kernel):
    assert kernel.run("%caixa restart use-value 9").status == "ok"
    assert kernel.run(CELL).result == "10"
    assert kernel.run("(default-restart 'skip)").status == "ok"
    assert kernel.run(CELL).result == "1"
    assert kernel.run("%caixa restart off").status == "ok"
    assert kernel.run(CELL).status == "error"


def test_stop_ends_the_cell_while_the_question_is_open(kernel):
    cleanup = f'(define kept 1) (try {CELL.split(chr(10), 1)[1]} (finally (println "cleaned")))'
    request = kernel.execute(cleanup, allow_stdin=True)
    asked(kernel)
    kernel.manager.interrupt_kernel()
    run = kernel.finish(request)
    assert run.content["ename"] == "KeyboardInterrupt"
    assert "cleaned" in run.text()
    assert kernel.run("(+ 1 1)").result == "2"
    assert kernel.run("kept").content["ename"] == "unbound-symbol"
