"""Quantities of Kubernetes as exact numbers: `500m` of a CPU, `256Mi` of memory."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["quantity"]

_FORM = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|(m|k|Ki|[MGTPE]i?|))")
_POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def quantity(text: object) -> Fraction | None:
    """Return the number that a quantity stands for, None for what is none."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    found = _FORM.fullmatch(str(text))
    if found is None:
        return None
    number, exponent, suffix = Fraction(found[1]), found[2], found[3] or ""
    if exponent:
        return number * Fraction(10) ** int(exponent[1:])
    if suffix == "m":
        return number / 1000
    base = 1024 if suffix.endswith("i") else 1000
    return number * Fraction(base) ** _POWERS[suffix.removesuffix("i")]
