"""What can go wrong in a verb, as one tree.

Reportable
└── FeiraError
    ├── UsageProblem          the words are not a use of the verb       (exit status 2; also ValueError)
    ├── NothingNamed          no caixa was named, and none is meant by default
    ├── AlreadyThere          init or save would write over files        (also FileExistsError)
    ├── NothingToImport       a folder that holds no sources                 (also LookupError)
    ├── WouldChange           an import that would write over what is there  (also FileExistsError)
    ├── BadName               a name that no caixa can have              (also ValueError)
    ├── NotDeployable         a kind that no cluster runs                (also TypeError)
    ├── DeployRefused         errors in what would be committed; carries every one of them
    ├── ReleaseMissing        the cluster has no programs release to put an entry into
    ├── NotRunnable           a kind that has nothing to run                 (also TypeError)
    ├── ComponentMissing      a Servico without a component to run       (also FileNotFoundError)
    ├── NothingToPropose      a ComputeUnit that is there already
    ├── NoGraph               a kind that has no graph                   (also TypeError)
    ├── IncoherentLock        a lock whose root is not that of its entries (also ValueError)
    ├── NotLocked             the manifest asks for what the lock has not  (also LookupError)
    ├── NotNeeded             a dependency that the package does not have  (also LookupError)
    ├── AlreadyADependency    a dependency that is there already           (also ValueError)
    ├── PublishRefused        a release that would not be what it says
    ├── HelmMissing           a chart cannot be packed on this machine       (also FileNotFoundError)
    ├── HelmFailed            Helm refuses a chart; carries what it says
    └── FileProblem           a file or folder that cannot be read or written
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

if TYPE_CHECKING:
    from caixa.manifest.model import Kind

__all__ = [
    "AlreadyADependency",
    "AlreadyThere",
    "BadName",
    "ComponentMissing",
    "DeployRefused",
    "FeiraError",
    "FileProblem",
    "HelmFailed",
    "HelmMissing",
    "IncoherentLock",
    "NoGraph",
    "NotDeployable",
    "NotLocked",
    "NotNeeded",
    "NotRunnable",
    "NothingNamed",
    "NothingToImport",
    "NothingToPropose",
    "PublishRefused",
    "ReleaseMissing",
    "UsageProblem",
    "WouldChange",
]


class FeiraError(Reportable):
    """A verb that cannot do what it was asked."""

    code: ClassVar[str] = "feira"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, why: str = "", fix: str = "", **data: Any) -> None:
        """Say what happened, why and what to do; `data` are the values a program would want."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix, data=data))


class UsageProblem(FeiraError, ValueError):
    """Words that are not a use of the verb; `usage` is the line that would be."""

    code = "usage"
    exit_status = 2

    def __init__(self, message: str, *, usage: str = "", fix: str = "", **data: Any) -> None:
        """Say what is wrong with the words, and how they should read."""
        super().__init__(message, why=f"usage: {usage}" if usage else "", fix=fix, **data)
        self.usage = usage


class NothingNamed(FeiraError, LookupError):
    """No caixa was named, and there is none, or more than one, that could be meant."""

    code = "nothing-named"


class AlreadyThere(FeiraError, FileExistsError):
    """Files that would be written over."""

    code = "already-there"

    def __init__(self, directory: str, paths: Sequence[str]) -> None:
        """List the files in the way."""
        listing = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
        super().__init__(
            f"{directory} already has {listing}",
            why="nothing that is there is written over",
            fix="choose another directory, or move these away first",
            directory=directory,
            paths=list(paths),
        )


class NothingToImport(FeiraError, LookupError):
    """A folder in which nothing could be a part of a package."""

    code = "nothing-to-import"

    def __init__(self, folder: str) -> None:
        """Name the folder, and say what was looked for."""
        super().__init__(
            f"{folder} holds nothing to make a caixa of",
            why="looked for were servicos/*.yaml, exe/*.lisp, lib/*.lisp and other Lisp files",
            fix="give the folder of the sources, or begin with feira init",
            folder=folder,
        )


class WouldChange(FeiraError, FileExistsError):
    """Files that an import would have to write over."""

    code = "would-change"

    def __init__(self, directory: str, paths: Sequence[str]) -> None:
        """List the files that would change."""
        listing = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
        super().__init__(
            f"{listing} in {directory} would change",
            why="an import writes over nothing",
            fix="give --to DIR, and the package is made there",
            directory=directory,
            paths=list(paths),
        )


class BadName(FeiraError, ValueError):
    """A name that no caixa can have."""

    code = "bad-name"

    def __init__(self, nome: str, suggestion: str | None) -> None:
        """Name it, and the nearest name that would do."""
        super().__init__(
            f"{nome!r} cannot be the name of a caixa",
            why="it becomes a Kubernetes name: at most 63 of a-z, 0-9 and -, with no dash at either end",
            fix=f"use {suggestion}" if suggestion else "choose another name",
            nome=nome,
            suggestion=suggestion,
        )


class NotDeployable(FeiraError, TypeError):
    """A caixa of a kind that no cluster runs by itself."""

    code = "not-deployable"

    def __init__(self, nome: str, kind: Kind) -> None:
        """Name the caixa and say which kinds are deployed."""
        super().__init__(
            f"{nome} is {kind.indefinite}, which is not deployed by itself",
            why="a cluster runs Servicos and the meshes of Aplicacaos",
            fix="deploy the Servico or Aplicacao that uses it",
            nome=nome,
            kind=kind.value,
        )


class DeployRefused(FeiraError):
    """What would be committed has errors; the first diagnostic sums up, the others are the errors."""

    code = "deploy-refused"

    def __init__(self, nome: str, errors: Sequence[Diagnostic]) -> None:
        """Carry the errors."""
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        super().__init__(
            f"{nome} has {count}; nothing was written",
            why="what is committed reaches the cluster",
            fix="put right what is listed below; --dry-run shows the diff as it stands",
            nome=nome,
            errors=[error.code for error in errors],
        )
        self.diagnostics = (*self.diagnostics, *errors)


class ReleaseMissing(FeiraError, FileNotFoundError):
    """The cluster has no release that lists its programs."""

    code = "release-missing"

    def __init__(self, path: str) -> None:
        """Name the file that a deploy edits."""
        super().__init__(
            f"there is no {path} in the GitOps repository",
            why="a deploy adds an entry to the HelmRelease of the cluster's programs; it does not invent one",
            fix="create it as a HelmRelease with spec.values.programs: [], or name it with --programs-yaml",
            path=path,
        )


class ComponentMissing(FeiraError, FileNotFoundError):
    """A Servico that has no component to run."""

    code = "component-missing"

    def __init__(self, nome: str, looked: Sequence[str]) -> None:
        """Say where a component was looked for."""
        super().__init__(
            f"{nome} has no component to run",
            why=f"looked for {', '.join(looked)}" if looked else "",
            fix="give one with --component FILE.wasm (or FILE.wat)",
            nome=nome,
            looked=list(looked),
        )


class NotRunnable(FeiraError, TypeError):
    """A caixa of a kind that has no component, nor programs where those would do."""

    code = "not-runnable"

    def __init__(self, nome: str, kind: Kind, *, or_programs: bool = False) -> None:
        """Name the caixa and its kind; `or_programs` says that a program could be run as well."""
        super().__init__(
            f"{nome} is {kind.indefinite}, which has {'nothing' if or_programs else 'no component'} to run",
            why="only a Servico is compiled to a component" + "; a Binario has programs" * or_programs,
            fix="name a Servico" + " or a Binario" * or_programs,
            nome=nome,
            kind=kind.value,
        )


class NothingToPropose(FeiraError):
    """The ComputeUnit that would be proposed is there already."""

    code = "nothing-to-propose"


class NoGraph(FeiraError, TypeError):
    """A caixa of a kind that has no such graph."""

    code = "no-graph"

    def __init__(self, nome: str, kind: Kind, graphs: Mapping[Kind, str]) -> None:
        """Name the caixa, its kind, and the `graphs` that were looked for, by the kind that has each."""
        fitting = " or ".join(each.indefinite for each in graphs)
        super().__init__(
            f"{nome} is {kind.indefinite}, which has no {' and no '.join(graphs.values())}",
            why="what every package has is its closure and the layers of its deploy",
            fix=f"ask for --kind closure or --kind layers, or name {fitting}",
            nome=nome,
            kind=kind.value,
        )


class IncoherentLock(FeiraError, ValueError):
    """A lock whose root digest is not the one that its entries make."""

    code = "incoherent-lock"

    def __init__(self) -> None:
        """Say that someone changed it by hand."""
        super().__init__(
            "lacre.lisp is not whole: its :raiz is not that of its :entradas",
            why="it was changed by hand, or by a merge",
            fix="restore it, or choose everything anew with resolve --update",
        )


class NotLocked(FeiraError, LookupError):
    """The manifest asks for packages that the lock does not have."""

    code = "not-locked"

    def __init__(self, nome: str, missing: Sequence[str], *, is_dev: bool = False) -> None:
        """Name what is missing; what only development needs (`is_dev`) is locked on request."""
        listed = ", ".join(missing)
        fix = "resolve --dev locks what :deps-dev asks for" if is_dev else "lock first"
        super().__init__(f"the lock of {nome} lacks {listed}", fix=fix, nome=nome, missing=list(missing))


class NotNeeded(FeiraError, LookupError):
    """A package that does not have a dependency of that name."""

    code = "not-needed"

    def __init__(self, nome: str, needed_by: str, known: Sequence[str]) -> None:
        """List the dependencies that there are, or name the nearest."""
        near = get_close_matches(nome, known, n=1)
        there = f"it needs {', '.join(known)}" if known else "it needs no other package"
        super().__init__(
            f"{needed_by} does not need {nome!r}",
            fix=f"did you mean {near[0]}?" if near else there,
            nome=nome,
            known=list(known),
        )


class AlreadyADependency(FeiraError, ValueError):
    """A dependency that is in the list already."""

    code = "already-a-dependency"

    def __init__(self, nome: str, package: str) -> None:
        """Name both."""
        fix = "change it in caixa.lisp, or remove it first"
        super().__init__(f"{package} has the dependency {nome} already", fix=fix, nome=nome)


class PublishRefused(FeiraError):
    """A release that would not be what its tag says, or that git did not take."""

    code = "publish-refused"


class HelmMissing(FeiraError, FileNotFoundError):
    """There is no Helm here to pack a chart."""

    code = "helm-missing"

    def __init__(self) -> None:
        """Say where Helm comes from."""
        super().__init__(
            "there is no Helm here, so the chart was not packed",
            why="an archive holds the charts that this one stands on, which Helm fetches",
            fix="install helm, or: pip install helm-python-sdk",
        )


class HelmFailed(FeiraError):
    """Helm refuses a chart."""

    code = "helm-failed"

    def __init__(self, step: str, said: str) -> None:
        """Name the step and hand on what Helm says of it."""
        super().__init__(f"helm {step} failed", why=said, fix="put right what Helm names", step=step)


class FileProblem(FeiraError):
    """A file or folder that cannot be read or written."""

    code = "file-problem"

    @classmethod
    def not_utf8(cls, path: str, at: int) -> FileProblem:
        """Return the problem of a text file with a wrong byte at offset `at`."""
        return cls(
            f"{path} is not UTF-8: byte {at}", why="sources are UTF-8 text", fix="save it as UTF-8", path=path
        )

    @classmethod
    def of(cls, error: OSError) -> FileProblem:
        """Return what the operating system's error means to the person who named the file."""
        path = str(error.filename) if error.filename is not None else "a file"
        return cls(
            f"{path}: {(error.strerror or str(error)).lower()}",
            why="the operating system refuses it; nothing was left half-written",
            fix=_REMEDIES.get(error.errno or 0, "check that the path is yours, and the disk has room"),
            path=path,
        )


_REMEDIES = {
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path: a part of it is a file",
    errno.EISDIR: "name a file",
    errno.EEXIST: "name another, or move away what is there",
    errno.EACCES: "check whose it is, and its permissions",
    errno.EPERM: "check whose it is, and its permissions",
    errno.EROFS: "choose a place that can be written to",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room: your share of the disk is used up",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "check the links on the way",
}
