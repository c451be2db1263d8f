"""Asking which restart to take: the question, the answer, and who is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import LispError, Offer

__all__ = ["Answer", "Ask", "Choose", "Question", "Unattended", "unattended"]


class Unattended(Exception):
    """Nobody is there to choose a restart; the scripted default applies."""


class Answer:
    """The restart that was chosen, by its place among those offered, and the arguments it is given."""

    __slots__ = ("arguments", "chosen")

    def __init__(self, chosen: int, arguments: Sequence[object] = ()) -> None:
        """Take the restart at `chosen`, from 0."""
        self.chosen = chosen
        self.arguments = arguments


class Question:
    """An error that nothing has handled, and the restarts, innermost first, one of which may be chosen.

    `evaluate` gives the value of a Lisp text; `interactive` of a restart gives a list of its arguments.
    """

    __slots__ = ("error", "evaluate", "interactive", "offers")

    def __init__(
        self,
        error: LispError,
        offers: tuple[Offer, ...],
        interactive: tuple[Callable[[], object] | None, ...],
        evaluate: Callable[[str], object],
    ) -> None:
        """Put all that the choice may need into one value."""
        self.error = error
        self.offers = offers
        self.interactive = interactive
        self.evaluate = evaluate


Choose = Callable[[Question], Answer | None]
"""Says which restart is to be taken, or None for letting the error go on; raises Unattended."""


Ask = Callable[[str], str]
"""Asks a person for a line of text. Raises Unattended if nobody is there, EOFError if there will be no more."""


def unattended(_prompt: str) -> str:
    """Ask nobody: an Ask where no person is."""
    raise Unattended
