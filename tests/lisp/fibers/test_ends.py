"""How fibers end: cancelled, stopped, or with the cell that made them; their `finally` clauses always run."""

from __future__ import annotations

import signal
import sys
import threading
import time

import pytest

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source
from caixa.session import Session

WAITS = {
    "for a value": "(<! (chan))",
    "for room": "(>! (chan 0) 1)",
    "for the first of several": "(alt ((<! (chan)) v v) ((>! (chan 0) 1) 2))",
    "for a time": "(sleep 1000)",
    "for another fiber": "(await (go (lambda () (<! (chan))) :background #t))",
    "for its turn": "(dotimes (i 1000000) (yield))",
    "inside a native": "(map (lambda (i) (<! (chan))) (range 3))",
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS.keys())
def test_a_fiber_is_cancelled_wherever_it_waits_and_cleans_up(run, wait):
    run(f"""(define log (list))
    (define (note x) (set! log (cons x log)))
    (define f (go-block (try {wait} (note :result) (catch (e) (note :caught)) (finally (note :clean)))))
    (go-run (go-block (yield) (yield)))""")
    assert run("(begin (go-cancel f) (list (go-status f) log (error-tag (go-error f))))") == (
        "(:cancelled (:clean) :cancelled)"
    )
    assert run("(try (await f) (catch (e :cancelled) :told))") == ":told"


def test_a_fiber_cancelled_before_its_first_turn_never_runs(run):
    assert run(
        "(define x 0) (define f (go-block (set! x 1))) (go-cancel f) (run-fibers) (list x (go-run f))"
    ) == ('(0 #<error :cancelled "the fiber `fiber 1` was cancelled">)')


def test_a_finished_fiber_cannot_be_cancelled(run):
    assert run("(define f (go-block 5)) (await f) (go-cancel f) (await f)") == "5"


def test_a_fiber_can_cancel_itself_and_others(run):
    assert (
        run("""
    (define log (list))
    (define a (go-block (try (sleep 9) (finally (set! log (cons :a log))))))
    (define b (go-block (yield) (go-cancel a) (set! log (cons :b log)) (go-cancel (current-fiber)) 1))
    (run-fibers) (list (reverse log) (go-status a) (go-status b))""")
        == "((:a :b) :cancelled :cancelled)"
    )


def test_who_waits_for_a_cancelled_fiber_is_told(run):
    assert (
        run("""
    (define f (go-block (<! (chan))))
    (define g (go-block (try (await f) (catch (e) (error-tag e)))))
    (go-run (go-block (yield)))
    (go-cancel f) (await g)""")
        == ":cancelled"
    )


def test_a_fiber_that_is_unwound_cannot_wait_any_more(run):
    assert (
        run("""
    (define c (chan 0)) (define told nil)
    (define f (go-block (try (<! c) (finally (set! told (list (<! c) (>! c 1))) (sleep 5) (yield)))))
    (go-run (go-block (yield))) (go-cancel f) told""")
        == "(:empty #f)"
    )


def test_fibers_that_cancel_one_another_while_unwinding_both_end(run):
    assert (
        run("""
    (define log (list))
    (define a nil)
    (define b (go-block (try (<! (chan)) (finally (go-cancel a) (set! log (cons :b log))))))
    (set! a (go-block (yield)
      (try (go-cancel b) (set! log (cons :never log)) (finally (set! log (cons :a log))))))
    (run-fibers) (list (reverse log) (go-status a) (go-status b))""")
        == "((:b :a) :cancelled :cancelled)"
    )


def test_an_error_while_unwinding_is_reported(run, capsys):
    run("(define f (go-block (try (<! (chan)) (finally (car 5))))) (go-run (go-block (yield)))")
    assert run("(go-cancel f) (go-status f)") == ":errored"
    assert "type-mismatch" in capsys.readouterr().err


# -- cells --------------------------------------------------------------------------------------------------


@pytest.fixture
def session(interpreter: Interpreter) -> Session:
    return Session(interpreter)


def test_the_fibers_of_a_cell_that_fails_are_cancelled_with_its_definitions(session, capsys):
    session.run("(define c (chan 0)) (define old (go-block (<! c)))", "cell 1")
    with pytest.raises(Exception, match="expected pair"):
        session.run(
            """(define word "mine")
            (go-block (try (<! c) (finally (println word))))
            (go-block (yield)) (go-run (go-block (yield) (yield))) (car 5)""",
            "cell 2",
        )
    assert capsys.readouterr().out == "mine\n"
    names = session.run("(list (go-status old) (length (all-fibers)) (>! c 3) (await old))", "cell 3").value
    assert list(names)[1:] == [1, True, 3]
    with pytest.raises(Exception, match="word"):
        session.run("word", "cell 4")


@pytest.fixture
def stops(monkeypatch):
    """Stop the main thread after a time, as the kernel does: by a signal whose handler raises."""
    timers = []

    def handler(_number, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, handler)
    sent = []

    def after(seconds: float) -> list[float]:
        def send() -> None:
            sent.append(time.process_time())
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

        timer = threading.Timer(seconds, send)
        timers.append(timer)
        timer.start()
        return sent

    yield after
    for timer in timers:
        timer.cancel()
    signal.signal(signal.SIGINT, before)


BUSY = {
    "while a fiber computes": """(go-block (try (arm) (while #t (identity 0)) (finally (println :clean))))
        (run-fibers)""",
    "while fibers pass values": """(define c (chan 1))
        (go-block (try (arm) (while #t (>! c 1)) (finally (println :clean))))
        (await (go-block (while #t (<! c))))""",
    "while all wait for a time": "(await (go-block (try (arm) (sleep 60) (finally (println :clean)))))",
    "while the program sleeps": "(go-block (try (arm) (sleep 60) (finally (println :clean)))) (sleep 60)",
    "while a fiber computes in a native": """(await (go-block (try (arm)
        (for-each (lambda (i) (while #t (identity 0))) (range 2))
        (finally (println :clean)))))""",
    "while `finally` would wait": """(define c (chan))
        (await (go-block (try (arm) (while #t (identity 0)) (finally (<! c) (sleep 9) (println :clean)))))""",
}


@pytest.mark.parametrize("cell", BUSY.values(), ids=BUSY.keys())
def test_stop_ends_the_cell_and_its_fibers_at_once(stops, capsys, cell):
    session = Session(Interpreter())
    session.run("(define kept 1)", "cell 1")
    sent: list[list[float]] = []
    session.interpreter.names["arm"] = lambda: sent.append(stops(0.03))
    with pytest.raises(KeyboardInterrupt):
        session.run(f"(define lost 2) {cell}", "cell 2")
    late = time.process_time() - sent[0][0]
    assert capsys.readouterr().out == ":clean\n"
    assert late < 0.2, f"{late * 1000:.0f} ms"  # of the processor: others may be at work, too
    assert session.run("(list kept (length (all-fibers)))", "cell 3").value is not None
    assert not session.interpreter._scheduler.unfinished
    assert sys.getrecursionlimit() < 100_000


def _stop() -> None:
    raise KeyboardInterrupt


def test_stop_leaves_fibers_of_earlier_cells_that_wait_able_to_go_on(session):
    session.interpreter.names["stop-now"] = _stop
    session.run("(define c (chan 0)) (define old (go-block (<! c))) (go-run (go-block (yield)))", "cell 1")
    with pytest.raises(KeyboardInterrupt):
        session.run("(await (go-block (while #t (yield) (stop-now))))", "cell 2")
    assert session.run("(>! c 5) (await old)", "cell 3").value == 5


def test_a_fiber_may_end_the_process(interpreter):
    interpreter.names["leave"] = lambda: sys.exit(3)
    with pytest.raises(SystemExit):
        interpreter.evaluate(Source("cell", "(await (go-block (leave)))"))
