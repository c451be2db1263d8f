"""Magics of one line: `%caixa VERB …`, and `%help`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .language_verbs import LANGUAGE_VERBS, Said
from .magics import Call, Magic, values

if TYPE_CHECKING:
    from .notebook import Notebook

__all__ = ["MAGICS"]


def _caixa(notebook: Notebook, call: Call) -> object:
    """Run a verb, exactly as `feira` declares it for notebooks."""
    from caixa.manifest.model import Limits  # noqa: PLC0415  # as below
    from feira.commands import Face, run  # noqa: PLC0415  # the verbs are loaded by the first of them
    from feira.programs import Finished  # noqa: PLC0415  # as above
    from feira.verbs.graph import Drawing  # noqa: PLC0415  # as above
    from feira.verbs.run import Ran  # noqa: PLC0415  # as above

    from .derivations import note_made  # noqa: PLC0415  # as above
    from .views.runs import Measured  # noqa: PLC0415  # as above

    if call.words and call.words[0].text in LANGUAGE_VERBS:
        return LANGUAGE_VERBS[call.words[0].text](notebook, call)
    words = values(notebook, call) or ["help"]
    if words[0] == "help" and words[1:] and words[1] in LANGUAGE_VERBS:
        return Said(LANGUAGE_VERBS[words[1]].help())
    answer = run(Face.MAGIC, words, notebook.workspace)
    note_made(notebook.session, words[0], answer)
    if isinstance(answer, Drawing):
        return notebook.pictured(answer)
    if isinstance(answer, Ran):
        limits = notebook.session.package(answer.nome).caixa.limits
        return Measured(answer, limits or Limits())
    has_been_shown = isinstance(answer, Finished) and not answer.text()  # a program prints as it runs
    return None if has_been_shown else answer


MAGICS: Final = (
    Magic(
        "%caixa",
        "%caixa VERB [NAME] [FLAGS]",
        "Look at, render, run, deploy, save or open the caixas of this session; `%caixa help` lists the verbs.",
        _caixa,
    ),
)
