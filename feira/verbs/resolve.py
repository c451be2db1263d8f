"""`resolve`: lock with every choice there is: development dependencies, the host, offline, what to update."""

from __future__ import annotations

from ..resolving import Choices, LockReport, relock
from ..workspace import Workspace

__all__ = ["resolve"]


def resolve(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    *,
    dev: bool = False,
    dry_run: bool = False,
    default_host: str | None = None,
    offline: bool = False,
    update: str | None = None,
) -> LockReport:
    """Resolve the dependencies of a package and write its lock; `update` is a name, or `*` for all.

    Raises as `relock` does.
    """
    chosen = () if update is None else (update,)
    return relock(workspace, subject, Choices(dev, dry_run, default_host, offline, chosen))
