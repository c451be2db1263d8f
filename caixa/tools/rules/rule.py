"""A rule of the linter as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caixa.lisp.diagnostics import Severity

__all__ = ["Mending", "Rule", "Where"]


class Where(StrEnum):
    """What the examples of a rule are."""

    TEXT = "a text"
    PACKAGE = "a package"  # each file after a line `==> path`


class Mending(StrEnum):
    """Whether a finding comes with an edit: one that never changes what is meant, or one to be looked at."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `says` is what it asks, `fix` what to do; `accepts` and `refuses` are read as `where` says.

    `is_strict` rules are applied by `lint --strict` alone.
    """

    code: str
    severity: Severity
    says: str
    fix: str
    accepts: str
    refuses: str
    where: Where = Where.TEXT
    mending: Mending = Mending.NONE
    is_strict: bool = False
