"""`record`: the cells that made a session, with their outputs, as a notebook that can be checked again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..errors import UsageProblem
from ..files import write_files
from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.session.secrets import Secrets
    from caixa.session.transcript import RanCell

__all__ = ["Recorded", "record"]

# Cells that are about the session and not part of what it does: their outputs hold times and digests.
_ABOUT: Final = re.compile(r"\s*%caixa\s+(log|at|undo|redo|diff\s+#|export|replay|record|secret)\b.*\s*")
_KERNEL: Final = {"display_name": "tatara-lisp", "language": "tatara-lisp", "name": "caixa"}


@dataclass(frozen=True, slots=True)
class Recorded(Result):
    """A notebook that was written: its cells, and those of them whose output was too long to keep."""

    file: str
    cells: int
    too_long: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line, one for each cell without its output, and what to do next."""
        yield aside(f"✓ {self.file}: {plural(self.cells, 'cell')}", Role.ADDED)
        for name in self.too_long:
            yield aside(f"{name} printed too much to be kept; its output is not checked", Role.WARNING)
        yield aside(f"Check it with  pytest --nbval {self.file}", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the file, how many cells it has, and those without output."""
        return {"file": self.file, "cells": self.cells, "withoutOutput": list(self.too_long)}


def record(workspace: Workspace, file: str) -> Recorded:
    """Write the cells that made the session what it is to the notebook `file`, without the values of secrets.

    Left out are cells that failed or were undone, and those that only look at the history. Raises UsageProblem
    for a name that does not end in .ipynb, and FileProblem.
    """
    if not file.endswith(".ipynb"):
        raise UsageProblem(
            f"{file} is no name of a notebook", usage="%caixa record FILE.ipynb", fix="end it in .ipynb"
        )
    session = workspace.session
    cells = [cell for cell in session.transcript.live(session.log) if not _ABOUT.fullmatch(cell.text)]
    text = json.dumps(_notebook(cells, session.secrets), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    target = workspace.locate(file)
    write_files(target.parent, {target.name: text.encode("utf-8", "replace")})
    return Recorded(file, len(cells), tuple(cell.name for cell in cells if not cell.is_whole))


def _notebook(cells: Sequence[RanCell], secrets: Secrets) -> dict[str, Any]:
    """Return a notebook of format 4.5 (nbformat)."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "tatara-lisp"}},
        "cells": [_cell(cell, number, secrets) for number, cell in enumerate(cells, start=1)],
    }


def _cell(cell: RanCell, number: int, secrets: Secrets) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "execution_count": number,
        "metadata": {} if cell.is_whole else {"tags": ["nbval-ignore-output"]},
        "source": secrets.redact(cell.text).splitlines(keepends=True),
        "outputs": secrets.redact_data(list(_outputs(cell.outputs, number))),
    }


def _outputs(outputs: Iterable[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    for output in outputs:
        if output["output_type"] == "execute_result":
            yield output | {"execution_count": number}
        else:
            yield output
