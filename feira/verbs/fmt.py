"""`fmt`: Lisp texts in canonical layout (caixa.md section 6.2): written, checked, or shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.source import Source

from ..results import Piece, Result, Role, aside, finding_pieces, plural, unified
from ..sources import Chained
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.tools.formatter import Style

__all__ = ["FmtReport", "Formatted", "fmt", "style_of"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """One text: its canonical layout (None if it has that already), or why it has none."""

    source: Source
    formatted: str | None = None
    problems: tuple[Diagnostic, ...] = ()
    is_written: bool = False

    @property
    def diff(self) -> str:
        """What formatting changes, as a unified diff."""
        return "" if self.formatted is None else unified(self.source, self.formatted)


@dataclass(frozen=True, slots=True)
class FmtReport(Result):
    """What formatting makes of some texts; `is_check` lists those that it would change, `shown` prints some."""

    texts: tuple[Formatted, ...]
    is_check: bool = False
    shown: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def changed(self) -> tuple[Formatted, ...]:
        """The texts that were not in canonical layout."""
        return tuple(text for text in self.texts if text.formatted is not None)

    @property
    def ok(self) -> bool:
        """Whether every text reads, and for a check, whether nothing would change."""
        return not any(text.problems for text in self.texts) and not (self.is_check and self.changed)

    def pieces(self) -> Iterator[Piece]:
        """Yield what is shown or listed as data, and a line for each text that was written or does not read."""
        problems = {(each.span, each.message): each for text in self.texts for each in text.problems}
        yield from finding_pieces(
            problems.values(), self.sources
        )  # bad settings are one problem, not one a file
        for text in self.texts:
            if text.source.name in self.shown:
                yield Piece(text.source.text if text.formatted is None else text.formatted)
            elif text.is_written:
                yield aside(f"✓ formatted {text.source.name}", Role.ADDED)
            elif self.is_check and text.formatted is not None:
                yield Piece(text.source.name + "\n")
        yield from self._summary()

    def _summary(self) -> Iterator[Piece]:
        failed = sum(bool(text.problems) for text in self.texts)
        changes = f", {len(self.changed)} to change" if self.is_check and self.changed else ""
        failures = f", {failed} not read or written" if failed else ""
        mark, role = ("✓", Role.ADDED) if self.ok else ("✗", Role.ERROR)
        yield aside(f"{mark} {plural(len(self.texts), 'file')}{changes}{failures}", role)

    def to_json(self) -> dict[str, Any]:
        """Return for each text whether it was changed, its diff and its problems."""
        files = [
            {
                "path": text.source.name,
                "changed": text.formatted is not None,
                "written": text.is_written,
                "diff": text.diff,
                "problems": [problem.to_json() for problem in text.problems],
            }
            for text in self.texts
        ]
        return {"ok": self.ok, "files": files}


def fmt(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    files: Sequence[str] = (),
    *,
    check: bool = False,
    stdout: bool = False,
    write: bool = True,
    line_width: int | None = None,
) -> FmtReport:
    """Lay out the manifest and the Lisp sources of a package, or the `files` and folders that are named.

    A text that does not read is a problem in the answer, and the others are still formatted. The style is that
    of the nearest `.caixa-fmt.lisp`. Without `write`, and with `stdout` or `check`, nothing is written; the
    first two show what would be. Raises FileProblem for a file that is not there, MissingManifest.
    """
    from ._texts import text_names  # noqa: PLC0415 - beside the tools that need it

    names = text_names(workspace, subject, files)
    texts = tuple(_formatted(workspace, subject, name, line_width) for name in names)
    shown: tuple[str, ...] = ()
    if stdout or not (write or check):
        first = () if stdout else names[:1]  # in a notebook the manifest is shown whether or not it changes
        changed = (text.source.name for text in texts if text.formatted is not None)
        shown = tuple(dict.fromkeys([*first, *changed]))
    elif not check:
        texts = tuple(_written(workspace, subject, text) for text in texts)
    sources = Chained({text.source.name: text.source for text in texts}, workspace.sources)
    return FmtReport(texts, is_check=check, shown=shown, sources=sources)


def _formatted(workspace: Workspace, subject: str | None, name: str, width: int | None) -> Formatted:
    from caixa.tools.formatter import format_source  # noqa: PLC0415 - other verbs need no tools

    source = Source(name, "")
    try:
        source = workspace.text(subject, name)
        text = format_source(source, style_of(workspace, subject, name, width))
    except Reportable as error:
        return Formatted(source, problems=error.diagnostics)
    return Formatted(source, text if text != source.text else None)


def style_of(workspace: Workspace, subject: str | None, name: str, width: int | None = None) -> Style:
    """Return the style that holds for a source: that of the nearest settings file, `width` before it."""
    from caixa.tools.formatter import Style  # noqa: PLC0415 - likewise
    from caixa.tools.formatting.configuration import STYLE_FILE, read_style  # noqa: PLC0415 - likewise

    settings = workspace.settings(subject, name, STYLE_FILE)
    style = Style() if settings is None else read_style(settings)
    return style if width is None else replace(style, line_width=width)


def _written(workspace: Workspace, subject: str | None, text: Formatted) -> Formatted:
    if text.formatted is None:
        return text
    try:
        workspace.replace_text(subject, text.source.name, text.formatted)
    except Reportable as error:
        return replace(text, problems=error.diagnostics)
    return replace(text, is_written=True)
