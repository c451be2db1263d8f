"""Times and durations as text: formatting, and reading ISO 8601 (language.md section 12)."""

from __future__ import annotations

import re
from math import isfinite

from ...errors import NativeError
from ...kinds import kind_of
from ..registry import native
from ..strings import string_argument

__all__: list[str] = []

_SECOND = 1_000_000  # microseconds, as are the units
_UNITS = {"d": 86_400 * _SECOND, "h": 3600 * _SECOND, "m": 60 * _SECOND, "s": _SECOND, "ms": 1000, "us": 1}
_PART = r"([0-9]+(?:\.[0-9]+)?)(d|h|ms|m|us|s)"
_MAX_DIGITS = 30


@native("time-format")
def time_format(seconds: object, pattern: object = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Return a time in seconds since 1970 as text in UTC; the pattern is that of strftime."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415  # not needed to start

    template = string_argument("time-format", pattern)
    since = _number("time-format", seconds)
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=since)).strftime(template)
    except (OverflowError, ValueError) as error:
        raise NativeError("time-format", str(error)) from error


@native("time-parse")
def time_parse(text: object) -> int | float:
    """Return the seconds since 1970 of a time in ISO 8601; without a zone it is in UTC."""
    from datetime import UTC, datetime  # noqa: PLC0415  # not needed to start

    try:
        moment = datetime.fromisoformat(string_argument("time-parse", text))
    except ValueError as error:
        raise NativeError("time-parse", str(error), fix="Write it like 2026-01-31T12:30:00Z.") from error
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = zoned - datetime(1970, 1, 1, tzinfo=UTC)
    return _in_seconds((since.days * 86_400 + since.seconds) * _SECOND + since.microseconds)


@native("duration-parse")
def duration_parse(text: object) -> int | float:
    """Return the seconds of a duration like `1h30m`, `250ms` or `1.5s`; units are d, h, m, s, ms and us."""
    from fractions import Fraction  # noqa: PLC0415  # not needed to start

    whole = string_argument("duration-parse", text)
    bare = whole.removeprefix("-")
    if not re.fullmatch(f"(?:{_PART})+", bare) or len(bare) > _MAX_DIGITS * len(_UNITS):
        fix = "Write numbers with units, like 1h30m; units are d, h, m, s, ms and us."
        raise NativeError("duration-parse", f"`{whole[:50]}` is not a duration", fix=fix)
    total = round(sum(Fraction(number) * _UNITS[unit] for number, unit in re.findall(_PART, bare)))
    return _in_seconds(-total if bare != whole else total)


@native("duration-format")
def duration_format(seconds: object) -> str:
    """Return a number of seconds, to the microsecond, as a duration like `1h30m`."""
    total = round(_number("duration-format", seconds) * _SECOND)
    parts, left = [], abs(total)
    for unit, size in _UNITS.items():
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return ("-" if total < 0 else "") + "".join(parts) if parts else "0s"


def _in_seconds(microseconds: int) -> int | float:
    return microseconds / _SECOND if microseconds % _SECOND else microseconds // _SECOND


def _number(function: str, value: object) -> int | float:
    if type(value) is int or (type(value) is float and isfinite(value)):
        return value
    raise NativeError(function, f"expected a finite number of seconds, got {kind_of(value)}")
