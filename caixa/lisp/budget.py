"""How much work looking at code may take: macros run meanwhile, and one that never ends must not hang a tool.

Work is counted in steps: each call of a procedure, each turn of a loop, each node that a macro is given. The
count is compiled into the code of macros (`compiler/metering.py`), so the same code gets the same answer on
every machine and every Python. Seconds are looked at as well, for steps that are long ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from .errors import ExpansionLimit
from .source import Span

__all__ = ["Budget", "Exhausted"]

_STEPS = 1_000_000  # of one top-level form: about half a second
_FORMS = 5  # how many such forms one look may meet
_FREE = 50  # the part of a form's steps that counts for the form alone: large programs are many small forms
_SECONDS = 10.0  # of one top-level form
_EVERY = 16  # steps between two looks at the clock
_NODE = 8  # steps that handing a node to a macro and taking it back is worth


class Exhausted(BaseException):
    """What a macro gets that has done all the work it may; no handler of a program takes it for an error."""

    def at(self, macro: str, span: Span) -> ExpansionLimit:
        """Return the error of the call of `macro` at `span`."""
        return ExpansionLimit(f"the macro `{macro[:60]}` {self}", span)


class Budget:
    """The work that one look at code may take: `steps` for a top-level form, `total` for all large ones."""

    __slots__ = ("_clock", "_end", "_form", "_free", "_left", "_seconds", "_total", "steps", "total")

    def __init__(
        self,
        steps: int = _STEPS,
        total: int | None = None,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Allow so many steps, a form in no more than so many `seconds` of `clock`; `total` is five forms."""
        self.steps = steps
        self.total = steps * _FORMS if total is None else total
        self._free = steps // _FREE
        self._seconds, self._clock = seconds, clock
        self.renew()

    def renew(self) -> None:
        """Begin another look, with everything that it may take."""
        self._total = self.total
        self._form = self._left = 0
        self._end = 0.0
        self.next_form()

    def next_form(self) -> None:
        """Begin another top-level form."""
        self._total -= self._charge()
        self._form = self._left = max(0, min(self.steps, self._total))
        self._end = self._clock() + self._seconds

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for further forms either."""
        return self._total - self._charge() <= self._free

    def _charge(self) -> int:
        """Return what the form before takes from the total."""
        return max(0, self._form - self._left - self._free)

    def step(self) -> None:
        """Count one step. Raises Exhausted where there is none left, and each time from then on."""
        left = self._left = self._left - 1
        if left < 0:
            raise Exhausted(self._reason())
        if not left % _EVERY and self._clock() > self._end:
            self._total = self._form = self._left = 0
            raise Exhausted(f"did not come to an end within {self._seconds:g} seconds")

    def spend_nodes(self, count: int) -> None:
        """Count so many nodes that a macro is given; nothing is raised before its first step."""
        self._left -= _NODE * count

    def _reason(self) -> str:
        if self._form < self.steps:
            return f"was not expanded: the forms before took {self.total:,} steps, which is all they may"
        return f"did not come to an end within {self.steps:,} steps"
