"""The one way to make a finding of a rule: severity and advice come from the table."""

from __future__ import annotations

from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Edit
from caixa.lisp.source import Span

from ..rules import RULES

__all__ = ["finding"]


def finding(  # noqa: PLR0913 - each is a part of the finding
    code: str,
    span: Span | None,
    message: str,
    /,
    *,
    why: str = "",
    fix: str = "",
    edits: tuple[Edit, ...] = (),
    **data: Any,
) -> Diagnostic:
    """Return a breach of the rule `code`, with the advice of the rule unless `fix` says it better."""
    rule = RULES[code]
    return Diagnostic(code, rule.severity, span, message, why, fix or rule.fix, edits, data)
