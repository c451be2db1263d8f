"""What can go wrong in Lisp, as one tree.

    Reportable
    └── LispError                 carries a kind, the tag that `catch` and `error-tag` see
        └── ReaderError           the text is not Lisp; subkind says how
"""

from __future__ import annotations

from typing import Any

from .diagnostics import Diagnostic, Reportable, Severity
from .source import Span

__all__ = ["LispError", "ReaderError"]


class LispError(Reportable):
    """An error of the language, with the kind of language.md section 4.6."""

    kind = "native-fn"

    def __init__(self, message: str, span: Span | None = None, *, fix: str = "", **data: Any) -> None:
        """Say what happened, where, and what to do; `data` are the values that belong to the kind."""
        super().__init__(Diagnostic(self.kind, Severity.ERROR, span, message, fix=fix, data=data))
        self.message = message
        self.span = span


class ReaderError(LispError):
    """A text that does not read; `subkind` is one of the reader errors of language.md section 1.3."""

    kind = "reader"

    def __init__(self, subkind: str, message: str, span: Span, *, fix: str = "") -> None:
        """Say which rule of the grammar is broken, and where."""
        super().__init__(message, span, fix=fix, subkind=subkind)
        self.subkind = subkind
