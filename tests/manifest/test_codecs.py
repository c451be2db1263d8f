"""Sizes, durations, CPU shares and rates: the tables of caixa.md section 1.4, and the way there and back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.manifest.codecs import (
    parse_bytes,
    parse_duration,
    parse_millicores,
    parse_rate,
    print_bytes,
    print_duration,
    print_millicores,
    print_rate,
)
from caixa.manifest.errors import InvalidValue
from caixa.manifest.model import RateLimit
from caixa.manifest.profile import Profile

NS = 10**9


@pytest.mark.parametrize(
    ("text", "size", "printed"),
    [
        ("64MiB", 67108864, "64MiB"),
        ("1KB", 1000, "1000"),
        ("1024", 1024, "1KiB"),
        ("1024B", 1024, "1KiB"),
        ("1.5KiB", 1536, "1536"),
        ("1MB", 1000000, "1000000"),
        ("0.5B", 0, "0"),
        ("-0", 0, "0"),
        ("+1", 1, "1"),
        (" 64 MiB ", 67108864, "64MiB"),
        ("18446744073709551615", 2**64 - 1, "18446744073709551615"),
        ("99999999999999999999GiB", 2**64 - 1, "18446744073709551615"),
    ],
)
def test_a_size_reads_and_prints(text, size, printed):
    assert parse_bytes(text) == size
    assert print_bytes(size) == printed


@pytest.mark.parametrize(
    ("text", "nanoseconds", "printed"),
    [
        ("60s", 60 * NS, "1m"),
        ("90s", 90 * NS, "90s"),
        ("1.5h", 5400 * NS, "90m"),
        ("1.5s", 1_500_000_000, "1500ms"),
        ("45", 45 * NS, "45s"),
        ("500ms", 500_000_000, "500ms"),
        ("0", 0, "0s"),
        ("0.0000005ms", 0, "0s"),
    ],
)
def test_a_duration_reads_and_prints(text, nanoseconds, printed):
    assert parse_duration(text) == nanoseconds
    assert print_duration(nanoseconds) == printed


def test_only_the_older_form_drops_what_is_below_a_millisecond():
    assert print_duration(parse_duration("0.0005s")) == "0.5ms"
    assert print_duration(parse_duration("0.0005s"), Profile.APRIL) == "0s"


@pytest.mark.parametrize(
    ("text", "millicores"),
    [("500m", 500), ("500 m", 500), ("2", 2000), ("+2", 2000), ("5000000", 2**32 - 1), (" 1 ", 1000)],
)
def test_a_cpu_share_reads(text, millicores):
    assert parse_millicores(text) == millicores


@pytest.mark.parametrize(
    ("text", "limit"),
    [("100/s", RateLimit(100, 1)), (" 5 / m ", RateLimit(5, 60)), ("0/h", RateLimit(0, 3600))],
)
def test_a_rate_reads(text, limit):
    assert parse_rate(text) == limit


def test_a_window_that_is_no_unit_prints_its_seconds():
    assert print_rate(RateLimit(10, 90)) == "10/90s"


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_bytes, "", "empty-byte-size"),
        (parse_bytes, "  ", "empty-byte-size"),
        (parse_bytes, "MiB", "bad-byte-magnitude"),
        (parse_bytes, "not-a-number", "bad-byte-magnitude"),
        (parse_bytes, "-1MiB", "bad-byte-magnitude"),
        (parse_bytes, "1..5KiB", "bad-byte-magnitude"),
        (parse_bytes, "\u0661KiB", "bad-byte-magnitude"),
        (parse_bytes, "1e5", "unknown-byte-unit"),
        (parse_bytes, "1Mi", "unknown-byte-unit"),
        (parse_bytes, "1mib", "unknown-byte-unit"),
        (parse_duration, "", "empty-duration"),
        (parse_duration, "s", "bad-duration-magnitude"),
        (parse_duration, "-1s", "bad-duration-magnitude"),
        (parse_duration, "1s30ms", "unknown-duration-unit"),
        (parse_duration, "2min", "unknown-duration-unit"),
        (parse_duration, "1S", "unknown-duration-unit"),
        (parse_duration, "99999999999999999999h", "duration-overflow"),
        (parse_duration, "9" * 100_000, "duration-overflow"),
        (parse_millicores, "0.5", "bad-millicores"),
        (parse_millicores, "", "bad-millicores"),
        (parse_millicores, "-1m", "bad-millicores"),
        (parse_millicores, "9" * 10_000, "bad-millicores"),
        (parse_rate, "100", "bad-rate-limit"),
        (parse_rate, "1.5/s", "bad-rate-limit"),
        (parse_rate, "1/d", "bad-rate-limit"),
        (parse_rate, "4294967296/s", "bad-rate-limit"),
    ],
)
def test_what_is_no_quantity_is_refused_by_name(parse, text, code):
    with pytest.raises(InvalidValue) as caught:
        parse(text)
    assert caught.value.diagnostic.code == code


def test_errors_carry_the_data_of_the_specification():
    with pytest.raises(InvalidValue) as caught:
        parse_bytes("1YiB")
    assert caught.value.diagnostic.data == {"unit": "YiB"}
    with pytest.raises(InvalidValue) as caught:
        parse_bytes("-1MiB")
    assert caught.value.diagnostic.data == {"value": "-1"}


@given(st.integers(0, 2**64 - 1))
def test_every_size_reads_back(size):
    assert parse_bytes(print_bytes(size)) == size


@given(st.integers(0, 10**19))
def test_every_duration_reads_back(nanoseconds):
    assert parse_duration(print_duration(nanoseconds)) == nanoseconds


@given(st.integers(0, 2**32 - 1))
def test_every_cpu_share_reads_back(millicores):
    assert parse_millicores(print_millicores(millicores)) == millicores


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 60, 3600]))
def test_every_rate_reads_back(rate, window):
    assert parse_rate(print_rate(RateLimit(rate, window))) == RateLimit(rate, window)


@given(st.text(max_size=12), st.sampled_from([parse_bytes, parse_duration, parse_millicores, parse_rate]))
def test_any_text_is_read_or_refused(text, parse):
    with suppress(InvalidValue):
        assert parse(text) is not None
