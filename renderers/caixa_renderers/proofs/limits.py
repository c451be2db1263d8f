"""Proof 7: the limits of the manifest and the resources of what runs it agree (caixa.md section 4.8, G25).

For each member with limits or resources: its unit carries the limits that its manifest types; what it requests
is no more than what it may use; and the pod may use at least the memory and the CPU that one instance may, else
Kubernetes ends it before its own limit is told. Resources that a unit does not set are those of the chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from caixa.manifest.errors import InvalidManifest
from caixa.manifest.json import record_from_json
from caixa.manifest.model import Limits
from caixa.manifest.slots import LIMITS

from .model import Proof, Row, not_checked, shown, standing_of
from .quantities import quantity

if TYPE_CHECKING:
    from .case import Case

__all__ = ["CLAIM", "DEFAULTS", "NAME", "prove"]

NAME = "limits"
CLAIM = "limits and resources agree"
# What the library chart sets where a unit sets nothing (substrate.md section 1.6).
DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "requests": {"cpu": "50m", "memory": "64Mi"},
        "limits": {"cpu": "500m", "memory": "256Mi"},
    }
)
_FIELDS = {"memory": "memory", "fuel": "fuel", "wallClock": "wall_clock", "cpu": "cpu"}


def prove(case: Case) -> Proof:
    """Compare manifest, unit and resources of every member."""
    if not case.members:
        return not_checked(NAME, CLAIM, f"{case.caixa.kind.indefinite} runs nothing")
    rows = [row for member in case.members for row in _rows(case, member)]
    lines = [_line(row) for row in rows if row["holds"] is not True]
    if not rows:
        return not_checked(NAME, CLAIM, "no :limits are declared, and no resources")
    return Proof(NAME, CLAIM, standing_of(rows), _because(rows, lines), shown(lines), {"rows": rows})


def _rows(case: Case, member: str) -> Iterator[Row]:
    package, unit = case.packages.get(member), case.units.get(member)
    if package is None or unit is None:
        yield {"member": member, "holds": None}
        return
    spec = unit.get("spec")
    spec = spec if isinstance(spec, Mapping) else {}
    declared = package.caixa.limits
    if declared is not None:
        yield from _carried(member, declared, spec.get("limits"))
    if declared is not None or spec.get("resources"):
        yield from _resources(member, declared or Limits(), spec.get("resources"))


def _carried(member: str, declared: Limits, carried: Any) -> Iterator[Row]:
    try:
        read = record_from_json(LIMITS, carried) if isinstance(carried, Mapping) else Limits()
    except InvalidManifest:
        read = None
    for key, field in _FIELDS.items():
        wanted, found = getattr(declared, field), read and getattr(read, field)
        if wanted is not None:
            yield {
                "member": member,
                "limit": key,
                "declared": wanted,
                "carried": found,
                "holds": wanted == found,
            }


def _resources(member: str, declared: Limits, resources: Any) -> Iterator[Row]:
    given = resources if isinstance(resources, Mapping) else {}
    least = {
        "memory": Fraction(declared.memory) if declared.memory is not None else None,
        "cpu": Fraction(declared.cpu, 1000) if declared.cpu is not None else None,
    }
    for name in ("cpu", "memory"):
        request, most = _stated(given, "requests", name), _stated(given, "limits", name)
        yield {"member": member, "resource": name, "requested": request, "most": most, **_within(request, most)}
        if least[name] is not None:
            bound = _plain(least[name])
            yield {"member": member, "resource": name, "instance": bound, "most": most, **_within(bound, most)}


def _stated(given: Mapping[str, Any], which: str, name: str) -> str | None:
    """Return what a unit says, or the chart; a unit that says some of it says all of it."""
    said = given.get(which)
    if given:
        found = said.get(name) if isinstance(said, Mapping) else None
        return None if found is None else str(found)
    return DEFAULTS[which][name]


def _within(less: str | None, more: str | None) -> dict[str, bool | None]:
    """Return that one quantity is no more than another; what is not set bounds nothing."""
    if less is None or more is None:
        return {"holds": True}
    first, second = quantity(less), quantity(more)
    return {"holds": None if first is None or second is None else first <= second}


def _plain(number: Fraction | None) -> str:
    assert number is not None
    return str(number.numerator) if number.denominator == 1 else f"{number * 1000}m"


def _line(row: Row) -> str:
    member = row["member"]
    if "limit" in row:
        return f"{member}: {row['limit']} is {row['declared']} in the manifest, {row['carried']} in its unit"
    if "resource" not in row:
        return f"{member}: not checked, because no unit of it is here"
    name, most = row["resource"], row["most"]
    if row["holds"] is None:
        return f"{member}: not checked, because its {name} is no quantity"
    if "instance" in row:
        return f"{member}: one instance may use {name} {row['instance']}, and its pod only {most}"
    return f"{member}: it requests {name} {row['requested']}, and may use only {most}"


def _because(rows: Sequence[Row], lines: Sequence[str]) -> str:
    if lines:
        refuted = [_line(row) for row in rows if row["holds"] is False]
        return (refuted or list(lines))[0]
    members = len({row["member"] for row in rows})
    return f"{len(rows)} comparisons hold, of {members} member{'s' * (members != 1)}"
