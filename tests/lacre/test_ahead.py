"""Work done ahead of time: each thing once, the same answers in the same order, and nothing after the end."""

from __future__ import annotations

import threading

import pytest

from caixa.lacre.ahead import Errands, Once, Stopped


@pytest.fixture
def errands():
    made = Errands(lambda _: None, 4)
    yield made
    made.end()


def test_an_answer_is_found_once_whoever_asks(errands):
    once, asked, gate = Once(errands), [], threading.Event()

    def find():
        gate.wait(10)
        asked.append(1)
        return 42

    for _ in range(4):
        errands.send(lambda: once.get("key", find))
    gate.set()
    assert once.get("key", find) == 42
    assert asked == [1]


def test_what_went_wrong_ahead_of_time_is_raised_when_it_is_asked_for_and_not_before(errands):
    once, done = Once(errands), threading.Event()

    def fail():
        done.set()
        raise ValueError("wrong")

    errands.send(lambda: once.get("bad", fail))
    assert done.wait(10)
    assert once.get("good", lambda: 1) == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"):
            once.get("bad", fail)


def test_no_more_errands_run_at_a_time_than_may():
    errands, running, most, lock = Errands(lambda _: None, 3), [0], [0], threading.Lock()
    together, done = threading.Barrier(3), threading.Semaphore(0)

    def work():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        together.wait(10)
        with lock:
            running[0] -= 1
        done.release()

    for _ in range(9):
        errands.send(work)
    assert all(done.acquire(timeout=10) for _ in range(9))
    errands.end()
    assert most == [3]


def test_reports_of_threads_are_passed_on_by_their_owner():
    heard, done = [], threading.Event()
    errands = Errands(lambda line: heard.append((line, threading.get_ident())), 2)

    def work():
        errands.report("from a thread")
        done.set()

    errands.send(work)
    assert done.wait(10)
    errands.report("from the owner")
    assert heard == [(line, threading.get_ident()) for line in ("from a thread", "from the owner")]
    errands.end()


def test_the_end_stops_what_runs_and_starts_nothing_more():
    errands, begun, ended, later = Errands(lambda _: None, 2), threading.Event(), [], []

    def work():
        begun.set()
        try:
            while True:
                errands.still_wanted()
        except Stopped:
            ended.append(1)
            raise

    errands.send(work)
    assert begun.wait(10)
    errands.end()
    errands.send(lambda: later.append(1))
    assert (ended, later) == ([1], [])


def test_stop_is_no_answer(errands):
    once = Once(errands)

    def stopped():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once.get("key", stopped)
    assert once.get("key", lambda: 7) == 7


def test_with_one_at_a_time_nothing_is_done_ahead():
    errands, done = Errands(lambda _: None, 1), []
    errands.send(lambda: done.append(1))
    errands.end()
    assert done == []
