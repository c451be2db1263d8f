"""Manifests, their records and their codecs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caixa.lisp.source import Source

from .registry import APRIL, Outcome, caixa_of, failure, operation


@operation("parse_manifest")
def _parse_manifest(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.decode import read_manifest
    from caixa.manifest.json import to_json

    reading = read_manifest(Source("case", given["src"]), profile=APRIL)
    if reading.caixa is not None and not reading.problems:
        return {"json": to_json(reading.caixa, APRIL)}
    found = reading.problems[0]
    outcome = failure(found)
    if found.code == "reader":
        return outcome | {"pos": len(given["src"].encode()) if outcome["error"] == "Eof" else outcome["pos"]}
    if found.code == "value-missing" and found.data["form"] == "defcaixa":
        return outcome | {"error": "OddKwargs"}
    return outcome | {"error": "Compile", "form": found.data["form"]}


@operation("to_lisp")
def _to_lisp(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.canonical import to_lisp

    caixa = caixa_of(given["src"])
    text = to_lisp(caixa, APRIL)
    return {"text": text, "reparse_equal": caixa_of(text) == caixa}


def _record(record_name: str, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    from caixa.manifest import slots
    from caixa.manifest.json import record_from_json

    record = getattr(slots, record_name)
    value = record_from_json(record, given["value"], APRIL)
    return value, record.to_json(value, APRIL)


@operation("limits_from_json")
def _limits_from_json(given: Mapping[str, Any]) -> Outcome:
    limits, canonical = _record("LIMITS", given)
    raw = [part for part in (limits.memory, limits.fuel, limits.wall_clock, limits.cpu) if part is not None]
    return {"canonical": canonical, "raw": raw[0] if len(raw) == 1 else raw, "is_empty": limits.is_empty}


@operation("politicas_from_json")
def _politicas_from_json(given: Mapping[str, Any]) -> Outcome:
    return {"canonical": _record("POLITICAS", given)[1]}


@operation("behavior_from_json")
def _behavior_from_json(given: Mapping[str, Any]) -> Outcome:
    behavior, canonical = _record("BEHAVIOR", given)
    return {"canonical": canonical, "declared": [path for _, path in behavior.declared]}


@operation("upgrade_validate")
def _upgrade_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.ground import Ground
    from caixa.manifest.upgrade import check_upgrade

    entry, canonical = _record("UPGRADE_FROM", given)
    for found in check_upgrade(entry, (), Ground()):
        return failure(found)
    return {"canonical": canonical}


@operation("render_bytes")
def _render_bytes(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.codecs import print_bytes

    return {"text": print_bytes(given["n"])}


@operation("render_duration")
def _render_duration(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.codecs import print_duration

    return {"text": print_duration(given["ms"] * 10**6, APRIL)}


@operation("requirement")
def _requirement(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.version import Requirement, Version

    requirement = Requirement.parse(given["req"])
    return {"admits": lambda text: requirement.matches(Version.parse(text))}


@operation("version_parse")
def _version_parse(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.version import Version

    return {"text": str(Version.parse(given["text"]))}
