"""Magics of one line: `%caixa VERB …`, and `%help`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .errors import MagicUsage
from .magics import Call, Magic

if TYPE_CHECKING:
    from .notebook import Notebook

__all__ = ["MAGICS"]


def _caixa(notebook: Notebook, call: Call) -> object:
    """Run a verb, exactly as `feira` declares it for notebooks."""
    from feira.commands import Face, run  # noqa: PLC0415  # the verbs are loaded by the first of them
    from feira.verbs.graph import Drawing  # noqa: PLC0415  # as above

    open_word = next((word for word in call.words if not word.closed), None)
    if open_word is not None:
        raise MagicUsage("this quote is never closed", call.span_of(open_word), fix="Close it.")
    words = [word.text for word in call.words] or ["help"]
    answer = run(Face.MAGIC, words, notebook.workspace)
    return notebook.pictured(answer) if isinstance(answer, Drawing) else answer


MAGICS: Final = (
    Magic(
        "%caixa",
        "%caixa VERB [NAME] [FLAGS]",
        "Look at, render, run, deploy, save or open the caixas of this session; `%caixa help` lists the verbs.",
        _caixa,
    ),
)
