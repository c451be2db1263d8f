"""Where the rules stand: the places of the parts, and the one way to make a finding of a broken rule."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity

from .profile import Profile
from .reading import Path, Spans, nearest

__all__ = ["NO_SPANS", "Ground"]

NO_SPANS: Spans = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ground:
    """The spans, the profile, and the slots of which a part was left out in reading."""

    spans: Spans = field(default_factory=lambda: NO_SPANS)  # 3.11 takes a mappingproxy for mutable
    profile: Profile = Profile.STRICT
    dropped: Set[str] = frozenset()

    @property
    def is_strict(self) -> bool:
        """Whether the rules of the later system hold too (caixa.md appendix A)."""
        return self.profile is Profile.STRICT

    def is_whole(self, *fields: str) -> bool:
        """Whether every part of these slots was read, so that something absent is truly absent."""
        return not any(field in self.dropped for field in fields)

    def error(  # noqa: PLR0913 - each is a part of the finding
        self,
        code: str,
        path: Path,
        message: str,
        /,
        *,
        why: str = "",
        fix: str = "",
        rewrite: str | None = None,
        severity: Severity = Severity.ERROR,
        **data: Any,
    ) -> Diagnostic:
        """Return a finding at `path`; `rewrite` is the text that would be right in its place."""
        span = nearest(self.spans, path)
        exact = self.spans.get(path)
        edits = (Edit(exact, rewrite),) if rewrite is not None and exact is not None else ()
        return Diagnostic(code, severity, span, message, why, fix, edits, data)
