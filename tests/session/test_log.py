"""The log is a chain: it verifies, it replays, and an edit anywhere is evident."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lacre.package_digest import package_digest
from caixa.session.errors import BrokenLog
from caixa.session.events import CellRun, FilePut
from caixa.session.log import GENESIS, Log
from caixa.session.state import SessionState, apply

from .strategies import histories


def logged(history):
    log, state = Log(), SessionState()
    for time, event in enumerate(history):
        log, state = log.append(event, float(time)), apply(state, event)
    return log, state


@given(histories())
def test_a_log_verifies_and_replays_to_the_same_state(history):
    log, state = logged(history)
    log.verify()
    again = log.replay()
    assert again == state
    digests = [package_digest(package) for package in state.packages.values()]
    assert [package_digest(package) for package in again.packages.values()] == digests


@given(histories())
def test_the_digest_depends_on_the_events_and_not_on_the_time(history):
    log, _ = logged(history)
    later = Log()
    for event in history:
        later = later.append(event, 1e9)
    assert later.digest == log.digest


@given(histories().filter(len), st.data())
def test_an_edited_entry_breaks_the_chain_at_its_place(history, data):
    log, _ = logged(history)
    place = data.draw(st.integers(0, len(log) - 1))
    edited = replace(log.entries[place], event=CellRun("another", "text"))
    entries = (*log.entries[:place], edited, *log.entries[place + 1 :])
    with pytest.raises(BrokenLog) as caught:
        Log(entries).verify()
    assert caught.value.sequence == place + 1


@given(histories().filter(lambda history: len(history) > 1))
def test_a_missing_entry_breaks_the_chain(history):
    log, _ = logged(history)
    with pytest.raises(BrokenLog):
        Log(log.entries[1:]).verify()


def test_an_empty_log_stands_for_nothing():
    assert Log().digest == GENESIS
    assert Log().replay() == SessionState()


def test_bytes_do_not_slide_from_one_field_into_the_next():
    first = Log().append(FilePut("a", "bc", b"d"), 0)
    second = Log().append(FilePut("ab", "c", b"d"), 0)
    assert first.digest != second.digest
