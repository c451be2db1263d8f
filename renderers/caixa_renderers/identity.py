"""By what a cluster knows an object again: version, kind, namespace and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Identity", "identity_of"]


class Identity(NamedTuple):
    """By what a cluster knows an object again; Helm values and entries have no kind."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {place}" if self.kind else place or "values"


def identity_of(document: Mapping[str, Any]) -> Identity:
    """Return the identity of an object; what it does not say is empty."""
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    parts = (document.get("apiVersion"), document.get("kind"), metadata.get("namespace"), metadata.get("name"))
    return Identity(*(str(part) if part is not None else "" for part in parts))
