"""What can go wrong with infrastructure, as one tree.

Reportable
└── IacError
    ├── InvalidTeia           forms with errors; carries every finding       (also ValueError)
    ├── NoInfrastructure      there is no source to read                     (also LookupError)
    ├── ArchRejected          an invariant of the architecture does not hold (also ValueError)
    ├── InvalidSchema         JSON that is no schema of a provider           (also ValueError)
    ├── NameCollision         two names that the target writes alike         (also ValueError)
    ├── ProgramMissing        neither tofu nor terraform is here             (also FileNotFoundError)
    └── ProgramFailed         terraform or tofu refused; carries what it said
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = [
    "ArchRejected",
    "IacError",
    "InvalidSchema",
    "InvalidTeia",
    "NameCollision",
    "NoInfrastructure",
    "ProgramFailed",
    "ProgramMissing",
]


class IacError(Reportable):
    """Infrastructure that cannot be used as it is."""

    code: ClassVar[str] = "iac"

    def __init__(self, message: str, *, why: str = "", fix: str = "", **data: Any) -> None:
        """Say what happened, why and what to do; `data` are the values a program would want."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix, data=data))


class InvalidTeia(IacError, ValueError):
    """Forms of infrastructure with errors; carries every finding."""

    code = "invalid-teia"

    def __init__(self, findings: Sequence[Diagnostic]) -> None:
        """Carry the findings; those that refuse come first."""
        Reportable.__init__(self, *sorted(findings, key=lambda finding: finding.severity.rank))


class NoInfrastructure(IacError, LookupError):
    """There is no Lisp source in which infrastructure could be declared."""

    code = "no-infrastructure"

    def __init__(self, nome: str) -> None:
        """Say where it is looked for."""
        super().__init__(
            f"{nome} declares no infrastructure",
            why="it is read from lib/*.lisp and infra/*.lisp, and there is no such file",
            fix="write (defteia :tipo … :nome … :atributos (…)) into infra/main.lisp",
            nome=nome,
        )


class ArchRejected(IacError, ValueError):
    """An architecture that breaks an invariant; carries each breach at its place."""

    code = "arch-rejected"

    def __init__(self, summary: str, breaches: Sequence[Diagnostic]) -> None:
        """Sum up, then list the breaches."""
        super().__init__(
            f"the architecture is rejected: {summary}",
            why="what breaks an invariant of safety is not rendered",
            fix="put right what is listed below",
            breaches=[breach.code for breach in breaches],
        )
        self.diagnostics = (*self.diagnostics, *breaches)


class InvalidSchema(IacError, ValueError):
    """JSON that is not what `terraform providers schema -json` writes."""

    code = "invalid-schema"


class NameCollision(IacError, ValueError):
    """Two names that differ here and are one in what is generated."""

    code = "name-collision"


class ProgramMissing(IacError, FileNotFoundError):
    """Neither OpenTofu nor Terraform is on this machine."""

    code = "program-missing"

    def __init__(self, looked: Sequence[str]) -> None:
        """Name the programs that were looked for."""
        super().__init__(
            f"there is no {' or '.join(looked)} on PATH",
            fix="install OpenTofu (https://opentofu.org) or Terraform, or name the program with --bin",
            looked=list(looked),
        )


class ProgramFailed(IacError):
    """terraform or tofu ended with an error."""

    code = "program-failed"

    def __init__(self, command: str, status: int, said: str) -> None:
        """Carry what the program said last."""
        super().__init__(
            f"{command} failed with status {status}",
            why=said,
            fix="put right what it names; nothing else was done",
            command=command,
            status=status,
        )
        self.status = status
