"""A proof: what is claimed, how it stands, and the certificate that another program checks.

A certificate is plain JSON: rows, each with `holds`, which is true, false, or null for what could not be
looked at. How the claim stands follows from the rows alone: refuted if one is false, else not checked if one is
null or there is none, else proved. Nothing is proved by default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caixa.session.verdicts import Standing

__all__ = ["MOST_SHOWN", "Proof", "Row", "Standing", "not_checked", "shown", "standing_of"]

Row = Mapping[str, Any]
MOST_SHOWN = 12  # lines of evidence; the certificate holds them all


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim about a package, with what makes it so.

    `because` is one sentence, `evidence` the lines that a reader wants to see next. `certificate` is complete.
    """

    name: str
    claim: str
    standing: Standing
    because: str
    evidence: tuple[str, ...] = ()
    certificate: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the proof as plain data."""
        return {
            "name": self.name,
            "claim": self.claim,
            "standing": self.standing.value,
            "because": self.because,
            "evidence": list(self.evidence),
            "certificate": self.certificate,
        }


def standing_of(rows: Iterable[Row]) -> Standing:
    """Return how a claim stands that holds if every row does."""
    found = [row["holds"] for row in rows]
    if False in found:
        return Standing.REFUTED
    return Standing.UNCHECKED if None in found or not found else Standing.PROVED


def not_checked(name: str, claim: str, because: str) -> Proof:
    """Return a claim of which nothing was looked at."""
    return Proof(name, claim, Standing.UNCHECKED, because)


def shown(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the first lines, and how many more there are."""
    if len(lines) <= MOST_SHOWN:
        return tuple(lines)
    return (*lines[:MOST_SHOWN], f"and {len(lines) - MOST_SHOWN} more")
