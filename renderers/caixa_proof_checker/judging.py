"""Each certificate against what it has to say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from . import admission, bounds, calls, fields, grants, places, signatures
from .case import Case, Malformed, Unjudged

__all__ = ["FORMAT", "Malformed", "judge"]

FORMAT = "caixa.proofs.v1"
Rows = list[dict[str, Any]]
# By the name of the proof: what its rows have to be. None means that there is nothing to look at.
_ROWS: Mapping[str, Callable[[Case], Rows | None]] = {
    "capabilities": grants.rows,
    "locality": places.rows,
    "types": signatures.rows,
    "limits": bounds.rows,
}
_OWN: Mapping[str, Callable[[Case, Mapping[str, Any]], str | None]] = {
    "cycle": calls.problem,
    "policies": admission.problem,
    "fields": fields.problem,
}


def judge(dossier: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Return for each certificate its name and what is wrong with it, None if it holds. Raises Malformed."""
    if not isinstance(dossier, Mapping) or dossier.get("format") != FORMAT:
        raise Malformed(f"its format is not {FORMAT}")
    case = Case.of(dossier.get("case"))
    proofs = dossier.get("proofs")
    if not isinstance(proofs, list) or not all(isinstance(each, Mapping) and "name" in each for each in proofs):
        raise Malformed("it lists no proofs")
    found = [(str(proof["name"]), _judged(case, proof)) for proof in proofs]
    missing = sorted({*_ROWS, *_OWN} - {name for name, _ in found})
    return found + [(name, "there is no such proof") for name in missing]


def _judged(case: Case, proof: Mapping[str, Any]) -> str | None:
    name = proof["name"]
    try:
        if name in _OWN:
            return _OWN[name](case, proof)
        if name in _ROWS:
            return _compared(_ROWS[name](case), proof)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return f"the certificate is not of its form ({type(error).__name__}: {error})"
    except Unjudged as error:
        return f"it cannot be judged: {error}"
    return "there is no such claim"


def _compared(expected: Rows | None, proof: Mapping[str, Any]) -> str | None:
    certificate = proof["certificate"]
    if expected is None or certificate is None:
        return absent(proof, has_rows=expected is not None)
    return rows_problem(expected, certificate["rows"]) or standing_problem(proof, expected)


def absent(proof: Mapping[str, Any], *, has_rows: bool) -> str | None:
    """Return what is wrong with a proof without a certificate, or with one where there is nothing to prove."""
    if proof["certificate"] is None and has_rows:
        return "it gives no certificate, and there is something to look at"
    if proof["certificate"] is not None:
        return "it gives a certificate, and there is nothing to look at"
    return None if proof["standing"] == "not checked" else f"it is {proof['standing']} without a certificate"


def rows_problem(expected: Rows, given: Rows) -> str | None:
    """Return the first row that is there and should not be, or should be and is not."""
    wanted, found = (Counter(map(_canonical, rows)) for rows in (expected, given))
    if extra := found - wanted:
        return f"this row is not so: {next(iter(extra))}"
    if missing := wanted - found:
        return f"this row is missing: {next(iter(missing))}"
    return None


def standing_problem(proof: Mapping[str, Any], rows: Rows) -> str | None:
    """Return what is wrong with how a proof says that its claim stands."""
    found = [row["holds"] for row in rows]
    expected = "refuted" if False in found else "not checked" if None in found or not found else "proved"
    stated = proof["standing"]
    return None if stated == expected else f"it says {stated}, and its rows say {expected}"


def _canonical(row: Any) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)
