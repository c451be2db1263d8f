"""Which answers of verbs are made of a caixa and handed out, so that they go stale when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caixa.session.staleness import MADE

if TYPE_CHECKING:
    from caixa.session import Session

__all__ = ["note_made"]


def note_made(session: Session, verb: str, answer: object) -> None:
    """Note in the session that `verb` made `answer`, if that shows what a caixa of the session became."""
    answer = getattr(answer, "answer", answer)  # one that was asked for as JSON shows the same
    nome = getattr(answer, "nome", None)
    if verb in MADE and isinstance(nome, str) and nome in session.state.packages:
        session.derive(verb, nome)
