"""What a mesh cannot decide, as one tree.

Reportable
└── MeshFailure
    └── NobodyThere           a key is to be placed, and there is no cluster
"""

from __future__ import annotations

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = ["MeshFailure", "NobodyThere"]


class MeshFailure(Reportable):
    """What a mesh cannot decide."""


class NobodyThere(MeshFailure, LookupError):
    """A key is to be placed, and there is no cluster."""

    def __init__(self, key: str) -> None:
        """Name the key."""
        message, fix = f"no cluster is there to hold the key {key!r}", "Name at least one in :clusters."
        super().__init__(Diagnostic("no-cluster", Severity.ERROR, None, message, fix=fix))
        self.key = key
