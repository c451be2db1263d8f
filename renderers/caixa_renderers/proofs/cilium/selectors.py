"""Label selectors as Cilium reads them: sources before keys, and a namespace added where none is named.

A key may begin with the source of the label (`k8s:`, `any:`, `reserved:`). A policy that lies in a namespace
selects there, and so does each of its peers that names no namespace itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidPolicy
from .traffic import NAMESPACE, Endpoint

__all__ = ["Requirement", "Selector", "read_selector"]

_NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels."
_OPERATORS = frozenset({"In", "NotIn", "Exists", "DoesNotExist"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one label has to be."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a set of labels fulfils it; one that is absent fulfils `NotIn`, as Kubernetes has it."""
        found = labels.get(self.key)
        match self.operator:
            case "In":
                return found in self.values
            case "NotIn":
                return found not in self.values
            case "Exists":
                return found is not None
            case _:
                return found is None


@dataclass(frozen=True, slots=True)
class Selector:
    """Every requirement has to hold."""

    requirements: tuple[Requirement, ...]

    def matches(self, endpoint: Endpoint) -> bool:
        """Whether it selects an endpoint."""
        return all(each.holds(endpoint.labels) for each in self.requirements)

    @property
    def names_reserved(self) -> bool:
        """Whether it asks for one of the reserved identities, which are no pods."""
        return any(each.key.startswith("reserved:") for each in self.requirements)

    @property
    def names_namespace(self) -> bool:
        """Whether it says itself in which namespaces it selects."""
        return any(
            each.key == NAMESPACE or each.key.startswith(_NAMESPACE_LABELS) for each in self.requirements
        )

    def within(self, namespace: str) -> Selector:
        """Return the selector with the namespace required."""
        here = Requirement(NAMESPACE, "In", frozenset({namespace}))
        rest = tuple(each for each in self.requirements if each.key != NAMESPACE)
        return Selector((here, *rest))


def read_selector(data: Any, policy: str) -> Selector:
    """Return the selector that `data` writes. Raises InvalidPolicy."""
    if not isinstance(data, Mapping) or set(data) - {"matchLabels", "matchExpressions"}:
        raise InvalidPolicy(policy, f"{data!r} is no label selector")
    equal = (
        Requirement(_key(key), "In", frozenset({str(value)}))
        for key, value in (data.get("matchLabels") or {}).items()
    )
    said = (_expression(each, policy) for each in data.get("matchExpressions") or ())
    return Selector((*equal, *said))


def _expression(data: Mapping[str, Any], policy: str) -> Requirement:
    operator, values = data.get("operator"), frozenset(map(str, data.get("values") or ()))
    if operator not in _OPERATORS or ("values" in data) != (operator in ("In", "NotIn")):
        raise InvalidPolicy(policy, f"{dict(data)!r} is no requirement on a label")
    return Requirement(_key(data["key"]), operator, values)


def _key(key: str) -> str:
    """Return the key without a source that says no more than that Kubernetes set the label."""
    source, colon, name = key.partition(":")
    return name if colon and source in ("k8s", "any") else key
