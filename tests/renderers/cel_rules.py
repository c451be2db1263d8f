"""The CEL rules of a schema (`x-kubernetes-validations`), evaluated as an API server does on creation.

The library is cel-python. What Kubernetes adds to CEL is here: reserved words in field names, and `split`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import celpy
from celpy import celtypes

__all__ = ["UNCHECKED", "applied_rules", "as_cel_sees", "broken_rules", "holds", "is_checked", "rules_of"]

# Every rule that is not evaluated, with the reason: the one list of them.
UNCHECKED = {
    "self == oldSelf": "compares with the object before the change, and a created object has none",
}

_RESERVED = re.compile(
    "true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return"
    "|var|void|while"
)
_ENVIRONMENT = celpy.Environment()  # its compiled runner has other answers for absent fields


def is_checked(rule: str) -> bool:
    """Return whether a rule is evaluated: whether it looks at the new object only."""
    return re.search(r"\boldSelf\b", rule) is None


def broken_rules(schema: Any, value: Any, path: str = "$") -> Iterator[str]:
    """Yield the message of each rule that `value`, which the schema's types accept, breaks."""
    for validation, inner, where in applied_rules(schema, value, path):
        yield from _judged(validation, inner, where)


def applied_rules(schema: Any, value: Any, path: str = "$") -> Iterator[tuple[dict[str, Any], Any, str]]:
    """Yield each rule that is evaluated, with the part of `value` that it is about and where that is."""
    if isinstance(schema, dict):
        for each in schema.get("x-kubernetes-validations", ()):
            if is_checked(each["rule"]):
                yield each, value, path
        for part, inner, step in _parts(schema, value):
            yield from applied_rules(part, inner, path + step)


def rules_of(schema: Any) -> Iterator[str]:
    """Yield every rule in a schema."""
    if isinstance(schema, dict):
        rules = schema.get("x-kubernetes-validations", ())
        yield from (each["rule"] for each in rules if isinstance(each, dict) and "rule" in each)
        for part in schema.values():
            yield from rules_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from rules_of(part)


def _parts(schema: dict[str, Any], value: Any) -> Iterator[tuple[Any, Any, str]]:
    if isinstance(value, dict):
        named, other = schema.get("properties", {}), schema.get("additionalProperties")
        for key, inner in value.items():
            yield named.get(key, other), inner, f".{key}"
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield schema.get("items"), inner, f"[{index}]"


def _judged(validation: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    rule = validation["rule"]
    try:
        is_kept = holds(rule, value)
    except celpy.CELEvalError as error:
        yield f"{path}: {rule!r} cannot be evaluated: {error.args[0]}"
    else:
        if not is_kept:
            yield f"{path}: {validation.get('message') or 'failed rule: ' + rule}"


def holds(rule: str, value: Any) -> bool:
    """Return whether `value` keeps a rule. Raises CELEvalError where CEL has no answer."""
    return _holds(rule, json.dumps(value, sort_keys=True))


@cache
def _holds(rule: str, data: str) -> bool:
    """Evaluate a rule; the same small values come again and again, and a rule takes milliseconds."""
    return bool(_program(rule).evaluate({"self": celpy.json_to_cel(as_cel_sees(json.loads(data)))}))


@cache
def _program(rule: str) -> celpy.Runner:
    return _ENVIRONMENT.program(_ENVIRONMENT.compile(rule), functions={"split": _split})


def _split(text: celtypes.StringType, separator: celtypes.StringType) -> celtypes.ListType:
    return celtypes.ListType([celtypes.StringType(part) for part in str(text).split(str(separator))])


def as_cel_sees(value: Any) -> Any:
    """Return `value` with those keys escaped that are words of CEL, as rules spell them."""
    if isinstance(value, list):
        return [as_cel_sees(item) for item in value]
    if isinstance(value, dict):
        return {
            f"__{key}__" if _RESERVED.fullmatch(key) else key: as_cel_sees(item) for key, item in value.items()
        }
    return value
