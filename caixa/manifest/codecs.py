"""Sizes, durations, CPU shares and rates: text to numbers and back (caixa.md section 1.4).

What is printed is canonical: the largest unit that divides. Printing and parsing again gives the same number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from .errors import InvalidValue
from .model import RateLimit
from .profile import Profile

__all__ = [
    "parse_bytes",
    "parse_duration",
    "parse_millicores",
    "parse_rate",
    "print_bytes",
    "print_duration",
    "print_millicores",
    "print_rate",
]

U32_MAX: Final = 2**32 - 1
U64_MAX: Final = 2**64 - 1
MILLISECOND: Final = 10**6
_BYTE_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_DURATION_UNITS = {"ms": MILLISECOND, "": 10**9, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}  # ns
_RATE_UNITS = {"s": 1, "m": 60, "h": 3600}  # seconds
_LONGEST_DURATION = U64_MAX * 10**9  # ns: what the older system's type holds; more made it panic
_MAGNITUDE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\Z")
_LETTER = re.compile(r"[A-Za-z]")
_UNSIGNED = re.compile(r"\+?[0-9]+\Z")


def parse_bytes(text: str) -> int:
    """Return the bytes that a size such as `64MiB` means.

    Raises InvalidValue with the code `empty-byte-size`, `bad-byte-magnitude` or `unknown-byte-unit`.
    """
    if not text.strip():
        raise InvalidValue(
            "a size is empty", fix='Write one, as in "64MiB".', code="empty-byte-size", value=text
        )
    magnitude, unit = _split(text)
    amount = _amount(magnitude)
    if amount is None:
        raise InvalidValue(
            f"{_shown(text)} is not a size: {_shown(magnitude)} is not a number of bytes",
            fix='Write a number and a unit, as in "64MiB".',
            code="bad-byte-magnitude",
            value=magnitude,
        )
    if unit not in _BYTE_UNITS:
        raise InvalidValue(
            f"{_shown(unit)} is not a unit of size",
            fix="Units: B, KB, MB, GB, KiB, MiB, GiB.",
            code="unknown-byte-unit",
            unit=unit,
        )
    return _whole(amount, _BYTE_UNITS[unit], U64_MAX)


def print_bytes(size: int) -> str:
    """Return `size` (bytes) in the largest of GiB, MiB and KiB that divides it, else as bare bytes."""
    for unit in ("GiB", "MiB", "KiB"):
        count, rest = divmod(size, _BYTE_UNITS[unit])
        if count and not rest:
            return f"{count}{unit}"
    return str(size)


def parse_duration(text: str) -> int:
    """Return the nanoseconds that a duration such as `30s` means.

    Raises InvalidValue with the code `empty-duration`, `bad-duration-magnitude`, `unknown-duration-unit` or
    `duration-overflow`.
    """
    if not text.strip():
        raise InvalidValue(
            "a duration is empty", fix='Write one, as in "30s".', code="empty-duration", value=text
        )
    magnitude, unit = _split(text)
    amount = _amount(magnitude)
    if amount is None:
        raise InvalidValue(
            f"{_shown(text)} is not a duration: {_shown(magnitude)} is not a number",
            fix='Write a number and a unit, as in "30s".',
            code="bad-duration-magnitude",
            value=magnitude,
        )
    if unit not in _DURATION_UNITS:
        raise InvalidValue(
            f"{_shown(unit)} is not a unit of time",
            fix="Units: ms, s, m, h.",
            code="unknown-duration-unit",
            unit=unit,
        )
    if amount > _LONGEST_DURATION // _DURATION_UNITS[unit]:
        raise InvalidValue(f"{_shown(text)} is too long a duration", code="duration-overflow", value=text)
    return int((amount * _DURATION_UNITS[unit]).to_integral_value())


def print_duration(nanoseconds: int, profile: Profile = Profile.STRICT) -> str:
    """Return a duration in the largest of h, m and s that divides it, else in ms.

    A part below a millisecond is kept as a fraction (`0.5ms`); APRIL drops it, as the older system does.
    """
    milliseconds, rest = divmod(nanoseconds, MILLISECOND)
    if rest and profile is not Profile.APRIL:
        return f"{(Decimal(nanoseconds) / MILLISECOND).normalize():f}ms"
    if not milliseconds:
        return "0s"
    for unit in ("h", "m", "s"):
        count, left = divmod(milliseconds * MILLISECOND, _DURATION_UNITS[unit])
        if not left:
            return f"{count}{unit}"
    return f"{milliseconds}ms"


def parse_millicores(text: str) -> int:
    """Return the thousandths of a core that `500m` or `2` mean, at most 2^32 - 1.

    Raises InvalidValue with the code `bad-millicores`.
    """
    trimmed = text.strip()
    digits, factor = (trimmed[:-1].strip(), 1) if trimmed.endswith("m") else (trimmed, 1000)
    count = _unsigned(digits)
    if count is None:
        raise InvalidValue(
            f"{_shown(text)} is not a share of a CPU",
            fix='Write millicores as "500m" or whole cores as "2".',
            code="bad-millicores",
            value=text,
        )
    return min(count * factor, U32_MAX)


def print_millicores(millicores: int) -> str:
    """Return a CPU share in millicores, as `500m`."""
    return f"{millicores}m"


def parse_rate(text: str) -> RateLimit:
    """Return the rate limit that `100/s` means. Raises InvalidValue with the code `bad-rate-limit`."""
    digits, slash, unit = (part.strip() for part in text.partition("/"))
    rate = _unsigned(digits)
    if not slash or rate is None or unit not in _RATE_UNITS:
        raise InvalidValue(
            f"{_shown(text)} is not a rate",
            fix='Write a whole number per s, m or h, as in "100/s".',
            code="bad-rate-limit",
            value=text,
        )
    return RateLimit(rate, _RATE_UNITS[unit])


def print_rate(limit: RateLimit) -> str:
    """Return a rate limit as `100/s`; a window that is no unit prints its seconds, as `100/90s`."""
    for unit, seconds in _RATE_UNITS.items():
        if seconds == limit.window_seconds:
            return f"{limit.rate}/{unit}"
    return f"{limit.rate}/{limit.window_seconds}s"


def _split(text: str) -> tuple[str, str]:
    """Cut at the first ASCII letter, so that `1e5` is the magnitude `1` with the unit `e5`."""
    trimmed = text.strip()
    letter = _LETTER.search(trimmed)
    at = letter.start() if letter else len(trimmed)
    return trimmed[:at].strip(), trimmed[at:].strip()


def _amount(magnitude: str) -> Decimal | None:
    if not _MAGNITUDE.match(magnitude):
        return None
    amount = Decimal(magnitude)
    return None if amount < 0 else amount


def _whole(amount: Decimal, factor: int, most: int) -> int:
    """Return `amount * factor` cut to a whole number, and to `most`, without ever making a huge integer."""
    return most if amount > most // factor + 1 else min(int(amount * factor), most)


def _unsigned(digits: str) -> int | None:
    if len(digits) > 4000 or not _UNSIGNED.match(digits):  # CPython converts at most 4,300 digits
        return None
    number = int(digits)
    return number if number <= U32_MAX else None


def _shown(text: str) -> str:
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}…"'
