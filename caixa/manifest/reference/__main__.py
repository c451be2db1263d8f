"""`python -m caixa.manifest.reference FOLDER` writes the two pages into the folder."""

from __future__ import annotations

import sys
from pathlib import Path

from .diagnostics import diagnostics_page
from .manifest import manifest_page


def main(arguments: list[str]) -> int:
    """Write the pages into the folder that is the only argument, and return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m caixa.manifest.reference FOLDER\n")
        return 2
    for name, page in (("manifest.md", manifest_page), ("diagnostics.md", diagnostics_page)):
        Path(arguments[0], name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
