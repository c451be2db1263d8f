"""The command `caixa-lisp` with packages: a program imports what the lock file beside it pins."""

from __future__ import annotations

from pathlib import Path

from caixa.lisp.command import main as command
from caixa.lisp.libraries import Library, Resolver

__all__ = ["main"]


def main() -> None:
    """Run the words of the command line and leave with the exit status."""
    command(_libraries)


def _libraries(root: Path) -> Resolver:
    def resolve(nome: str, requirement: str) -> Library:
        from caixa.lacre.libraries import libraries_beside  # noqa: PLC0415 - most programs import nothing

        return libraries_beside(root)(nome, requirement)

    return resolve


if __name__ == "__main__":
    main()
