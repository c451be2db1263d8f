"""Schemas as a CustomResourceDefinition takes them: structural, and with the lists told apart.

Kubernetes closes an object by pruning, so `additionalProperties: false` goes without saying and would be
refused beside `properties`; of several types it knows only "integer or string"; what is open has its own word.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["TEXT", "TIME", "count", "listed", "object_of", "structural"]

TEXT: Final[dict[str, Any]] = {"type": "string"}
TIME: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}

_OPEN: Final = {"x-kubernetes-preserve-unknown-fields": True}
_INT_OR_STRING: Final = ({"integer", "string"}, {"number", "string"})
_NESTED: Final = ("oneOf", "anyOf", "allOf")


def structural(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON Schema of draft-07 as a structural one of the same meaning.

    A pattern beside "integer or string" is dropped, since there it would hold for the string alone.
    """
    rest = {key: value for key, value in schema.items() if key not in ("type", "additionalProperties")}
    for key in _NESTED:
        if key in rest:
            rest[key] = [structural(part) for part in rest[key]]
    if "properties" in rest:
        rest["properties"] = {name: structural(part) for name, part in rest["properties"].items()}
    if "items" in rest:
        rest["items"] = structural(rest["items"])
    return rest | _type(schema) if "type" in schema else rest


def _type(schema: dict[str, Any]) -> dict[str, Any]:
    kind, other = schema["type"], schema.get("additionalProperties")
    if isinstance(kind, list):
        return {"x-kubernetes-int-or-string": True} if set(kind) in _INT_OR_STRING else dict(_OPEN)
    if kind == "object" and other is True:
        return {"type": "object", **_OPEN}
    return {"type": kind} | ({"additionalProperties": structural(other)} if isinstance(other, dict) else {})


def object_of(
    properties: dict[str, Any], required: tuple[str, ...] = (), description: str = ""
) -> dict[str, Any]:
    """Return the schema of an object."""
    head = {"description": description} if description else {}
    needed = {"required": list(required)} if required else {}
    return {**head, "type": "object", **needed, "properties": properties}


def listed(items: dict[str, Any], *keys: str, **more: Any) -> dict[str, Any]:
    """Return the schema of a list; with `keys`, of one in which no two items have the same of these."""
    kind: dict[str, Any] = {"x-kubernetes-list-type": "atomic"}
    if keys:
        kind = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(keys)}
    return {"type": "array", "items": items} | kind | more


def count(*, bits: int = 32) -> dict[str, Any]:
    """Return the schema of a number of things."""
    return {"type": "integer", "format": f"int{bits}", "minimum": 0}
