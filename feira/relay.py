"""The lines of a program that takes its time, shown as they come and without any secret.

A terminal gets each line at once; a notebook, where each showing is an output of its own, those of a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .declaration import Face, current_face
from .results import Piece, Result
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.session.secrets import Secrets

__all__ = ["Progress", "Relay"]

_TOGETHER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Progress(Result):
    """Some lines of a program; `is_aside` says that they are not what was asked for."""

    lines: tuple[str, ...]
    is_aside: bool = True

    def pieces(self) -> Iterator[Piece]:
        """Yield the lines."""
        yield Piece("".join(f"{line}\n" for line in self.lines), is_aside=self.is_aside)

    def to_json(self) -> dict[str, Any]:
        """Return the lines."""
        return {"lines": list(self.lines)}


class Relay:
    """Shows lines in a workspace; what nobody looks at is kept."""

    def __init__(
        self, workspace: Workspace, secrets: Secrets, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Show in `workspace`, with the values of `secrets` taken out."""
        self._workspace, self._secrets, self._clock = workspace, secrets, clock
        self._together = _TOGETHER_SECONDS if current_face() is Face.MAGIC else 0.0
        self._waiting: list[str] = []
        self._shown_at = clock()
        self.is_aside = True  # whether the lines are beside what was asked for; it, as a plan is, where not
        self.unseen: list[str] = []

    def __call__(self, line: str) -> None:
        """Take a line, and show it now or with those that follow."""
        self._waiting.append(self._secrets.redact(line))
        if self._clock() - self._shown_at >= self._together:
            self.flush()

    def flush(self) -> None:
        """Show what is waiting."""
        lines, self._waiting = tuple(self._waiting), []
        self._shown_at = self._clock()
        if lines and not self._workspace.show(Progress(lines, self.is_aside)):
            self.unseen += lines
