"""Frames carry every message whole, and what is no frame is refused."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.manifest.model import Limits
from caixa.runtime import errors
from caixa.runtime import protocol as say
from caixa.runtime.budget import DEFAULT_MEMORY, DEFAULT_WALL_CLOCK, UNLIMITED_FUEL, Budget
from caixa.runtime.results import FunctionType, ModuleInfo, RunResult, UnitStatus

FAILURES = [
    errors.InvalidModule("bad", 1, 2),
    errors.InvalidModule("bad"),
    errors.InvalidGraph("bad"),
    errors.UnknownFunction("handel", ["handle", "other"]),
    errors.UnknownFunction("f", []),
    errors.BadArguments("no", "f(a: s32)"),
    errors.MissingImport(["wasi_snapshot_preview1.path_open", "env.abort"]),
    errors.ResultTooLarge(100, 10),
    errors.EngineDied(-9, "panicked"),
    errors.EngineDied(None),
    errors.UnitGone(3, "it was closed"),
    errors.UnitExited(3, 2, "no room\nleft on it\n"),
    errors.UnitExited(3, 0),
    errors.MailboxFull(3, 1000),
    errors.CallTimeout(3, 0.5),
    errors.NoCallback("on-call"),
    errors.BadCallback("on-call", "nil", "(list :reply REPLY STATE)"),
    errors.FuelExhausted(10, 10, 0.5),
    errors.MemoryExceeded(1 << 20, 1 << 16, 1 << 30, "it gave up", ["malloc", "main"]),
    errors.DeadlineExceeded(30 * 10**9, 30.1),
    errors.StackExhausted(1 << 19, ["f"] * 50),
    errors.GuestTrap("it divided by zero", ["f"], "A note."),
]


def exchange(*frames: say.Frame) -> list[say.Frame | None]:
    left, right = socket.socketpair()
    with right:
        with left:
            for frame in frames:
                say.send(left, frame)
        return [say.receive(right) for _ in range(len(frames) + 1)]


@given(st.text(), st.binary(max_size=3000), st.lists(st.text()), st.integers(0, 2**40))
def test_every_message_arrives_as_it_was_sent(text: str, body: bytes, words: list[str], call: int) -> None:
    messages: list[say.Message] = [
        say.Wat(text), say.Inspect(body), say.Run(text, words, Budget().to_wire(), body), say.Svg(text, "dot"),
        say.Stop(), say.Ready(), say.Bytes(body), say.Text(body), say.Stopped(began=True),
        say.Open(call, text, text, words, Budget().to_wire(), body), say.Ask(call, text, words),
        say.Close(call), say.List(), say.Wanted(),
    ]  # fmt: skip
    frames = [say.Frame(call, message) for message in messages]
    assert exchange(*frames) == [*frames, None]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code)
def test_a_failure_reads_the_same_on_both_sides(failure: errors.RuntimeFailure) -> None:
    (frame, _) = exchange(say.Frame(1, say.Failed(failure.to_wire())))
    assert frame is not None
    assert isinstance(frame.message, say.Failed)
    there = errors.RuntimeFailure.from_wire(frame.message.failure)
    assert type(there) is type(failure)
    assert there.render() == failure.render()


def test_every_kind_of_failure_is_in_the_table_above() -> None:
    assert {type(each) for each in FAILURES} == set(errors.RuntimeFailure.by_code.values()) - {errors.Violation}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code)
def test_every_failure_says_what_and_what_to_do(failure: errors.RuntimeFailure) -> None:
    (diagnostic,) = failure.diagnostics
    assert diagnostic.message
    assert diagnostic.fix or diagnostic.why
    assert len(failure.render()) < 700


def test_results_and_shapes_arrive_as_they_were() -> None:
    result = RunResult((1, "a", None, {"x": [1.5]}), 12, 65536, 0.25, "out", 3, None)
    info = ModuleInfo("component", (FunctionType("f", (("a", "s32"),), ("string",)),), ("a.b",))
    units = (UnitStatus(1, 2, 300, 0.5, 65536, 131072), UnitStatus(4, 0, 1, 0.0, 0, 0))
    ran, told, listed, _ = exchange(
        say.Frame(1, say.Ran(result.to_wire())),
        say.Frame(2, say.Info(info.to_wire())),
        say.Frame(3, say.Status.of(*units)),
    )
    assert listed is not None
    assert isinstance(listed.message, say.Status)
    assert listed.message.value == units
    assert ran is not None
    assert told is not None
    assert isinstance(ran.message, say.Ran)
    assert isinstance(told.message, say.Info)
    assert ran.message.value == result
    assert told.message.value == info
    assert str(info.exports[0]) == "f(a: s32) -> string"


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<IQ", 2**31, 0),
        struct.pack("<IQ", 2, 2**50),
        struct.pack("<IQ", 2, 0) + b"{}",
        struct.pack("<IQ", 2, 0) + b"xx",
        struct.pack("<IQ", 24, 0) + b'{"call":1,"kind":"what"}',
    ],
)
def test_bytes_that_are_no_frame_are_refused(data: bytes) -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(data)
        with pytest.raises((ValueError, KeyError, TypeError)):
            say.receive(right)


@pytest.mark.parametrize("cut", [0, 1, 11, 12, 20])
def test_a_frame_that_is_cut_is_an_end(cut: int) -> None:
    left, right = socket.socketpair()
    with right:
        with left:
            left.sendall(b"".join(say.encode(say.Frame(1, say.Wat("text"))))[:cut])
        assert say.receive(right) is None


def test_absent_limits_get_their_defaults_and_present_ones_are_kept() -> None:
    assert Budget.of(None) == Budget.of(Limits()) == Budget(DEFAULT_MEMORY, UNLIMITED_FUEL, DEFAULT_WALL_CLOCK)
    assert Budget.of(Limits(memory=5, fuel=0, wall_clock=7)) == Budget(5, 0, 7)
    assert Budget.of(Limits(fuel=1 << 64)).fuel == UNLIMITED_FUEL
