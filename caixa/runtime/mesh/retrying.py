"""Retries that do not make a bad hour worse: so many for a call, and so many for all calls together.

A budget for all keeps retries a share of the calls, however many fail. Source: Google, Site Reliability
Engineering, chapter 21 (retry budgets); AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

__all__ = ["RetryBudget", "Spending", "backoff"]

SHARE = 0.2  # retries per call
ALWAYS = 10.0  # retries in a window that are allowed however few calls there are
WINDOW = 10.0  # seconds over which a call's share fades
_ROUNDING = 1e-9  # ten times a fifth is a little less than two


class Spending(NamedTuple):
    """The budget after a retry asked for its share, and whether it got it."""

    budget: RetryBudget
    is_granted: bool


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """What retries may be spent; each call adds `share`, and what is there fades over `window` seconds."""

    share: float = SHARE
    always: float = ALWAYS
    window: float = WINDOW
    balance: float = 0.0  # may go down to -always
    moment: float = 0.0

    def call(self, now: float) -> RetryBudget:
        """Note a call that is no retry."""
        faded = self._faded(now)
        return replace(faded, balance=faded.balance + self.share)

    def spend(self, now: float) -> Spending:
        """Spend a retry, if there is one."""
        faded = self._faded(now)
        if faded.balance - 1 < -self.always - _ROUNDING:
            return Spending(faded, is_granted=False)
        return Spending(replace(faded, balance=faded.balance - 1), is_granted=True)

    def _faded(self, now: float) -> RetryBudget:
        remains = max(0.0, 1 - max(0.0, now - self.moment) / self.window)
        return replace(self, balance=self.balance * remains, moment=max(now, self.moment))


def backoff(attempt: int, chance: float, *, base: float = 0.025, limit: float = 1.0) -> float:
    """Return how many seconds to wait before a retry: `attempt` counts from 1, `chance` is between 0 and 1."""
    return chance * min(limit, base * 2.0 ** min(attempt - 1, 60))
