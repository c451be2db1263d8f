"""`python -m caixa.lisp.reference FOLDER` writes the pages of the reference, and removes stale ones."""

from __future__ import annotations

import sys
from pathlib import Path

from ..interpreter import Interpreter
from .pages import pages
from .topics import topics


def main(arguments: list[str]) -> int:
    """Write the pages into the folder that is the only argument, and return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m caixa.lisp.reference FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(topics(), Interpreter().describe)
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
