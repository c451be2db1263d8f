"""The choice of a restart by a person: what is wrong, what could be done, a number, and the values it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from caixa.lisp.conditions import Answer, Ask, Question
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.errors import Offer
from caixa.lisp.lists import List, Vector
from caixa.lisp.source import Source

__all__ = ["chooser", "menu"]

_PROMPT = "Which restart? (0 leaves the error) "


def menu(question: Question, sources: Mapping[str, Source]) -> str:
    """Return the error, and the numbered restarts, as text."""
    error = question.error
    before, error.offers = error.offers, ()  # said by the list below
    told = error.render(sources)
    error.offers = before
    lines = [f"  {number}  {offer}" for number, offer in enumerate(question.offers, 1)]
    return "\n".join([told, "", "It can go on:", "  0  Leave the error as it is.", *lines, ""])


def chooser(ask: Ask, sources: Callable[[], Mapping[str, Source]]) -> Callable[[Question], Answer | None]:
    """Return the function that an interpreter asks; what is wrong with an answer goes to standard output."""

    def choose(question: Question) -> Answer | None:
        prompt = menu(question, sources()) + _PROMPT
        try:
            while True:
                index = _number(ask(prompt), len(question.offers))
                if index == 0:
                    return None
                arguments = _arguments(ask, question, index - 1) if index else None
                if index and arguments is not None:
                    return Answer(index - 1, arguments)
                prompt = _PROMPT
        except EOFError:
            return None

    return choose


def _number(answer: str, count: int) -> int | None:
    """Return the number that was typed, 0 for an empty line, None for what is none of them."""
    text = answer.strip() or "0"
    if text.isascii() and text.isdigit() and int(text) <= count:
        return int(text)
    sys.stdout.write(f"Type a number from 0 to {count}.\n")
    return None


def _arguments(ask: Ask, question: Question, index: int) -> list[object] | None:
    """Return the arguments of a restart, None if what was typed has no value."""
    interactive = question.interactive[index]
    try:
        if interactive is not None:
            made = interactive()
            return list(made) if isinstance(made, (List, Vector)) else [] if made is None else [made]
        return [question.evaluate(ask(f"{name} = ")) for name in _asked_for(question.offers[index])]
    except Reportable as error:
        sys.stdout.write(error.render() + "\n")
        return None


def _asked_for(offer: Offer) -> list[str]:
    """Return the parameters that must be given: those before `&optional` and the like."""
    words = offer.params[1:-1].split()
    return words[: next((at for at, word in enumerate(words) if word.startswith("&")), len(words))]
