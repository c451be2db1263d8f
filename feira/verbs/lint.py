"""`lint`: the ten rules of style (caixa.md section 6.3), with the safe fixes shown or made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..results import Piece, Result, Role, aside, diff_pieces, finding_pieces, plural, unified
from ..workspace import Workspace, read_text

__all__ = ["LintReport", "Linted", "lint"]


@dataclass(frozen=True, slots=True)
class Linted:
    """One text: its findings, and the text that the safe fixes make of it (None: they change nothing)."""

    source: Source
    findings: tuple[Diagnostic, ...]
    fixed: str | None = None

    @property
    def diff(self) -> str:
        """What the fixes change, as a unified diff."""
        return "" if self.fixed is None else unified(self.source, self.fixed)


@dataclass(frozen=True, slots=True)
class LintReport(Result):
    """The findings on one or more texts; `is_fixed` says that the fixes were written."""

    texts: tuple[Linted, ...]
    is_fixed: bool = False
    shows_fixes: bool = False
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Every finding, text by text."""
        return tuple(finding for text in self.texts for finding in text.findings)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield the findings, the diff of a dry fix, and the count."""
        yield from finding_pieces(self.findings, self.sources)
        for text in self.texts:
            if self.shows_fixes:
                yield from diff_pieces(text.diff)
            elif self.is_fixed and text.fixed is not None:
                yield aside(f"✓ fixed {text.source.name}", Role.ADDED)
        count = plural(len(self.findings), "finding") if self.findings else "no findings"
        role = Role.ADDED if not self.findings else Role.MUTED if self.ok else Role.ERROR
        yield aside(f"{'✓' if self.ok else '✗'} {plural(len(self.texts), 'file')}, {count}", role)

    def to_json(self) -> dict[str, Any]:
        """Return the findings of each text, and its fix if it has one."""
        return {
            "ok": self.ok,
            "fixed": self.is_fixed,
            "files": [
                {
                    "path": text.source.name,
                    "findings": [finding.to_json() for finding in text.findings],
                    "diff": text.diff,
                }
                for text in self.texts
            ],
        }


def lint(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    files: Sequence[str] = (),
    *,
    errors_only: bool = False,
    fix: bool = False,
    fix_dry_run: bool = False,
) -> LintReport:
    """Check the manifest and the Lisp sources of a package, or the `files` that are named.

    With `fix` the safe fixes are written and what remains is reported; with `fix_dry_run` they are shown.
    Raises FileProblem and ReaderError; a text that does not read stops the check before anything is written.
    """
    sources = [read_text(workspace.locate(file)) for file in files] if files else workspace.texts(subject)
    texts = tuple(_lint(source) for source in sources)
    if fix:
        for text in texts:
            if text.fixed is not None:
                workspace.replace_text(subject, text.source.name, text.fixed)
        texts = tuple(
            replace(_lint(Source(t.source.name, t.fixed or t.source.text)), fixed=t.fixed) for t in texts
        )
    if errors_only:
        texts = tuple(replace(t, findings=tuple(f for f in t.findings if f.is_error)) for t in texts)
    shown = {text.source.name: text.source for text in texts}
    return LintReport(texts, is_fixed=fix, shows_fixes=fix_dry_run and not fix, sources=shown)


def _lint(source: Source) -> Linted:
    from caixa.tools.edits import fix_safely  # noqa: PLC0415 - other verbs need no tools
    from caixa.tools.linter import lint as find  # noqa: PLC0415 - the same

    findings = tuple(find(source))
    text, seen = source.text, {source.text}
    while True:  # a fix may let another rule see more; a text that came before ends it
        text = fix_safely(Source(source.name, text), find(Source(source.name, text))).text
        if text in seen:
            break
        seen.add(text)
    return Linted(source, findings, text if text != source.text else None)
