"""Proof `fields`: every leaf of the manifest once, and each where the certificate says that it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .case import Case

__all__ = ["problem"]


def problem(case: Case, proof: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the list of fields, or with a place or a finding that it names."""
    certificate = proof["certificate"]
    if case.unrendered is not None or certificate is None:
        nothing = case.unrendered is not None and certificate is None and proof["standing"] == "not checked"
        return None if nothing else "what is rendered has fields, and nothing else has"
    rows = certificate["rows"]
    if [(row["field"], row["value"]) for row in rows] != list(_leaves(case.manifest, "")):
        return "its fields are not those of the manifest, each once and in order"
    for row in rows:
        wrong = _row(case, row)
        if wrong is not None:
            return f"{row['field']}: {wrong}"
    found = [row["holds"] for row in rows]
    expected = "refuted" if False in found else "not checked" if None in found or not found else "proved"
    return (
        None if proof["standing"] == expected else f"it says {proof['standing']}, and its rows say {expected}"
    )


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if pointer or key != "kind":  # what it is decides what it is rendered to at all
                yield from _leaves(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{pointer}/{at}")
    else:
        yield pointer, value


def _row(case: Case, row: Mapping[str, Any]) -> str | None:
    kinds = {"reaches", "lost"} & set(row)
    if not kinds:
        return (
            None
            if row["holds"] in (False, None) and set(row) == {"field", "value", "holds"}
            else "it has no place"
        )
    if row["holds"] is not True or len(kinds) > 1:
        return "it has a place, and does not hold"
    if "lost" in kinds:
        return _lost(case, row)
    if not row["reaches"]:
        return "it reaches no place"
    return next((wrong for place in row["reaches"] if (wrong := _place(case, place)) is not None), None)


def _lost(case: Case, row: Mapping[str, Any]) -> str | None:
    finding = case.findings[row["lost"]]
    if isinstance(row["lost"], bool) or row["lost"] < 0 or finding["message"] != row["because"]:
        return "the finding that it names says something else"
    return None if finding["code"] in ("not-enforced", "not-rendered") else "the finding is not about a loss"


def _place(case: Case, place: Mapping[str, Any]) -> str | None:
    if set(place) != {"object", "at", "value"} or place["object"] not in case.rendered:
        return f"there is no {place.get('object')}"
    found = case.rendered[place["object"]]
    for step in place["at"].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]
    if place["at"] == "":
        return None if place["value"] is None else "a whole object has no value here"
    same = type(found) is type(place["value"]) and found == place["value"]
    return None if same else f"{place['object']}{place['at']} is something else"
