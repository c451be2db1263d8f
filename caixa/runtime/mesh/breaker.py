"""Circuit breaking: who keeps failing is left alone for a while (`:circuit-breaker` of `:politicas`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Admission", "Breaker", "Phase"]


class Phase(StrEnum):
    """Whether calls go through: all, none, or one to see whether it is over."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Admission(NamedTuple):
    """The breaker after a call asked to go through, and whether it may."""

    breaker: Breaker
    is_admitted: bool


@dataclass(frozen=True, slots=True)
class Breaker:
    """Opens at `max_failures` failures within `window` seconds, and for so long.

    After that one call is let through: if it succeeds all are, and if it fails none for another window. A
    trial that nothing is heard of for a window is forgotten, and the next call is one.
    """

    max_failures: int
    window: float
    failures: tuple[float, ...] = ()
    opened: float | None = None
    tried: float | None = None  # when the trial began that nothing was heard of yet

    def phase(self, now: float) -> Phase:
        """Return what would become of a call at `now`."""
        if self.opened is None:
            return Phase.CLOSED
        return Phase.OPEN if now < self.opened + self.window else Phase.HALF_OPEN

    def admit(self, now: float) -> Admission:
        """Let a call through, or not."""
        match self.phase(now):
            case Phase.CLOSED:
                return Admission(self, is_admitted=True)
            case Phase.HALF_OPEN if self.tried is None or now >= self.tried + self.window:
                return Admission(replace(self, tried=now), is_admitted=True)
            case _:
                return Admission(self, is_admitted=False)

    def note(self, now: float, *, is_success: bool) -> Breaker:
        """Take in what became of a call that was admitted; of one from before it opened, nothing."""
        if self.opened is not None:
            return self if self.tried is None else self._after_trial(now, is_success=is_success)
        if is_success:
            return self
        recent = (*(then for then in self.failures if then > now - self.window), now)
        if len(recent) >= self.max_failures:
            return replace(self, failures=(), opened=now)
        return replace(self, failures=recent)

    def _after_trial(self, now: float, *, is_success: bool) -> Breaker:
        return replace(self, failures=(), opened=None if is_success else now, tried=None)
