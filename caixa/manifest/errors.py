"""What can go wrong with a manifest or a package, as one tree.

Reportable
└── ManifestError
    ├── InvalidValue         a text is not a size, duration, version …      (also ValueError)
    ├── InvalidManifest      the form has errors; carries the whole Reading (also ValueError)
    ├── MissingManifest      a directory without caixa.lisp                 (also FileNotFoundError)
    ├── UnreadablePackage    a file of the package cannot be read
    └── UnsafePath           a path or a link that leads out of the package
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

if TYPE_CHECKING:
    from .reading import Reading

__all__ = [
    "InvalidManifest",
    "InvalidValue",
    "ManifestError",
    "MissingManifest",
    "UnreadablePackage",
    "UnsafePath",
]


class ManifestError(Reportable):
    """An error about a manifest or a package."""

    code = "manifest"

    def __init__(self, message: str, /, *, why: str = "", fix: str = "", code: str = "", **data: Any) -> None:
        """Say what was found, why it is wrong and what to do; `data` are the values of caixa.md section 2."""
        super().__init__(
            Diagnostic(code or self.code, Severity.ERROR, None, message, why=why, fix=fix, data=data)
        )


class InvalidValue(ManifestError, ValueError):
    """A text that a codec does not take; `diagnostics[0].code` says which rule it breaks (section 1.4)."""

    @property
    def diagnostic(self) -> Diagnostic:
        """The one finding, to be given a place by whoever knows where the text stands."""
        return self.diagnostics[0]


class InvalidManifest(ManifestError, ValueError):
    """A form with errors. `reading` holds every finding, and the caixa where it could still be decoded."""

    def __init__(self, reading: Reading) -> None:
        """Carry the reading; its errors become the diagnostics."""
        Reportable.__init__(self, *reading.errors)
        self.reading = reading


class MissingManifest(ManifestError, FileNotFoundError):
    """A directory that has no `caixa.lisp`."""

    code = "missing-manifest"


class UnreadablePackage(ManifestError):
    """A package with a file that cannot be read: not UTF-8, not a file, too large."""

    code = "unreadable-package"


class UnsafePath(ManifestError, ValueError):
    """A path or a symbolic link that leads out of the package."""

    code = "unsafe-path"
