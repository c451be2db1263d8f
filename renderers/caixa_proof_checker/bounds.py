"""Proof `limits`: limits of manifests, limits in units, and the resources of pods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .case import Case, mapping

__all__ = ["rows"]

Row = dict[str, Any]
_FACTORS: dict[str, Fraction] = {"": Fraction(1), "m": Fraction(1, 1000), "k": Fraction(1000)}
for _power, _letter in enumerate("KMGTPE", 1):
    _FACTORS |= {f"{_letter}i": Fraction(1024**_power), _letter: Fraction(1000**_power)}
_UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_CHART = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "256Mi"}}


def rows(case: Case) -> list[Row] | None:
    """Return what the certificate has to say; None where nothing runs, or nothing is limited."""
    found: list[Row] = []
    for member in case.members:
        if member not in case.units or member not in case.manifests:
            found.append({"member": member, "holds": None})
            continue
        spec = mapping(case.units[member].get("spec"))
        limits = case.manifests[member].get("limits")
        if limits is not None:
            found += _carried(member, limits, mapping(spec.get("limits")))
        if limits is not None or spec.get("resources"):
            found += _resources(member, limits or {}, mapping(spec.get("resources")))
    return found or None


def _carried(member: str, declared: Mapping[str, Any], carried: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "member": member,
            "limit": key,
            "declared": read(declared[key]),
            "carried": read(carried[key]) if key in carried else None,
            "holds": key in carried and read(declared[key]) == read(carried[key]),
        }
        for key, read in (("memory", _size), ("fuel", int), ("wallClock", _duration), ("cpu", _millicores))
        if key in declared
    ]


def _resources(member: str, declared: Mapping[str, Any], given: Mapping[str, Any]) -> list[Row]:
    least = {
        "cpu": f"{_millicores(declared['cpu'])}m" if "cpu" in declared else None,
        "memory": str(_size(declared["memory"])) if "memory" in declared else None,
    }
    found: list[Row] = []
    for name in ("cpu", "memory"):
        stated = given or _CHART
        request, most = (mapping(stated.get(which)).get(name) for which in ("requests", "limits"))
        request, most = (None if each is None else str(each) for each in (request, most))
        row = {"member": member, "resource": name, "most": most}
        found.append(row | {"requested": request, "holds": _within(request, most)})
        bound = least[name]
        if bound is not None:
            found.append(row | {"instance": _plain(bound), "holds": _within(bound, most)})
    return found


def _plain(bound: str) -> str:
    """Return an amount as the certificate writes it: whole, or in thousandths."""
    number = _quantity(bound)
    assert number is not None
    return str(number) if number.denominator == 1 else f"{number * 1000}m"


def _within(less: str | None, more: str | None) -> bool | None:
    if less is None or more is None:
        return True
    first, second = _quantity(less), _quantity(more)
    return None if first is None or second is None else first <= second


def _quantity(text: str) -> Fraction | None:
    found = re.fullmatch(r"([-+]?[0-9]*\.?[0-9]*)(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E|[eE][-+]?[0-9]+|)", text)
    if found is None or not re.search("[0-9]", found[1]):
        return None
    suffix = found[2]
    if len(suffix) > 1 and suffix[0] in "eE" and suffix != "Ei":
        power = Fraction(10 ** abs(int(suffix[1:])))
        return Fraction(found[1]) / power if "-" in suffix else Fraction(found[1]) * power
    return Fraction(found[1]) * _FACTORS[suffix]


def _size(text: Any) -> int:
    found = re.fullmatch(r"([0-9.]+)\s*([KMGTkmgt]?)(i?)B?", str(text))
    if found is None:
        raise ValueError(f"{text!r} is no size")
    base = 1024 if found[3] else 1000
    return int(Fraction(found[1]) * base ** " KMGT".index(found[2].upper() or " "))


def _duration(text: Any) -> int:
    parts = re.findall(r"([0-9.]+)(ns|us|ms|s|m|h)", str(text))
    if not parts:
        raise ValueError(f"{text!r} is no duration")
    return int(sum(Fraction(number) * _UNITS[unit] for number, unit in parts))


def _millicores(text: Any) -> int:
    found = _quantity(str(text))
    if found is None:
        raise ValueError(f"{text!r} is no share of a CPU")
    return int(found * 1000)
