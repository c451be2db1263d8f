"""`python -m caixa_renderers.reference FOLDER` writes renderers.md into the folder."""

from __future__ import annotations

import sys
from pathlib import Path

from .page import renderers_page


def main(arguments: list[str]) -> int:
    """Write the page into the folder that is the only argument, and return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m caixa_renderers.reference FOLDER\n")
        return 2
    Path(arguments[0], "renderers.md").write_text(renderers_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
