"""What can go wrong with magics, as one tree.

Reportable
└── MagicProblem
    ├── UnknownMagic      no magic has this name             (also a LookupError)
    ├── MagicUsage        a magic is called in a wrong way   (also a ValueError)
    └── PythonProblem     a %%python or %%hy cell raised
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.source import Span

__all__ = ["MagicProblem", "MagicUsage", "PythonProblem", "UnknownMagic"]


class MagicProblem(Reportable):  # named for what happened (DESIGN 11)
    """An error about a magic or about how it is called."""

    code = "magic"

    def __init__(
        self, message: str, span: Span | None = None, *, why: str = "", fix: str = "", **data: Any
    ) -> None:
        """Say what was found, where, why it is wrong and what to do."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, span, message, why=why, fix=fix, data=data))


class UnknownMagic(MagicProblem, LookupError):
    """A name after `%` or `%%` that no magic has."""

    code = "unknown-magic"

    def __init__(self, name: str, known: Iterable[str], span: Span | None) -> None:
        """Name what was written, with its percent signs; the nearest of the `known` names is suggested."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1)
        fix = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(names)}."
        super().__init__(f"there is no magic `{name}`", span, fix=fix, name=name)


class MagicUsage(MagicProblem, ValueError):
    """A magic that exists, called with other words than it takes."""

    code = "magic-usage"


class PythonProblem(MagicProblem):  # named for what happened (DESIGN 11)
    """An exception of a Python or Hy cell: its type, message and the lines of the cell that led to it."""

    code = "python"
