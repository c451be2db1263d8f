"""What a notebook's cells said, for a recording of them: texts and outputs, without the values of secrets.

Plain data, as the notebook format has it; who shows a thing also writes it down here, secrets taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .log import GENESIS, Log

__all__ = ["LONGEST", "RanCell", "Transcript"]

LONGEST: Final = 1_000_000  # characters that a cell may print before its recording leaves its output out
Output = dict[str, Any]


class RanCell:
    """A cell that ran: its name and text, the digests of the log before and after, and what it showed."""

    __slots__ = ("after", "before", "is_whole", "name", "outputs", "printed", "text")

    def __init__(self, name: str, text: str, before: str) -> None:
        """Begin the cell when the log stood at `before`; `after` is empty until it has ended well."""
        self.name, self.text, self.before, self.after = name, text, before, ""
        self.outputs: list[Output] = []
        self.printed = 0
        self.is_whole = True


class Transcript:
    """The cells of a notebook in the order in which they ran."""

    def __init__(self) -> None:
        """Begin with none."""
        self.cells: list[RanCell] = []

    def begin(self, name: str, text: str, digest: str) -> None:
        """Begin a cell; a cell that failed before it is forgotten."""
        if self.cells and not self.cells[-1].after:
            self.cells.pop()
        self.cells.append(RanCell(name, text, digest))

    def end(self, digest: str) -> None:
        """End the cell well, with the log at `digest`."""
        self.cells[-1].after = digest

    def printed(self, stream: str, text: str) -> None:
        """Note what the present cell printed to `stdout` or `stderr`."""
        if not self.cells:
            return
        cell = self.cells[-1]
        cell.printed += len(text)
        if cell.printed > LONGEST:
            cell.is_whole = False
            cell.outputs.clear()
        elif cell.outputs and cell.outputs[-1].get("name") == stream:
            cell.outputs[-1]["text"] += text
        else:
            cell.outputs.append({"output_type": "stream", "name": stream, "text": text})

    def display(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        """Note what the present cell showed."""
        self._add("display_data", data, metadata)

    def result(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        """Note the value of the present cell."""
        self._add("execute_result", data, metadata)

    def cleared(self) -> None:
        """Forget what the present cell showed and printed so far."""
        if self.cells:
            self.cells[-1].outputs.clear()

    def _add(self, kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        if self.cells and self.cells[-1].is_whole:
            output = {"output_type": kind, "data": dict(data), "metadata": dict(metadata)}
            self.cells[-1].outputs.append(output)

    def live(self, log: Log) -> Sequence[RanCell]:
        """Return the cells that ended well and made `log` what it is, or looked at what it still is."""
        from .timeline import path  # noqa: PLC0415  # few notebooks are recorded

        kept = {GENESIS} | {step.digest for step in path(log.steps())}
        return [cell for cell in self.cells if cell.after in kept and cell.before in kept]
