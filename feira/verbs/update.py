"""`update`: choose versions anew for the named packages, or for all, and write the lock."""

from __future__ import annotations

from collections.abc import Sequence

from ..resolving import EVERYTHING, Choices, LockReport, relock
from ..workspace import Workspace

__all__ = ["update"]


def update(
    workspace: Workspace,
    names: Sequence[str] = (),
    subject: str | None = None,
    *,
    dev: bool = False,
    dry_run: bool = False,
) -> LockReport:
    """Take the highest versions of `names`, by default of everything; the rest stays as locked if it can.

    Raises as `relock` does.
    """
    return relock(workspace, subject, Choices(dev=dev, dry_run=dry_run, update=tuple(names) or (EVERYTHING,)))
