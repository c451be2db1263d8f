"""`lock`: resolve the dependencies, keep what is locked already, and write lacre.lisp (caixa.md section 3)."""

from __future__ import annotations

from ..resolving import Choices, LockReport, relock
from ..workspace import Workspace

__all__ = ["lock"]


def lock(workspace: Workspace, subject: str | None = None, *, dry_run: bool = False) -> LockReport:
    """Bring the lock of a package up to date with its manifest. Raises as `relock` does."""
    return relock(workspace, subject, Choices(dry_run=dry_run))
