"""What is wrong with a document: reading, expansion, manifest, modules, names and style, each at its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.reader import Program
from caixa.lisp.source import Span
from caixa.lisp.syntax import Form
from caixa.manifest.ground import Ground
from caixa.manifest.layout import verify
from caixa.manifest.package import MANIFEST
from caixa.tools.linter import lint
from caixa.tools.linting.suppression import silence_of

from .facts import Mention, Role
from .index import Index, Part
from .pieces import Parsed
from .project import Project, manifest_reading
from .text import Range

__all__ = ["Finding", "check", "fixes"]


class Finding(NamedTuple):
    """A diagnostic, where it is in the document, and what its edits would replace there."""

    diagnostic: Diagnostic
    place: Range
    edits: tuple[tuple[Range, str], ...] = ()


def check(project: Project, index: Index) -> list[Finding]:
    """Return everything found in a document, in the order of the text."""
    found = [finding for part in index.parts for finding in _of_part(project, index, part)]
    found += _of_needs(project, index)
    found += _of_names(project, index)
    return sorted(found, key=lambda each: (each.place, each.diagnostic.severity.rank))


def fixes(project: Project, index: Index, place: Range) -> list[Finding]:
    """Return the findings that touch `place` and can be mended by edits."""
    return [each for each in check(project, index) if each.edits and each.place.start <= place.end
            and place.start <= each.place.end]  # fmt: skip


def _of_part(project: Project, index: Index, part: Part) -> Iterator[Finding]:
    parsed = part.piece.parsed
    if parsed.error is not None:
        yield from (_placed(part, each) for each in parsed.error.diagnostics)
        return  # what is said of a mended text would be about the mending
    yield from (_placed(part, each) for each in part.facts.problems)
    yield from (_placed(part, each) for each in _style(parsed))
    for form in parsed.forms:
        if isinstance(form, Form) and form.head == "defcaixa":
            yield from (_placed(part, each) for each in _manifest(project, index, parsed, form))


def _placed(part: Part, diagnostic: Diagnostic) -> Finding:
    parsed, start = part.piece.parsed, part.start

    def moved(span: Span) -> Range:
        return parsed.range(span.start, span.end).moved(start)

    span = diagnostic.span
    is_here = span is not None and span.source == parsed.source.name
    place = moved(span) if span is not None and is_here else Range(start, start)
    edits = tuple((moved(edit.span), edit.text) for edit in diagnostic.edits)
    return Finding(diagnostic, place, edits)


@lru_cache(maxsize=20_000)
def _style(parsed: Parsed) -> tuple[Diagnostic, ...]:
    try:
        found = lint(parsed.source)
    except Reportable as error:
        return error.diagnostics
    silence = silence_of(Program(parsed.source, parsed.forms, parsed.trailing))
    return tuple(silence.audible(found))


def _manifest(project: Project, index: Index, parsed: Parsed, form: Form) -> Iterator[Diagnostic]:
    reading = manifest_reading(parsed, form)
    yield from reading.diagnostics
    folder = posixpath.dirname(index.path)
    if reading.caixa is not None and posixpath.basename(index.path) == MANIFEST:
        known = {(each.code, each.span) for each in reading.diagnostics}
        found = verify(
            reading.caixa, lambda path: project.exists(posixpath.join(folder, path)), Ground(reading.spans)
        )
        yield from (each for each in found if (each.code, each.span) not in known)


def _of_needs(project: Project, index: Index) -> Iterator[Finding]:
    for part, need in index.needs:
        if not project.modules(index.path, need.request, is_library=need.is_library):
            code, what = ("library-not-found", "library") if need.is_library else ("module-not-found", "module")
            message = f"there is no {what} `{need.request.target}` here"
            fix = "Lock it from a path source." if need.is_library else "`./x` is beside this file."
            yield Finding(
                Diagnostic(code, Severity.WARNING, None, message, fix=fix), need.place.moved(part.start)
            )


def _of_names(project: Project, index: Index) -> Iterator[Finding]:
    known = project.language_names | index.definitions.keys() | project.imports(index).keys()
    lost = {
        need.request.alias
        for _, need in index.needs
        if not project.modules(index.path, need.request, is_library=need.is_library)
    }
    for part in index.parts:
        if part.piece.parsed.error is not None or _is_foreign(part, known):
            continue
        for mention in part.facts.mentions:
            if mention.name not in known and not (lost and _may_be_lost(mention, lost)):
                yield _unbound(part, mention, known)


def _is_foreign(part: Part, known: frozenset[str]) -> bool:
    """Whether a piece holds a typed form of a domain that is not ours."""
    heads = [form.head or "" for form in part.piece.parsed.forms if isinstance(form, Form)]
    return any(head.startswith("def") and head not in known and head != "defcaixa" for head in heads)


def _may_be_lost(mention: Mention, aliases: set[str]) -> bool:
    """Whether a name may come from a module that is not here."""
    return "/" not in mention.name or mention.name.partition("/")[0] in aliases


def _unbound(part: Part, mention: Mention, known: frozenset[str]) -> Finding:
    close = get_close_matches(mention.name, known, n=1, cutoff=0.75) if len(mention.name) > 2 else []
    message = f"nothing here defines `{mention.name}`"
    if mention.role is Role.REFER:
        message = f"no module provides `{mention.name}` here"
    fix = f"Did you mean `{close[0]}`?" if close else ""
    place = mention.place.moved(part.start)
    edits = ((place, close[0]),) if close else ()
    return Finding(Diagnostic("unbound-name", Severity.WARNING, None, message, fix=fix), place, edits)
