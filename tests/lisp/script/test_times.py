"""The clock, as given; times and durations as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.natives.script.moments import duration_format, duration_parse, time_format, time_parse
from caixa.lisp.natives.script.times import clock_natives

MOMENT = 1_700_000_000_123_456_789  # nanoseconds


@pytest.fixture
def waits():
    return []


@pytest.fixture
def natives(waits):
    return clock_natives(lambda: MOMENT, waits.append)


def test_the_time_is_what_the_clock_says(natives):
    told = {name: natives[name]() for name in ("now", "now-ms", "now-ns", "now-rfc3339")}
    assert told == {
        "now": 1_700_000_000,
        "now-ms": 1_700_000_000_123,
        "now-ns": MOMENT,
        "now-rfc3339": "2023-11-14T22:13:20Z",
    }
    assert natives["elapsed-since"](MOMENT - 5) == 5


def test_waiting_is_the_clocks(natives, waits):
    for name, count in (("sleep", 2), ("sleep-ms", 1500), ("sleep", 0), ("sleep-ms", -1), ("sleep", 10**30)):
        natives[name](count)
    assert waits == [2, 1.5, 366 * 86_400]


@pytest.mark.parametrize(
    ("threshold", "shown"), [("", 3), ("debug", 4), ("WARN", 2), ("error", 1), ("nonsense", 3)]
)
def test_the_log_shows_what_is_at_or_above_its_threshold(natives, capsys, monkeypatch, threshold, shown):
    monkeypatch.setenv("TATARA_LOG", threshold)
    for level in ("debug", "info", "warn", "error"):
        natives[f"log-{level}"]("olá")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == shown
    assert lines[-1].endswith("] ERROR olá")


@given(st.integers(-(10**10), 10**11))
def test_a_time_comes_back_from_its_text(seconds):
    assert time_parse(time_format(seconds)) == seconds


@given(st.integers(-(10**12), 10**12))
def test_a_duration_comes_back_from_its_text(seconds):
    assert duration_parse(duration_format(seconds)) == seconds


@given(st.integers(-(10**15), 10**15).map(lambda microseconds: microseconds / 1_000_000))
def test_a_duration_comes_back_to_the_microsecond(seconds):
    assert duration_parse(duration_format(seconds)) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("(time-format 0)", '"1970-01-01T00:00:00Z"'),
        ('(time-format 86399.5 "%H:%M:%S.%f")', '"23:59:59.500000"'),
        ('(time-parse "2026-01-31T12:00:00+02:00")', "1769853600"),
        ('(time-parse "2026-01-31")', "1769817600"),
        ('(time-parse "1970-01-01T00:00:00.25Z")', "0.25"),
        ('(duration-parse "1d2h3m4s")', "93784"),
        ('(duration-parse "1.5h")', "5400"),
        ('(duration-parse "-250ms")', "-0.25"),
        ("(duration-format 93784)", '"1d2h3m4s"'),
        ("(duration-format 0.25)", '"250ms"'),
        ("(duration-format 0)", '"0s"'),
    ],
)
def test_times_and_durations_read_and_print(run, call, value):
    assert run(call) == value


@pytest.mark.parametrize(
    "call",
    [
        '(time-parse "yesterday")', "(time-format inf)", "(time-format 1e300)", '(time-format "x")',
        '(duration-parse "")', '(duration-parse "1")', '(duration-parse "h")', '(duration-parse "1h 2m")',
        "(duration-format nan)", "(sleep 1.5)",
    ],
)  # fmt: skip
def test_what_is_no_time_is_an_error(fail, call):
    assert fail(call).kind == "native-fn"
