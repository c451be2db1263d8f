"""While a cell runs, the front end is answered, and what it shows stays true."""

from time import perf_counter

import pytest

from caixa_kernel.answers import Status

SPIN = '(println "in") (define (spin n) (spin (+ n 1))) (spin 0)'
SECONDS = 5.0


@pytest.fixture
def spinning(kernel):
    request = kernel.execute(SPIN, stop_on_error=False)  # or a cell sent at once after Stop would be dropped
    kernel.heard(request, "in")
    yield request
    kernel.manager.interrupt_kernel()
    assert kernel.reply(request)["content"]["ename"] == "KeyboardInterrupt"


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.complete("(string-app"),
        lambda client: client.inspect("string-append"),
        lambda client: client.is_complete("(+ 1"),
        lambda client: client.kernel_info(),
    ],
    ids=["complete", "inspect", "is_complete", "kernel_info"],
)
def test_a_request_is_answered_during_a_busy_cell(kernel, spinning, ask):
    began = perf_counter()
    assert kernel.reply(ask(kernel.client))["content"]["status"] in {"ok", "incomplete"}
    assert perf_counter() - began < SECONDS


def test_an_answer_beside_a_cell_has_its_own_busy_and_idle_and_leaves_the_kernel_busy(kernel, spinning):
    request = kernel.client.complete("(ca")
    mine = kernel.iopub(request)
    assert [m["content"]["execution_state"] for m in mine] == ["busy", "idle"]
    after = kernel.client.get_iopub_msg(timeout=30)
    assert after["parent_header"]["msg_id"] == spinning
    assert after["content"] == {"execution_state": "busy"}


def test_the_running_cell_keeps_its_output_while_others_are_answered(kernel):
    request = kernel.execute("(define (times n) (when (> n 0) (println n) (times (- n 1)))) (times 20000)")
    for _ in range(5):
        kernel.reply(kernel.client.complete("(ca"))
    assert kernel.finish(request).text().split() == [str(number) for number in range(20000, 0, -1)]


def test_status_says_idle_last_only_when_no_cell_runs():
    said = []
    status = Status(lambda state, parent: said.append((state, parent["id"])))
    cell, aside = {"id": "cell"}, {"id": "aside"}
    status.of_cell("busy", cell)
    status.of_aside("busy", aside)
    status.of_aside("idle", aside)
    status.of_cell("idle", cell)
    status.of_aside("busy", aside)
    status.of_aside("idle", aside)
    assert said == [
        ("busy", "cell"),
        ("busy", "aside"),
        ("idle", "aside"),
        ("busy", "cell"),
        ("idle", "cell"),
        ("busy", "aside"),
        ("idle", "aside"),
    ]
