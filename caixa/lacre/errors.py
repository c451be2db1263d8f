"""What can go wrong with a lock, as one tree.

Reportable
└── LacreError
    ├── InvalidLock          lacre.lisp does not read       (also ValueError)
    ├── InvalidConfig        a resolver config does not read (also ValueError)
    ├── DependencyCycle      packages that need each other  (also ValueError)
    ├── UnknownDependency    a graph names a package it does not hold (also LookupError)
    └── MissingPath          a path source that is not there (also FileNotFoundError)
"""

from __future__ import annotations

from collections.abc import Sequence

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = ["DependencyCycle", "InvalidConfig", "InvalidLock", "LacreError", "MissingPath", "UnknownDependency"]


class LacreError(Reportable):
    """An error about a lock or the graph that it stands for."""


class InvalidLock(LacreError, ValueError):
    """A `lacre.lisp` that does not read; every problem is in `diagnostics`."""


class InvalidConfig(LacreError, ValueError):
    """A `(defresolver-config …)` that does not read; every problem is in `diagnostics`."""


class DependencyCycle(LacreError, ValueError):
    """Packages that need each other, so that no closure can be computed first. `cycle` is `[x, …, x]`."""

    def __init__(self, cycle: Sequence[str]) -> None:
        """Say which packages go round."""
        message = f"dependencies go round in a circle: {' → '.join(cycle)}"
        why = "A package's identity includes that of what it needs, so it cannot need itself."
        fix = "Move what they share to a package of its own."
        data = {"cycle": list(cycle)}
        super().__init__(Diagnostic("cycle", Severity.ERROR, None, message, why, fix, (), data))
        self.cycle = tuple(cycle)


class UnknownDependency(LacreError, LookupError):
    """A package of a graph needs one that the graph does not hold."""

    def __init__(self, nome: str, needed_by: str) -> None:
        """Say which package is missing, and who needs it."""
        message = f'"{needed_by}" needs "{nome}", which is not among the entries'
        data = {"nome": nome, "needed_by": needed_by}
        fix = "Resolve it, and lock again."
        super().__init__(Diagnostic("unknown-dependency", Severity.ERROR, None, message, "", fix, (), data))


class MissingPath(LacreError, FileNotFoundError):
    """A dependency with a path source whose directory holds no package."""

    def __init__(self, nome: str, path: str) -> None:
        """Say which dependency, and where it was looked for."""
        message = f'the dependency "{nome}" is not at {path}'
        data = {"nome": nome, "path": path}
        fix = "Correct :caminho, which is relative to this package."
        super().__init__(Diagnostic("missing-path", Severity.ERROR, None, message, "", fix, (), data))
