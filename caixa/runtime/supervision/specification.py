"""What a supervisor is told: its flags, and what its children are. Checked before anything starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

from caixa.manifest.model import Estrategia, RestartKind

from .errors import (
    BadCombination,
    BadFlag,
    BadSpecification,
    DuplicateChild,
    NotOneTemplate,
)

__all__ = ["BRUTAL_KILL", "AutoShutdown", "ChildKind", "ChildSpec", "Flags", "check", "check_child"]

BRUTAL_KILL: Final = 0.0  # seconds: the child is killed without being asked
PATIENCE: Final = 5.0  # seconds that a worker has to end in


class AutoShutdown(StrEnum):
    """Whether a supervisor ends by itself when significant children have ended."""

    NEVER = "never"
    ANY_SIGNIFICANT = "any-significant"
    ALL_SIGNIFICANT = "all-significant"


class ChildKind(StrEnum):
    """What a child is: a supervisor has no limit on the time it takes to end its own children."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One child.

    `shutdown` is how many seconds it has to end after it was asked to: BRUTAL_KILL asks nothing, and None waits
    for ever. `arguments` are what it is started with. A `significant` child can end its supervisor by ending.
    """

    name: str
    restart: RestartKind = RestartKind.PERMANENT
    shutdown: float | None = PATIENCE
    kind: ChildKind = ChildKind.WORKER
    significant: bool = False
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """How a supervisor acts.

    More than `max_restarts` restarts within `window` seconds make it give up; a window of None never ends, so
    that every restart counts for ever.
    """

    estrategia: Estrategia = Estrategia.ONE_FOR_ONE
    max_restarts: int = 5
    window: float | None = 60.0
    auto_shutdown: AutoShutdown = AutoShutdown.NEVER

    @property
    def is_simple(self) -> bool:
        """Whether all children are of one specification, started on demand."""
        return self.estrategia is Estrategia.SIMPLE_ONE_FOR_ONE


def check(flags: Flags, specs: Iterable[ChildSpec]) -> tuple[ChildSpec, ...]:
    """Return the specifications, if a supervisor can work with them. Raises FaultySupervisor, saying why."""
    _check_flags(flags)
    checked = tuple(specs)
    if flags.is_simple and len(checked) != 1:
        raise NotOneTemplate(len(checked))
    names: set[str] = set()
    for spec in checked:
        check_child(flags, spec)
        if spec.name in names:
            raise DuplicateChild(spec.name)
        names.add(spec.name)
    return checked


def _check_flags(flags: Flags) -> None:
    if flags.max_restarts < 0:
        raise BadFlag("max-restarts", flags.max_restarts, "a number of 0 or more")
    if flags.window is not None and not (isfinite(flags.window) and flags.window > 0):
        raise BadFlag("restart-window", flags.window, "a time longer than zero")


def check_child(flags: Flags, spec: ChildSpec) -> None:
    """Refuse a specification that does not stand by itself, or not under `flags`. Raises BadSpecification."""
    if not spec.name:
        raise BadSpecification(spec.name, "it has no name", "Give it one that no sibling has.")
    if spec.shutdown is not None and not (isfinite(spec.shutdown) and spec.shutdown >= 0):
        raise BadSpecification(
            spec.name, f"it cannot have {spec.shutdown} seconds to end in", "Give 0 or more, or None."
        )
    if not spec.significant:
        return
    if flags.auto_shutdown is AutoShutdown.NEVER:
        raise BadCombination(spec.name, "its supervisor never ends by itself")
    if spec.restart is RestartKind.PERMANENT:
        raise BadCombination(spec.name, "it is permanent, so it is restarted whenever it ends")
