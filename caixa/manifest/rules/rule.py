"""A rule as a value, and what its examples are examples of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caixa.lisp.diagnostics import Severity

__all__ = ["Rule", "Where"]


class Where(StrEnum):
    """What the examples of a rule are: slots of a caixa of some kind, or a text of its own."""

    BIBLIOTECA = "Biblioteca"
    BINARIO = "Binario"
    SERVICO = "Servico"
    SUPERVISOR = "Supervisor"
    APLICACAO = "Aplicacao"
    MANIFEST = "a manifest"
    FILES = "files"  # a path a line; `a/` is a directory, `a -> b` a link
    VERSION = "a version"
    REQUIREMENT = "a requirement"
    MODULE_URL = "a module URL"
    JSON = "JSON"

    @property
    def is_kind(self) -> bool:
        """Whether the examples are slots, to be put into a caixa of this kind."""
        return self in _KINDS


_KINDS = frozenset({Where.BIBLIOTECA, Where.BINARIO, Where.SERVICO, Where.SUPERVISOR, Where.APLICACAO})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `says` is the rule as a sentence, `fix` what to do about a breach. `accepts` and `refuses` are examples,
    read as `where` says, in a package that has `files`. `mends` tells whether a breach comes with an edit that
    puts it right, `is_april` whether the profile of the older system has the rule too.
    """

    code: str
    where: Where
    says: str
    fix: str
    accepts: str
    refuses: str
    severity: Severity = Severity.ERROR
    files: tuple[str, ...] = ()
    mends: bool = False
    is_april: bool = False

    @property
    def profiles(self) -> str:
        """The profiles that have the rule."""
        return "strict, april" if self.is_april else "strict"
