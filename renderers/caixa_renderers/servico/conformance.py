"""Values against a declared schema, each departure with its path: the few words of JSON Schema that we write.

Charts carry the same schemas, so what Helm would refuse is a finding before there is a chart.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

__all__ = ["Departure", "departures"]

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


class Departure(NamedTuple):
    """What is wrong at a path such as `spec.trigger.service.port`, and what would be right."""

    path: str
    message: str
    fix: str


def departures(value: object, schema: Mapping[str, Any], path: str) -> Iterator[Departure]:
    """Yield where `value`, which stands at `path`, departs from `schema`."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield Departure(path, f"{_shown(value)} is no {' or '.join(kinds)}", _advice(schema, kinds))
        return
    if isinstance(value, dict):
        yield from _of_mapping(value, schema, path)
    elif isinstance(value, list):
        items = schema.get("items", {})
        yield from (found for i, item in enumerate(value) for found in departures(item, items, f"{path}[{i}]"))
    else:
        yield from _of_scalar(value, schema, path)
    yield from _of_choices(value, schema, path)


def _of_mapping(value: Mapping[Any, Any], schema: Mapping[str, Any], path: str) -> Iterator[Departure]:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield Departure(path, f"`{name}` is missing", f"add `{name}`")
    for name, part in value.items():
        inner = f"{path}.{name}"
        if name in properties:
            yield from departures(part, properties[name], inner)
        elif rest is False:
            yield Departure(inner, "there is no such field", _nearest(str(name), properties))
        elif isinstance(rest, dict):
            yield from departures(part, rest, inner)


def _of_scalar(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[Departure]:
    allowed = schema.get("enum")
    if allowed is not None and value not in allowed:
        yield Departure(path, f"{_shown(value)} is none of {', '.join(allowed)}", _nearest(str(value), allowed))
    pattern = schema.get("pattern")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield Departure(path, "it is empty", "say something, or leave the field out")
        elif pattern and not re.search(pattern, value):
            yield Departure(path, f"{_shown(value)} is not of the form {pattern}", "write it in that form")
    elif type(value) in (int, float):
        low, high = schema.get("minimum"), schema.get("maximum")
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = f"from {low} to {high}" if high is not None else f"{low} or more"
            yield Departure(path, f"{value} is out of bounds", f"write a number {bounds}")


def _of_choices(value: object, schema: Mapping[str, Any], path: str) -> Iterator[Departure]:
    for word, wanted in (("anyOf", None), ("oneOf", 1)):
        branches = schema.get(word)
        if branches is None:
            continue
        fitting = sum(_fits(value, branch, path) for branch in branches)
        if (fitting != wanted) if wanted else not fitting:
            yield Departure(path, "its fields do not go together", _combinations(branches))


def _fits(value: object, branch: Mapping[str, Any], path: str) -> bool:
    unwanted = branch.get("not")
    if unwanted is not None and any(_fits(value, each, path) for each in unwanted["anyOf"]):
        return False
    return next(departures(value, {"type": "object", **branch}, path), None) is None


def _combinations(branches: Sequence[Mapping[str, Any]]) -> str:
    return "write " + ", or ".join(" with ".join(f"`{name}`" for name in each["required"]) for each in branches)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _advice(schema: Mapping[str, Any], kinds: Sequence[str]) -> str:
    named = sorted(schema.get("properties", ()))
    return f"write a mapping of {', '.join(named)}" if named else f"write a {' or a '.join(kinds)}"


def _nearest(word: str, names: Mapping[str, Any] | Sequence[str]) -> str:
    near = difflib.get_close_matches(word, list(names), 1)
    return f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(names)}"


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
