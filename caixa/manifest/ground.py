"""Where the rules stand: the places of the parts, and the one way to make a finding of a broken rule."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Edit
from caixa.lisp.source import Span

from .profile import Profile
from .reading import Path, Spans, nearest

if TYPE_CHECKING:
    from .rules.rule import Rule

__all__ = ["NO_SPANS", "Ground"]

NO_SPANS: Spans = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ground:
    """The spans, the profile, and the slots of which a part was left out in reading."""

    spans: Spans = field(default_factory=lambda: NO_SPANS)  # 3.11 takes a mappingproxy for mutable
    profile: Profile = Profile.STRICT
    dropped: Set[str] = frozenset()
    keys: Spans = field(default_factory=lambda: NO_SPANS)  # of the keywords, by the path of their values

    @property
    def is_strict(self) -> bool:
        """Whether the rules of the later system hold too (caixa.md appendix A)."""
        return self.profile is Profile.STRICT

    def is_whole(self, *fields: str) -> bool:
        """Whether every part of these slots was read, so that something absent is truly absent."""
        return not any(field in self.dropped for field in fields)

    def removal(self, path: Path) -> tuple[Edit, ...]:
        """Return the edit that takes the slot at `path` out, keyword and value."""
        key, value = self.keys.get(path), self.spans.get(path)
        return (Edit(Span(key.source, key.start, value.end), ""),) if key and value else ()

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
        edits: tuple[Edit, ...] = (),
        **data: Any,
    ) -> Diagnostic:
        """Return a finding at `path`; `rewrite` is the text that would be right in its place.

        The rule of `code` says how grave it is, and why and what to do unless that is said here.
        """
        rule = _rule_of(code)
        exact = self.spans.get(path)
        if rewrite is not None and exact is not None:
            edits = (*edits, Edit(exact, rewrite))
        span = nearest(self.spans, path)
        return Diagnostic(code, rule.severity, span, message, why or rule.says, fix or rule.fix, edits, data)


def _rule_of(code: str) -> Rule:
    from .rules.table import rule_of  # noqa: PLC0415 - most manifests break no rule

    return rule_of(code)
