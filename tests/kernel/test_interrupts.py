"""A Stop reaches the cell it was meant for, at once, and nothing else."""

import gc
import os
import signal
import sys
import threading
import time

import pytest

from caixa_kernel.interrupt import Interrupts


@pytest.fixture
def gate():
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    interrupts = Interrupts()
    interrupts.install()
    interrupts.announce()
    yield interrupts
    signal.signal(signal.SIGINT, before)
    sys.unraisablehook = hook


def signal_self():
    os.kill(os.getpid(), signal.SIGINT)


def stopped(gate, cell):
    with pytest.raises(KeyboardInterrupt), gate.cell():
        cell()


def test_a_request_stops_the_running_cell(gate, monkeypatch):
    monkeypatch.setattr(os, "killpg", lambda _group, _number: signal_self())
    monkeypatch.setattr(os, "getpgrp", os.getpid)

    def cell():
        threading.Thread(target=gate.request).start()
        while True:
            pass

    stopped(gate, cell)


def test_a_request_for_an_announced_cell_stops_it_as_it_begins(gate, monkeypatch):
    monkeypatch.setattr(os, "killpg", lambda _group, _number: signal_self())
    monkeypatch.setattr(os, "getpgrp", os.getpid)
    began = []
    assert gate.request()
    stopped(gate, lambda: began.append(True))
    assert began == []


def test_an_early_request_does_not_outlive_its_cell(gate):
    signal_self()
    gate.announce()
    with gate.cell():
        pass


def test_without_a_cell_there_is_nothing_to_stop(gate):
    gate.withdraw()
    assert gate.request() is False
    signal_self()


def test_a_request_that_arrives_late_spares_the_next_cell(gate, monkeypatch):
    monkeypatch.setattr(gate, "_send", lambda: None)
    with gate.cell():
        assert gate.request()
    gate.announce()
    with gate.cell():
        signal_self()


def test_a_signal_from_elsewhere_stops_whatever_runs(gate):
    stopped(gate, signal_self)


def test_a_second_stop_does_not_cut_short_what_the_first_undoes(gate):
    undone = []

    def cell():
        try:
            signal_self()
        finally:
            signal_self()
            undone.append(True)

    stopped(gate, cell)
    assert undone


def test_a_shield_puts_the_interrupt_off_to_its_end(gate):
    seen = []

    def cell():
        with gate.shield(), gate.shield():
            signal_self()
            seen.append("whole")
        seen.append("after")

    stopped(gate, cell)
    assert seen == ["whole"]


def test_a_shield_on_another_thread_holds_nothing_up(gate):
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with gate.shield():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    stopped(gate, signal_self)
    leave.set()
    thread.join()


def test_an_interrupt_that_a_finaliser_swallows_is_asked_for_again(gate, monkeypatch):
    monkeypatch.setattr(gate, "_send", signal_self)

    class Finalised:
        def __del__(self):
            signal_self()
            time.sleep(0)  # where the handler runs

    def cell():
        Finalised()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            pass

    stopped(gate, cell)


def test_nothing_is_collected_between_a_stop_and_the_end_of_its_cell(gate):
    collected = []

    def cell():
        try:
            signal_self()
        finally:
            collected.append(gc.isenabled())

    stopped(gate, cell)
    assert (collected, gc.isenabled()) == ([False], True)


def test_a_collector_that_was_off_stays_off(gate):
    gc.disable()
    try:
        stopped(gate, signal_self)
        assert not gc.isenabled()
    finally:
        gc.enable()
