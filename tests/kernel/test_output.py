"""Everything that is printed arrives once, in order, under the cell that printed it."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa_kernel.output import DESCRIPTORS, FLUSH_SECONDS, Outlet, Stream


class Wire:
    """Keeps what an outlet sends, and its timers."""

    def __init__(self):
        self.sent = []
        self.timers = []
        self.outlet = Outlet(self._send, lambda seconds, call: self.timers.append((seconds, call)))

    def _send(self, name, text, parent):
        self.sent.append((name, text, parent))


words = st.tuples(st.sampled_from(["stdout", "stderr"]), st.text(min_size=1), st.integers(0, 2), st.booleans())


@given(st.lists(words))
def test_every_character_arrives_once_and_in_the_order_of_writing(writes):
    wire = Wire()
    parents = [{"msg_id": str(number)} for number in range(3)]
    for name, text, parent, flushes in writes:
        wire.outlet.parent = parents[parent]
        wire.outlet.write(name, text)
        if flushes:
            wire.outlet.flush()
    wire.outlet.flush()
    said = [(name, parents[parent]["msg_id"], char) for name, text, parent, _ in writes for char in text]
    heard = [(name, parent["msg_id"], char) for name, text, parent in wire.sent for char in text]
    assert heard == said


def test_a_burst_is_one_message_and_asks_for_one_timer():
    wire = Wire()
    for number in range(10_000):
        wire.outlet.write("stdout", f"{number}\n")
    assert [seconds for seconds, _ in wire.timers] == [FLUSH_SECONDS]
    wire.timers[0][1]()
    [(_, text, _)] = wire.sent
    assert text.splitlines() == [str(number) for number in range(10_000)]


def test_standard_error_between_two_lines_stays_between_them():
    wire = Wire()
    for name, text in (("stdout", "a"), ("stderr", "b"), ("stdout", "c"), ("stdout", "d")):
        wire.outlet.write(name, text)
    wire.outlet.flush()
    assert [(name, text) for name, text, _ in wire.sent] == [("stdout", "a"), ("stderr", "b"), ("stdout", "cd")]


def test_a_muted_outlet_drops_what_is_printed_and_speaks_again_after():
    wire = Wire()
    with wire.outlet.muted(True):
        wire.outlet.write("stdout", "unheard")
    wire.outlet.write("stdout", "heard")
    wire.outlet.flush()
    assert [text for _, text, _ in wire.sent] == ["heard"]


def test_what_others_hold_is_gathered_before_a_flush():
    wire = Wire()
    wire.outlet.gather = lambda: wire.outlet.write("stdout", "from a child")
    wire.outlet.flush()
    assert [text for _, text, _ in wire.sent] == ["from a child"]


def test_a_stream_is_a_text_file():
    wire = Wire()
    stream = Stream("stderr", wire.outlet)
    print("x", 1, file=stream, flush=True)
    assert wire.sent == [("stderr", "x 1\n", {})]
    assert stream.writable()
    assert not stream.isatty()
    assert stream.encoding == "UTF-8"
    with pytest.raises(TypeError, match="must be str"):
        stream.write(b"bytes")
    with pytest.raises(io.UnsupportedOperation):
        stream.fileno()


def test_a_fork_writes_to_the_descriptor(monkeypatch):
    wire = Wire()
    written = []
    monkeypatch.setattr(os, "write", lambda descriptor, data: written.append((descriptor, data)))
    pid = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    wire.outlet.write("stderr", "é")
    assert written == [(DESCRIPTORS["stderr"], "é".encode())]
