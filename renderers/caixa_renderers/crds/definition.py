"""A kind of ours as a value, and the CustomResourceDefinition that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from .structural import TEXT, TIME, count, listed, object_of

__all__ = ["AGE", "CONDITIONS", "READY", "Column", "Definition"]


class Column(NamedTuple):
    """A column that `kubectl get` prints: its name, its type and where its value is."""

    name: str
    type: str
    path: str


AGE: Final = Column("Age", "date", ".metadata.creationTimestamp")
READY: Final = Column("Ready", "string", '.status.conditions[?(@.type=="Ready")].status')

_CONDITION: Final = object_of(
    {
        "type": TEXT | {"description": "What is told, such as Ready.", "maxLength": 316},
        "status": TEXT | {"enum": ["True", "False", "Unknown"]},
        "reason": TEXT | {"description": "One word for a program.", "maxLength": 1024},
        "message": TEXT | {"description": "A sentence for a person.", "maxLength": 32768},
        "lastTransitionTime": TIME | {"description": "When `status` changed last."},
        "observedGeneration": count(bits=64),
    },
    ("type", "status", "reason", "message", "lastTransitionTime"),
)
# As `metav1.Condition` has them: the key is `type`, so that `kubectl wait --for=condition=Ready` works.
CONDITIONS: Final = {
    "observedGeneration": count(bits=64),
    "conditions": listed(_CONDITION, "type", description="What holds of it, one of each type."),
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A kind: its names, the schemas of its spec and its status, and its columns.

    `rules` are CEL rules on the whole object, which may look at its name.
    """

    group: str
    kind: str
    plural: str
    short: str
    doc: str
    spec: dict[str, Any]
    status: dict[str, Any]
    columns: tuple[Column, ...]
    rules: tuple[dict[str, str], ...] = field(default=())
    version: str = "v1alpha1"

    def to_object(self) -> dict[str, Any]:
        """Return the CustomResourceDefinition."""
        names = {"kind": self.kind, "listKind": f"{self.kind}List", "plural": self.plural}
        names_too = {"singular": self.kind.lower(), "shortNames": [self.short], "categories": ["caixa"]}
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{self.plural}.{self.group}"},
            "spec": {
                "group": self.group,
                "names": names | names_too,
                "scope": "Namespaced",
                "versions": [self._version()],
            },
        }

    def _version(self) -> dict[str, Any]:
        return {
            "name": self.version,
            "served": True,
            "storage": True,
            "subresources": {"status": {}},
            "additionalPrinterColumns": [
                {"name": name, "type": kind, "jsonPath": path} for name, kind, path in self.columns
            ],
            "schema": {"openAPIV3Schema": self._schema()},
        }

    def _schema(self) -> dict[str, Any]:
        properties = {
            "apiVersion": TEXT,
            "kind": TEXT,
            "metadata": {"type": "object"},
            "spec": self.spec,
            "status": self.status,
        }
        rules = {"x-kubernetes-validations": list(self.rules)} if self.rules else {}
        return object_of(properties, ("spec",), self.doc) | rules
