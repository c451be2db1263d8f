"""What is wrong with a document: reading, expansion, manifest, modules, names and style, each at its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Set
from difflib import get_close_matches
from typing import NamedTuple

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form
from caixa.manifest.ground import Ground
from caixa.manifest.layout import verify
from caixa.manifest.package import MANIFEST

from ..errors import InvalidSettings
from ..formatting.configuration import read_style
from ..linting.code import Import
from ..linting.configuration import CONFIG_FILE, Configuration, read_configuration
from ..linting.names import unbound_name
from ..rules import RULES
from .facts import Mention, Role
from .index import Index, Part
from .linting import imports_of, silence, style
from .pieces import Parsed
from .project import SETTINGS, Project, manifest_reading
from .text import Range

__all__ = ["Finding", "check", "fixes"]


class Finding(NamedTuple):
    """A diagnostic, where it is in the document, and what its edits, if they are `is_safe`, replace there."""

    diagnostic: Diagnostic
    place: Range
    edits: tuple[tuple[Range, str], ...] = ()
    is_safe: bool = True


def check(project: Project, index: Index) -> list[Finding]:
    """Return everything found in a document, in the order of the text."""
    if posixpath.basename(index.path) in SETTINGS:
        return list(_of_settings(index))
    configuration = project.configuration(index.path)
    silent = {rule for part in index.parts for rule in silence(part.piece.parsed).file}
    found: list[Finding] = []
    by_part: dict[int, list[Diagnostic]] = {}
    for part, diagnostic in _diagnostics(project, index, configuration):
        by_part.setdefault(part.start, []).append(diagnostic)
    for start, diagnostics in by_part.items():
        part = index.part_at(start)
        audible = silence(part.piece.parsed).audible(configuration.applied(diagnostics))
        found += [
            _placed(part, each, is_safe=each.code not in RULES or configuration.may_fix(each.code))
            for each in audible
            if not silent & {"", each.code}
        ]
    found += _of_needs(project, index)
    return sorted(found, key=lambda each: (each.place, each.diagnostic.severity.rank))


def fixes(project: Project, index: Index, place: Range) -> list[Finding]:
    """Return the findings that touch `place` and can be mended by edits."""
    return [each for each in check(project, index) if each.edits and each.place.start <= place.end
            and place.start <= each.place.end]  # fmt: skip


def _diagnostics(
    project: Project, index: Index, configuration: Configuration
) -> Iterator[tuple[Part, Diagnostic]]:
    """Yield what is wrong with the pieces of a document; of what does not read, no more than that."""
    for part in index.parts:
        parsed = part.piece.parsed
        found = [*part.facts.problems, *style(parsed, configuration.patterns)]
        yield from ((part, each) for each in (found if parsed.error is None else parsed.error.diagnostics))
    known = project.language_names() | index.definitions.keys() | project.imports(index).keys()
    parts = [part for part in index.parts if part.piece.parsed.error is None and not _is_foreign(part, known)]
    sound = {part.start for part in parts}
    for part in parts:
        for form in part.piece.parsed.forms:
            if isinstance(form, Form) and form.head == "defcaixa":
                yield from ((part, each) for each in _manifest(project, index, part.piece.parsed, form))
    imports = _imports(project, index)
    found_in_code = project.linting.findings(index, imports)
    yield from ((part, each) for part, each in found_in_code if part.start in sound)
    lost = {each.request.alias for found in imports.values() for each in found if not each.is_known}
    for part, mention in index.mentions():
        if part.start in sound and mention.name not in known and not (lost and _may_be_lost(mention, lost)):
            yield from _unbound(project, index, part, mention, known)


def _imports(project: Project, index: Index) -> dict[int, tuple[Import, ...]]:
    """Return what the pieces of a document require, by where they start, and whether it was found."""
    is_known = {
        need.request.target: bool(project.modules(index.path, need.request, is_library=need.is_library))
        for _, need in index.needs
    }
    return {part.start: imports_of(part.piece.parsed, is_known) for part, _ in index.needs}


def _of_settings(index: Index) -> Iterator[Finding]:
    """Yield what is wrong with a settings file."""
    name = posixpath.basename(index.path)
    source = Source(name, index.text.value)
    try:
        (read_configuration if name == CONFIG_FILE else read_style)(source)
    except InvalidSettings as error:
        for each in error.diagnostics:
            span = each.span or source.span(0, 0)
            yield Finding(each, Range(source.char_index(span.start), source.char_index(span.end)))


def _placed(part: Part, diagnostic: Diagnostic, *, is_safe: bool) -> Finding:
    parsed, start = part.piece.parsed, part.start

    def moved(span: Span) -> Range:
        return parsed.range(span.start, span.end).moved(start)

    span = diagnostic.span
    is_here = span is not None and span.source == parsed.source.name
    place = moved(span) if span is not None and is_here else Range(start, start)
    edits = tuple((moved(edit.span), edit.text) for edit in diagnostic.edits)
    return Finding(diagnostic, place, edits, is_safe)


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
            advice = "Write it into :deps, and run `feira lock`."
            fix = advice if need.is_library else "`./x` is beside this file."
            yield Finding(
                Diagnostic(code, Severity.WARNING, None, message, fix=fix), need.place.moved(part.start)
            )


def _is_foreign(part: Part, known: Set[str]) -> bool:
    """Whether a piece holds a typed form of a domain that is not ours."""
    heads = [form.head or "" for form in part.piece.parsed.forms if isinstance(form, Form)]
    return any(head.startswith("def") and head not in known and head != "defcaixa" for head in heads)


def _may_be_lost(mention: Mention, aliases: Set[str]) -> bool:
    """Whether a name may come from a module that is not here."""
    return "/" not in mention.name or mention.name.partition("/")[0] in aliases


def _unbound(
    project: Project, index: Index, part: Part, mention: Mention, known: Set[str]
) -> Iterator[tuple[Part, Diagnostic]]:
    """Yield that a name means nothing here, nor in the rest of the package."""
    is_asked = mention.role is Role.REFER
    if not is_asked and project.is_defined_near(index.path, mention.name):
        return
    source = part.piece.parsed.source
    span = source.span(mention.place.start, mention.place.end)
    close = get_close_matches(mention.name[:64], known, n=1, cutoff=0.7) if len(mention.name) > 2 else []
    found = unbound_name(mention.name, span, close[0] if close else None)
    yield part, found._replace(message=f"no module provides `{mention.name}` here") if is_asked else found
