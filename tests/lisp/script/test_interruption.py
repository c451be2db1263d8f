"""Stop reaches the natives that wait: at once, and with nothing left behind."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from contextlib import suppress
from time import perf_counter, sleep

import psutil
import pytest

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

REACH = 0.02  # seconds from the signal to the exception, on a machine that does nothing else
ATTEMPTS = 5  # of which the best counts: others share the machine


def stopped(text, begun, names=()):
    """Evaluate a text that waits, signal once `begun` says so, and return the seconds that it took to end."""
    interpreter = Interpreter()
    interpreter.names.update(names)
    sent = []

    def send():
        deadline = perf_counter() + 10
        while not begun() and perf_counter() < deadline:
            sleep(0.005)
        sleep(0.02)  # from what we see of it to where it waits
        sent.append(perf_counter())
        signal.pthread_kill(main, signal.SIGINT)

    main = threading.main_thread().ident
    sender = threading.Thread(target=send)
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        interpreter.evaluate(Source("cell", text))
    ended = perf_counter()
    sender.join()
    return ended - sent[0]


def best(act):
    """Return the least of several measurements, ending with the first that is short enough."""
    least = 10.0
    for _ in range(ATTEMPTS):
        least = min(least, act())
        if least <= REACH:
            break
    return least


@pytest.fixture(autouse=True)
def python_handles_the_signal():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def children(seconds):
    return [each for each in psutil.Process().children(recursive=True) if seconds in _words(each)]


def _words(child):
    try:
        return child.cmdline()
    except psutil.Error:  # it has ended since it was listed
        return []


def test_sleep_stops():
    assert best(lambda: stopped("(sleep 60)", lambda: True)) <= REACH


@pytest.mark.parametrize(
    "call",
    [
        '(exec-capture "sleep" "{}")',
        '(exec-check "sleep" "{}")',
        '(exec-ok? "sleep" "{}")',
        '(sh-exec "sleep {}; true")',
        '(exec-run "sleep" (list "{}") :timeout 60 :stdin "x")',
    ],
)
def test_waiting_for_a_child_stops_and_kills_it(call, monkeypatch):
    seconds = "61.125"
    monkeypatch.setattr(sys, "stdout", sys.stderr)  # as in a notebook, where no child has our terminal
    assert best(lambda: stopped(call.format(seconds), lambda: children(seconds))) <= REACH
    deadline = perf_counter() + 2
    while children(seconds) and perf_counter() < deadline:
        sleep(0.01)
    assert not children(seconds)


def test_a_request_to_a_silent_server_stops():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepted = []

        def accept():
            with suppress(OSError):  # the listener is closed at the end
                while True:
                    accepted.append(listener.accept())

        threading.Thread(target=accept, daemon=True).start()
        text = f'(http-get "http://127.0.0.1:{listener.getsockname()[1]}/")'

        def once():
            accepted.clear()
            return stopped(text, lambda: accepted)

        assert best(once) <= REACH


def test_serving_stops_and_frees_the_port():
    ports = []

    def once():
        ports.clear()
        took = stopped("(http-serve 0 identity :on-listen note)", lambda: ports, {"note": ports.append})
        with socket.create_server(("127.0.0.1", ports[0])):  # it is free
            return took

    assert best(once) <= REACH


def test_serving_a_client_that_says_nothing_stops():
    clients = []

    def connect(port):
        clients.append(socket.create_connection(("127.0.0.1", port)))

    def once():
        clients.clear()
        return stopped("(http-serve 0 identity :on-listen note)", lambda: clients, {"note": connect})

    assert best(once) <= REACH
