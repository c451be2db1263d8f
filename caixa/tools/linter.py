"""The linter: what each rule finds in a text, less what its settings and comments silence.

The rules are data (`rules`); the checks are in `linting`, by what they look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.libraries import Loader, no_modules
from caixa.lisp.reader import Program, read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form, Node, symbol_name
from caixa.manifest.decode import decode_form
from caixa.manifest.profile import Profile

from .linting.calls import wrong_arities
from .linting.code import Code, expand_source
from .linting.configuration import Configuration
from .linting.findings import finding
from .linting.flow import constant_tests, unreachable_code
from .linting.names import shadowed_names, unbound_names, unused_imports, unused_locals
from .linting.patterns import matches_of
from .linting.style import Subject, check_style
from .linting.suppression import silence_of

__all__ = ["Around", "defined_names", "lint", "lint_code", "lint_part", "lint_text", "not_expandable"]

_MANIFEST_CODES = frozenset({"slot-unknown", "slot-repeated"})
"""Findings of the manifest's reader that are shown here too; all others are `validate`'s."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a text: where its modules are, what other sources of the package define, the settings."""

    loader: Loader = no_modules
    elsewhere: Set[str] = frozenset()
    configuration: Configuration = field(default_factory=Configuration)


def lint(source: Source, profile: Profile = Profile.STRICT) -> list[Diagnostic]:
    """Return what the ten rules of style find, form by form, with the safe fixes as edits.

    Raises ReaderError for a text that is not Lisp.
    """
    subjects = (Subject(form, source, profile is Profile.STRICT) for form in read(source).forms)
    return [found for subject in subjects for found in check_style(subject)]


def lint_text(source: Source, around: Around | None = None) -> list[Diagnostic]:
    """Return what every rule on texts finds in `source`, less what settings and comments silence.

    Raises ReaderError for a text that is not Lisp.
    """
    around = around or Around()
    program = read(source)
    found = around.configuration.applied(_findings(program, around))
    return list(silence_of(program).audible(found))


def _findings(program: Program, around: Around) -> Iterator[Diagnostic]:
    nodes: list[Node] = []
    for form in program.forms:
        subject = Subject(form, program.source, is_strict=True)
        nodes += subject.nodes
        yield from check_style(subject)
        yield from _manifest_findings(form, program.source)
    yield from matches_of(around.configuration.patterns, nodes, program.source)
    code = expand_source(program.source, program.forms, around.loader)
    yield from lint_code(code, around.elsewhere)


def _manifest_findings(form: Node, source: Source) -> Iterator[Diagnostic]:
    if isinstance(form, Form) and form.head == "defcaixa":
        yield from (each for each in decode_form(form, source).problems if each.code in _MANIFEST_CODES)


def lint_code(code: Code, elsewhere: Set[str] = frozenset()) -> list[Diagnostic]:
    """Return what the rules on code find, in the order of the text.

    Of code whose macros were stopped there is nothing to say but that: what they would have defined is unknown.
    """
    if not code.is_whole:
        return list(_failures(code))
    found = [
        *_failures(code),
        *unbound_names(code, elsewhere),
        *unused_imports(code),
        *lint_part(code),
    ]
    return sorted(found, key=lambda each: each.span.start if each.span else -1)


def lint_part(code: Code) -> Iterator[Diagnostic]:
    """Yield what the rules find that look at one part of a program, and at signatures in the rest."""
    yield from wrong_arities(code)
    yield from unreachable_code(code)
    yield from constant_tests(code)
    yield from unused_locals(code)
    yield from shadowed_names(code)


def not_expandable(error: Reportable) -> Iterator[Diagnostic]:
    """Yield what is said of a form that does not expand."""
    for each in error.diagnostics:
        yield finding("not-expandable", each.span, each.message, why=each.why, fix=each.fix, kind=each.code)


def _failures(code: Code) -> Iterator[Diagnostic]:
    """Yield the forms that do not expand; where macros may be missing, that says nothing."""
    if any(not each.is_known for each in code.imports):
        return
    for error in code.failures:
        yield from not_expandable(error)


def defined_names(program: Program) -> set[str]:
    """Return the names that the top-level forms of `program` seem to define, before expansion."""
    found: set[str] = set()
    for form in program.forms:
        if isinstance(form, Form) and len(form) > 1 and (form.head or "").startswith("def"):
            target = form.items[1]
            named = target.items[0] if isinstance(target, Form) and target.items else target
            found |= {name} if (name := symbol_name(named)) is not None else set()
    return found
