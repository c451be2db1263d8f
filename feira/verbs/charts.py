"""`charts`: the charts that come with feira, as files; what `chart` writes stands on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..files import write_files
from ..results import Piece, Result, written_pieces
from ..workspace import Workspace

__all__ = ["ChartsWritten", "charts"]


@dataclass(frozen=True, slots=True)
class ChartsWritten(Result):
    """Charts on disk: their files below `directory`, and those that changed."""

    directory: str
    files: tuple[str, ...]
    changed: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file."""
        yield from written_pieces(self.directory, self.files, self.changed)

    def to_json(self) -> dict[str, Any]:
        """Return where they are and what changed."""
        return {"directory": self.directory, "files": list(self.files), "changed": list(self.changed)}


def charts(workspace: Workspace, out: str = "charts") -> ChartsWritten:
    """Write every chart that comes with feira into a directory of its own below `out`. Raises FileProblem."""
    from caixa_renderers.bundled_charts import CHARTS, chart_files  # noqa: PLC0415 - brings in YAML

    files = {f"{name}/{path}": data for name in CHARTS for path, data in chart_files(name).items()}
    changed = write_files(workspace.locate(out), files)
    return ChartsWritten(out, tuple(files), tuple(changed))
