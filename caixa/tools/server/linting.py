"""The linter's rules on the pieces of a document: what was found before is found again where nothing changed.

A rule looks at one piece, and at no more of the others than what they define with which parameters, what they
assign and what they mention; so a keystroke costs its own piece, and those that mention what it redefines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from caixa.lisp.core import Define, Lambda
from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.reader import Program
from caixa.lisp.syntax import Form
from caixa.tools.linter import lint_part
from caixa.tools.linting.code import READERS, Code, Import
from caixa.tools.linting.names import unused_imports
from caixa.tools.linting.patterns import PatternRule, matches_of
from caixa.tools.linting.style import Subject, check_style
from caixa.tools.linting.suppression import Silence, silence_of
from caixa.tools.linting.survey import Survey

from .facts import Facts
from .index import Index, Part
from .pieces import Parsed

__all__ = ["Linting", "imports_of", "silence", "style"]

_MOST: Final = 20_000  # pieces remembered


@lru_cache(maxsize=_MOST)
def style(parsed: Parsed, patterns: tuple[PatternRule, ...]) -> tuple[Diagnostic, ...]:
    """Return what the rules of style, and those of one's own, find in a piece."""
    found: list[Diagnostic] = []
    for form in parsed.forms:
        subject = Subject(form, parsed.source, is_strict=True)
        found += check_style(subject)
        found += matches_of(patterns, subject.nodes, parsed.source)
    return tuple(found)


@lru_cache(maxsize=_MOST)
def silence(parsed: Parsed) -> Silence:
    """Return what the comments of a piece silence."""
    return silence_of(Program(parsed.source, parsed.forms, parsed.trailing))


class _Kept(NamedTuple):
    """What is known of the code of a piece: its survey, and what was found with the rest as `around` says."""

    facts: Facts
    unknown: tuple[Import, ...]
    survey: Survey
    names: frozenset[str]
    around: object = None
    found: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Whole:
    """The document around a piece."""

    definitions: Mapping[str, Sequence[Define]]
    changed: Set[str]
    imports: tuple[Import, ...]

    def around(self, names: Set[str]) -> object:
        """Return what the rules can see from a piece that mentions `names`."""
        seen = sorted(names & self.definitions.keys())
        return (
            [(name, _signature(self.definitions[name]), name in self.changed) for name in seen],
            [each.request.target for each in self.imports],
            sorted(names & self.changed),
        )


class Linting:
    """The rules on code, for the documents of a project."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._kept: dict[int, _Kept] = {}  # by id of the facts, which are kept with it

    def findings(
        self, index: Index, imports: Mapping[int, tuple[Import, ...]]
    ) -> Iterator[tuple[Part, Diagnostic]]:
        """Yield what is found in the code of a document; `imports` are by the start of their piece."""
        every = tuple([each for found in imports.values() for each in found])
        unknown = tuple([each for each in every if not each.is_known])
        kept = [(part, self._surveyed(part.facts, unknown)) for part in index.parts]
        whole = _whole([each.survey for _, each in kept], every)
        for part, each in kept:
            around = whole.around(each.names)
            if each.around != around:
                code = _code(index, part, each.survey, whole)
                each = each._replace(around=around, found=tuple(lint_part(code)))  # noqa: PLW2901
                self._kept[id(part.facts)] = each
            yield from ((part, one) for one in each.found)
        for start, found in imports.items():
            part = index.part_at(start)
            yield from ((part, each) for each in _unused(index, part, found))

    def _surveyed(self, facts: Facts, unknown: tuple[Import, ...]) -> _Kept:
        kept = self._kept.get(id(facts))
        if kept is not None and kept.facts is facts and kept.unknown == unknown:
            return kept
        if len(self._kept) >= _MOST:
            self._kept.clear()
        survey = Survey.of(facts.codes, lambda name: any(each.lends(name) for each in unknown))
        names = {each.name for each in survey.references} | {each.local.name for each in survey.bound}
        names |= {each.name for each in survey.definitions}
        kept = self._kept[id(facts)] = _Kept(facts, unknown, survey, frozenset(names))
        return kept


def imports_of(parsed: Parsed, is_known: Mapping[str, bool]) -> tuple[Import, ...]:
    """Return what a piece requires; `is_known` says which targets were found."""
    found: list[Import] = []
    for form in parsed.forms:
        reader = READERS.get(form.head or "") if isinstance(form, Form) else None
        if isinstance(form, Form) and reader is not None:
            with suppress(Reportable):  # what is malformed is told as a form that does not expand
                request = reader(form)
                found.append(Import(form, request, is_known.get(request.target, False)))
    return tuple(found)


def _signature(defined: Sequence[Define]) -> object:
    """Return what a caller sees of the definitions of a name."""
    if len(defined) != 1 or not isinstance(defined[0].value, Lambda):
        return len(defined)
    code = defined[0].value
    return len(code.required), len(code.optional), code.rest is not None


def _whole(surveys: Sequence[Survey], imports: tuple[Import, ...]) -> _Whole:
    definitions: dict[str, list[Define]] = {}
    changed: set[str] = set()
    for survey in surveys:
        for define in survey.definitions:
            definitions.setdefault(define.name, []).append(define)
        changed |= survey.changed
    return _Whole(definitions, changed, imports)


def _code(index: Index, part: Part, survey: Survey, whole: _Whole) -> Code:
    parsed = part.piece.parsed
    code = Code(
        parsed.source,
        index.environment.namespace,
        parsed.forms,
        list(part.facts.codes),
        imports=list(whole.imports),
        program=whole.definitions,
        changed=whole.changed,
    )
    code.survey = survey
    return code


def _unused(index: Index, part: Part, imports: tuple[Import, ...]) -> Iterator[Diagnostic]:
    elsewhere = {symbol for other in index.parts if other is not part for symbol in other.outline.symbols}
    parsed = part.piece.parsed
    code = Code(parsed.source, index.environment.namespace, parsed.forms, imports=list(imports))
    yield from unused_imports(code, elsewhere)
