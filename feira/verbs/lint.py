"""`lint`: style, code and package checked (caixa.md section 6.3), with the fixes shown or made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.source import Source

from ..results import Piece, Result, Role, aside, diff_pieces, finding_pieces, plural, unified
from ..sources import Chained
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.tools.linter import Around
    from caixa.tools.linting.configuration import Configuration

__all__ = ["LintReport", "Linted", "lint"]


@dataclass(frozen=True, slots=True)
class Linted:
    """One text: its findings, and the text that the fixes make of it (None: they change nothing)."""

    source: Source
    findings: tuple[Diagnostic, ...]
    fixed: str | None = None

    @property
    def diff(self) -> str:
        """What the fixes change, as a unified diff."""
        return "" if self.fixed is None else unified(self.source, self.fixed)


@dataclass(frozen=True, slots=True)
class LintReport(Result):
    """The findings on one or more texts; `is_fixed` says that the fixes were written.

    `package` are the findings on the package as a whole, `unchecked` the invariants not looked at, and why.
    """

    texts: tuple[Linted, ...]
    package: tuple[Diagnostic, ...] = ()
    unchecked: Mapping[str, str] = field(default_factory=dict)
    is_fixed: bool = False
    shows_fixes: bool = False
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Every finding, text by text, then those on the package."""
        return (*(finding for text in self.texts for finding in text.findings), *self.package)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield the findings, the diff of a dry fix, what was not checked, and the count."""
        yield from finding_pieces(self.findings, self.sources)
        for text in self.texts:
            if self.shows_fixes:
                yield from diff_pieces(text.diff)
            elif self.is_fixed and text.fixed is not None:
                yield aside(f"✓ fixed {text.source.name}", Role.ADDED)
        for name, why in self.unchecked.items():
            yield aside(f"- {name} not checked: {why}", Role.MUTED)
        count = plural(len(self.findings), "finding") if self.findings else "no findings"
        role = Role.ADDED if not self.findings else Role.MUTED if self.ok else Role.ERROR
        yield aside(f"{'✓' if self.ok else '✗'} {plural(len(self.texts), 'file')}, {count}", role)

    def to_json(self) -> dict[str, Any]:
        """Return the findings of each text, and its fix if it has one; then those on the package."""
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
            "package": [finding.to_json() for finding in self.package],
            "unchecked": dict(self.unchecked),
        }


def lint(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    files: Sequence[str] = (),
    *,
    errors_only: bool = False,
    strict: bool = False,
    fix: bool = False,
    fix_unsafe: bool = False,
    fix_dry_run: bool = False,
) -> LintReport:
    """Check a package, its manifest and its Lisp sources; or the `files` and folders that are named.

    With `fix` the safe fixes are written and what remains is reported, with `fix_unsafe` the others too; with
    `fix_dry_run` they are shown. A text that does not read is a finding, and the others are still checked.
    Raises FileProblem for a file that is not there, MissingManifest.
    """
    from ._texts import text_names  # noqa: PLC0415 - beside the tools that need it

    work = _Linting(workspace, subject, text_names(workspace, subject, files), fix_unsafe=fix_unsafe)
    texts = tuple(work.linted(name, is_fixing=fix or fix_unsafe or fix_dry_run) for name in work.names)
    if (fix or fix_unsafe) and not fix_dry_run:
        texts = tuple(work.written(text) for text in texts)
    package, unchecked = ((), {}) if files else work.package(is_strict=strict)
    if errors_only:
        texts = tuple(replace(text, findings=_errors(text.findings)) for text in texts)
        package = _errors(package)
    return LintReport(
        texts,
        package,
        unchecked,
        is_fixed=(fix or fix_unsafe) and not fix_dry_run,
        shows_fixes=fix_dry_run,
        sources=Chained({text.source.name: text.source for text in texts}, workspace.sources),
    )


def _errors(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(finding for finding in findings if finding.is_error)


class _Linting:
    """One use of the verb: the texts, read once, and what surrounds each."""

    def __init__(
        self, workspace: Workspace, subject: str | None, names: Sequence[str], *, fix_unsafe: bool
    ) -> None:
        self.workspace, self.subject, self.names = workspace, subject, names
        self.fix_unsafe = fix_unsafe
        self.defined: Set[str] = frozenset()
        self.unread: dict[str, tuple[Diagnostic, ...]] = {}
        self.told: list[Diagnostic] = []  # of settings that do not read: they are those of several texts
        self.texts = {name: self._read(name) for name in names}

    def _read(self, name: str) -> Source:
        """Return a text, having noted what it defines for the others; or an empty one, and why."""
        from caixa.lisp.reader import read  # noqa: PLC0415 - other verbs need no tools
        from caixa.tools.linter import defined_names  # noqa: PLC0415 - the same

        source = Source(name, "")
        try:
            source = self.workspace.text(self.subject, name)
            self.defined = self.defined | defined_names(read(source))
        except Reportable as error:
            self.unread[name] = error.diagnostics
        return source

    def linted(self, name: str, *, is_fixing: bool) -> Linted:
        """Return the findings on a text, and what the fixes make of it."""
        source = self.texts[name]
        if name in self.unread:
            return Linted(source, self.unread[name])
        try:
            around = self._around(name)
            findings = self._found(source, around)
            return Linted(source, findings, self._fixed(source, findings, around) if is_fixing else None)
        except Reportable as error:
            return Linted(source, self._untold(error))

    def _untold(self, error: Reportable) -> tuple[Diagnostic, ...]:
        fresh = tuple(each for each in error.diagnostics if each not in self.told)
        self.told += fresh
        return fresh

    def _around(self, name: str) -> Around:
        from caixa.tools.linter import Around  # noqa: PLC0415 - as above

        loader = self.workspace.modules(self.subject, name)
        return Around(loader, self.defined, _configuration(self.workspace, self.subject, name))

    def _found(self, source: Source, around: Around) -> tuple[Diagnostic, ...]:
        from caixa.tools.linter import lint_text  # noqa: PLC0415 - as above

        return tuple(lint_text(source, around))

    def _fixed(self, source: Source, findings: Sequence[Diagnostic], around: Around) -> str | None:
        """Return the text with its fixes, laid out; None if there are none."""
        from caixa.tools.edits import fix_safely  # noqa: PLC0415 - as above
        from caixa.tools.formatter import format_source  # noqa: PLC0415 - as above

        from .fmt import style_of  # noqa: PLC0415 - as above

        text, seen = source.text, {source.text}
        while True:  # a fix may let another rule see more; a text that came before ends it
            at = Source(source.name, text)
            text = fix_safely(at, self._mended(findings, around.configuration)).text
            if text in seen:
                break
            seen.add(text)
            findings = self._found(Source(source.name, text), around)
        if text == source.text:
            return None
        return format_source(Source(source.name, text), style_of(self.workspace, self.subject, source.name))

    def _mended(self, findings: Iterable[Diagnostic], configuration: Configuration) -> Iterator[Diagnostic]:
        return (each for each in findings if self.fix_unsafe or configuration.may_fix(each.code))

    def written(self, text: Linted) -> Linted:
        """Put a fixed text in its place; return what remains to be said of it."""
        if text.fixed is None:
            return text
        try:
            self.workspace.replace_text(self.subject, text.source.name, text.fixed)
            source = Source(text.source.name, text.fixed)
            return Linted(source, self._found(source, self._around(source.name)), text.fixed)
        except Reportable as error:
            return replace(text, findings=(*text.findings, *error.diagnostics), fixed=None)

    def package(self, *, is_strict: bool) -> tuple[tuple[Diagnostic, ...], Mapping[str, str]]:
        """Return the findings on the package as a whole, and what was not checked."""
        from caixa.tools.linting.package import PackageFiles, check_package, unchecked  # noqa: PLC0415 - as above

        try:
            manifest = self.workspace.text(self.subject, self.names[0])
            files = PackageFiles(manifest, self.workspace.files(self.subject))
            configuration = _configuration(self.workspace, self.subject, manifest.name)
        except Reportable as error:
            return (() if self.names[0] in self.unread else self._untold(error)), {}
        found = tuple(configuration.applied(check_package(files, is_strict=is_strict)))
        return found, unchecked(files) if is_strict else {}


def _configuration(workspace: Workspace, subject: str | None, name: str) -> Configuration:
    from caixa.tools.linting.configuration import (  # noqa: PLC0415 - other verbs need no tools
        CONFIG_FILE,
        Configuration,
        read_configuration,
    )

    settings = workspace.settings(subject, name, CONFIG_FILE)
    return Configuration() if settings is None else read_configuration(settings)
