"""What can go wrong with a lock, and with resolving dependencies, as one tree.

Reportable
└── LacreError
    ├── InvalidLock          lacre.lisp does not read       (also ValueError)
    ├── InvalidConfig        a resolver config does not read (also ValueError)
    ├── DependencyCycle      packages that need each other  (also ValueError)
    ├── UnknownDependency    a graph names a package it does not hold (also LookupError)
    ├── ContentChanged       a package is not what the lock sealed (also ValueError)
    └── ResolverError        the dependencies cannot be resolved
        ├── VersionConflict      no version meets every requirement      (also ValueError)
        ├── SourceConflict       one name, two sources or two commits    (also ValueError)
        ├── UnknownFeature       a feature that the package does not have (also LookupError)
        ├── WrongPackage         a source holds another package or version (also ValueError)
        ├── UnusablePackage      a source whose manifest or files are refused (also ValueError)
        ├── UnsafeSource         an address or ref that is never passed on (also ValueError)
        ├── PathFromGit          a path in a package that comes from git (also ValueError)
        ├── NothingLocked        --update names what the lock has not    (also LookupError)
        ├── TooManyChoices       the search was given up
        ├── NotCached            offline, and not in the cache           (also LookupError)
        ├── CacheProblem         the cache cannot be read or written     (also OSError)
        ├── MissingSource        nothing is there
        │   └── MissingPath      a path source that is not there         (also FileNotFoundError)
        └── GitProblem           git could not fetch
            ├── GitMissing           no git program on PATH              (also FileNotFoundError)
            ├── RefMissing           the repository has no such ref      (also LookupError)
            ├── SourceUnreachable    no answer, or no access             (also ConnectionError)
            │   └── NoRepository     an answer: it is not there, or not for this person
            ├── FetchTooLarge        more than a package may be
            ├── FetchTimedOut        no end in time                      (also TimeoutError)
            └── GitFailed            anything else git says
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.source import Span

__all__ = [
    "CacheProblem",
    "ContentChanged",
    "DependencyCycle",
    "FetchTimedOut",
    "FetchTooLarge",
    "GitFailed",
    "GitMissing",
    "GitProblem",
    "InvalidConfig",
    "InvalidLock",
    "LacreError",
    "MissingPath",
    "MissingSource",
    "NoRepository",
    "NotCached",
    "NothingLocked",
    "PathFromGit",
    "RefMissing",
    "ResolverError",
    "SourceConflict",
    "SourceUnreachable",
    "TooManyChoices",
    "UnknownDependency",
    "UnknownFeature",
    "UnsafeSource",
    "UnusablePackage",
    "VersionConflict",
    "WrongPackage",
]


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


class ContentChanged(LacreError, ValueError):
    """A package whose content is not what was sealed when it was locked."""

    def __init__(self, nome: str, where: str, sealed: str, found: str) -> None:
        """Give both digests."""
        message = f'"{nome}" from {where} is not what the lock sealed'
        why = f"The lock has {sealed[:19]}…, and this is {found[:19]}…"
        fix = "If the change is meant, lock again; if not, find out who changed it."
        data = {"nome": nome, "source": where, "sealed": sealed, "found": found}
        super().__init__(Diagnostic("content-changed", Severity.ERROR, None, message, why, fix, (), data))


class ResolverError(LacreError):
    """Dependencies that cannot be resolved."""

    code: ClassVar[str] = "unresolved"

    def __init__(
        self, message: str, /, *, why: str = "", fix: str = "", span: Span | None = None, **data: Any
    ) -> None:
        """Say what was found, why that cannot be and what to do; `data` are the values a program would want."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, span, message, why, fix, (), data))


class VersionConflict(ResolverError, ValueError):
    """No version of a package meets every requirement on it; `data["paths"]` says who requires what."""

    code = "version-conflict"


class SourceConflict(ResolverError, ValueError):
    """One name is asked for from two places, or at two commits; `data["paths"]` says by whom."""

    code = "source-conflict"


class UnknownFeature(ResolverError, LookupError):
    """A dependency asks for a feature that the package does not have."""

    code = "unknown-feature"


class WrongPackage(ResolverError, ValueError):
    """A source holds a package of another name, or of another version than its tag says."""

    code = "wrong-package"


class UnusablePackage(ResolverError, ValueError):
    """A source whose manifest or files are refused; what refuses them follows the first diagnostic."""

    code = "unusable-package"

    def __init__(self, nome: str, where: str, cause: Reportable) -> None:
        """Carry the diagnostics of `cause`."""
        fix = "Ask its author to put right what is listed below, or require another version."
        super().__init__(f'"{nome}" from {where} is no usable package', fix=fix, nome=nome, source=where)
        self.diagnostics = (*self.diagnostics, *cause.diagnostics)


class UnsafeSource(ResolverError, ValueError):
    """An address or a ref that is never passed on to git."""

    code = "unsafe-source"

    def __init__(self, nome: str, slot: str, value: str, why: str) -> None:
        """Name the slot and what it holds."""
        message = f'the :{slot} of the dependency "{nome}" is refused: {value[:80]!r}'
        super().__init__(message, why=why, fix=f"Correct :{slot}.", nome=nome, slot=slot, value=value)


class PathFromGit(ResolverError, ValueError):
    """A package that comes from a repository asks for a directory beside it, which nobody fetched."""

    code = "path-from-git"

    def __init__(self, nome: str, path: str, url: str) -> None:
        """Name the path, and the repository that asks for it."""
        message = f'"{nome}" is asked for at the path {path} by a package from {url}'
        why = "A path is a place on its author's machine."
        super().__init__(message, why=why, fix="Its author should give a git source.", nome=nome, path=path)


class NothingLocked(ResolverError, LookupError):
    """A package is to be updated that the lock does not have."""

    code = "nothing-locked"


class TooManyChoices(ResolverError):
    """The search for versions was given up."""

    code = "too-many-choices"


class NotCached(ResolverError, LookupError):
    """Nothing may be fetched, and it is not in the cache."""

    code = "not-cached"

    def __init__(self, nome: str, where: str) -> None:
        """Say what is missing."""
        message = f'"{nome}" from {where} is not in the cache'
        super().__init__(
            message, why="Offline, nothing is fetched.", fix="Resolve once with the network.", nome=nome
        )


class CacheProblem(ResolverError, OSError):
    """The cache cannot be read or written, as on a full disk."""

    code = "cache-problem"

    def __init__(self, place: str, why: str) -> None:
        """Say where, and what the system said."""
        fix = "Make room or let it be written, or set :cache-dir in the resolver's config to another place."
        super().__init__(f"{place} cannot be used", why=why, fix=fix, place=place)


class MissingSource(ResolverError):
    """Nothing is where a dependency should come from."""

    code = "missing-source"


class MissingPath(MissingSource, FileNotFoundError):
    """A dependency with a path source whose directory holds no package."""

    code = "missing-path"

    def __init__(self, nome: str, path: str) -> None:
        """Say which dependency, and where it was looked for."""
        fix = "Correct :caminho, which is relative to this package."
        super().__init__(f'the dependency "{nome}" is not at {path}', fix=fix, nome=nome, path=path)


class GitProblem(ResolverError):
    """Git could not fetch; its own words are in `why`."""

    code = "git-problem"


class GitMissing(GitProblem, FileNotFoundError):
    """There is no git program on PATH."""

    code = "git-missing"


class RefMissing(GitProblem, LookupError):
    """The repository has no such tag, branch or commit."""

    code = "ref-missing"


class SourceUnreachable(GitProblem, MissingSource, ConnectionError):
    """The address does not answer, has no repository, or does not let this user in."""

    code = "source-unreachable"


class NoRepository(SourceUnreachable):
    """The host answers that it has no such repository, or none that this person may read: most say the same."""

    code = "no-repository"


class FetchTooLarge(GitProblem):
    """The repository sends more than a package may be."""

    code = "fetch-too-large"


class FetchTimedOut(GitProblem, TimeoutError):
    """Git did not end in time."""

    code = "fetch-timed-out"


class GitFailed(GitProblem):
    """Git failed in a way that has no class of its own."""

    code = "git-failed"
