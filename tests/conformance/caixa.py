"""The caixa half of the vector runner: spec/caixa.md section 9 against the product's public functions.

Every vector speaks of the older system; where DESIGN decides otherwise, the new value stands in
`decided-caixa.json`: by id, or as a quirk, by what it replaces in the expectations of an operation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from caixa.lisp.diagnostics import Reportable

from .caixa_operations import OPERATIONS, Outcome, failure

__all__ = ["check"]

_DECIDED = Path(__file__).with_name("decided-caixa.json")


def check(case: dict[str, Any]) -> tuple[bool, str, str]:
    """Return whether the case passes, what was expected and what was got, both as JSON text."""
    case = _as_decided(case)
    try:
        outcome = _run(case["input"])
    except Exception as crash:  # a case must never stop the run
        outcome = {"crash": f"{type(crash).__name__}: {crash}"}
    passed = "crash" not in outcome and _agrees(case["expect"], outcome)
    relevant = {
        key: outcome[key] for key in outcome if key in case["expect"] or key in ("ok", "error", "crash")
    }
    return passed, _shown(case["expect"]), _shown(relevant or outcome)


def _run(given: Mapping[str, Any]) -> Outcome:
    operation = OPERATIONS.get(given["op"])
    if operation is None:
        return {"crash": f"no operation is called {given['op']}"}
    try:
        return {"ok": True, **operation(given)}
    except Reportable as error:
        return failure(error.diagnostics[0])


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


# -- comparing -------------------------------------------------------------------------------------------


def _agrees(expect: Mapping[str, Any], got: Outcome) -> bool:
    if "recommended" in expect:  # what the vector itself proposes in place of the older behaviour
        return _agrees(expect["recommended"], got)
    if "error" not in expect and expect.get("ok", True) and not got.get("ok"):
        return False
    return all(_holds(key, value, got) for key, value in expect.items() if key != "note")


def _holds(key: str, value: Any, got: Outcome) -> bool:
    match key:
        case "json":
            return _without_empty(value) == _without_empty(got.get("json"))
        case "json_subset" | "subset":
            return _includes(got.get("json"), value)
        case "equal":
            return "json" in got and got["json"] == value
        case "absent":
            return all(_at(got.get("json"), path) is None for path in value)
        case "contains":
            return all(part in got.get("text", "") for part in value)
        case "matches":
            return all(got["admits"](version) is expected for version, expected in value.items())
        case "diagnostics":
            found = got.get("diagnostics", [])
            return len(found) == len(value) and all(map(_includes, found, value))
    if key in got:
        return bool(got[key] == value)
    return "json" in got and _at(got["json"], key) == value


def _without_empty(data: Any) -> Any:
    """Drop the lists that canonical JSON always has, and the vectors leave out."""
    return {key: value for key, value in data.items() if value != []} if isinstance(data, dict) else data


def _includes(whole: Any, part: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _includes(whole[key], value) for key, value in part.items())
    return bool(whole == part)


def _at(data: Any, path: str) -> Any:
    """Return what stands at a dotted path, with `[n]` for items; None if nothing does."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


# -- decided changes -------------------------------------------------------------------------------------


@cache
def _decided() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_DECIDED.read_text(encoding="utf-8"))
    return data


def _as_decided(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with the expectation that a decision puts in place of the older one."""
    decided = _decided()["ids"].get(case["id"])
    if decided is not None:
        return {**case, "expect": decided["expect"]}
    expect = case["expect"]
    for quirk in _decided()["quirks"]:
        if quirk["op"] == case["input"]["op"] and quirk.get("when", "") in case["input"].get("src", ""):
            expect = _replaced(expect, quirk["from"], quirk["to"])
    return {**case, "expect": expect}


def _replaced(data: Any, old: Any, new: Any) -> Any:
    """Return `data` with every part that has all of `old` having `new` instead."""
    if isinstance(data, list):
        return [_replaced(item, old, new) for item in data]
    if not isinstance(data, dict):
        return data
    changed = {key: _replaced(value, old, new) for key, value in data.items()}
    if isinstance(old, dict) and _includes(changed, old):
        return {key: value for key, value in changed.items() if key not in old} | new
    return changed
