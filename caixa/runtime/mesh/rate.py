"""Rate limits: so many calls in a time, and no more (`:rate-limit` of `:politicas`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

__all__ = ["Bucket", "Taking"]


class Taking(NamedTuple):
    """The bucket after a call asked for a token, and how many seconds it has to wait: 0 if it got one."""

    bucket: Bucket
    wait: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `size` calls at once, filled evenly over `period` seconds; full at first."""

    size: int
    period: float
    spent: float = 0.0  # tokens that were taken and have not come back by `moment`
    moment: float = 0.0

    def take(self, now: float) -> Taking:
        """Take a token for a call at `now`, if there is one."""
        came_back = max(0.0, now - self.moment) * self.size / self.period
        spent = max(0.0, self.spent - came_back)
        filled = replace(self, spent=spent, moment=max(now, self.moment))
        if spent + 1 <= self.size:
            return Taking(replace(filled, spent=spent + 1), 0.0)
        return Taking(filled, (spent + 1 - self.size) * self.period / self.size)
