"""The settings file `.caixa-lint.lisp`: `(deflint-config …)` (caixa.md section 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.printer import write_syntax
from caixa.lisp.source import Source
from caixa.lisp.syntax import Node
from caixa.manifest.decoding import Place, closest
from caixa.manifest.profile import Profile
from caixa.manifest.reading import Spans
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, Choice, ListOf, Shape, Text

from ..errors import InvalidSettings
from ..rules import RULES, Mending
from ..settings import read_settings
from .patterns import PatternRule

__all__ = ["CONFIG_FILE", "CONFIG_SLOTS", "CUSTOM_SLOTS", "Configuration", "read_configuration"]

CONFIG_FILE: Final = ".caixa-lint.lisp"


class _Syntax(Shape):
    """Any form, as it is written."""

    name = "a form"

    def decode(self, node: Node, place: Place) -> Node:  # noqa: ARG002 - every form will do
        """Take the form itself."""
        return node

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the form as text."""
        return write_syntax(value)


@dataclass(frozen=True, slots=True)
class _Setting:
    id: str
    habilitada: bool = True
    severidade: Severity | None = None


@dataclass(frozen=True, slots=True)
class _Custom:
    id: str
    descricao: str
    padrao: Node
    severidade: Severity | None = None
    substituicao: Node | None = None
    segura: bool = False


@dataclass(frozen=True, slots=True)
class _Settings:
    severidade_padrao: Severity
    regras: tuple[_Setting, ...]
    regras_customizadas: tuple[_Custom, ...]


_TEXT: Final = Text()
_SEVERITY: Final = Choice(Severity)
_RULE: Final = Record(
    "a rule's setting",
    _Setting,
    [
        Slot("id", _TEXT, "The rule.", '"small-forms"', required=True),
        Slot("habilitada", Boolean(), "Whether it is applied.", "#f", default=True),
        Slot("severidade", _SEVERITY, "How much a breach matters.", "error"),
    ],
)
CUSTOM_SLOTS: Final = (
    Slot("id", _TEXT, "What it is called.", '"no-empty-let"', required=True),
    Slot("descricao", _TEXT, "What is said where it matches.", '"this let binds nothing"', required=True),
    Slot(
        "padrao",
        _Syntax(),
        "The pattern: `?x` is any form, `?*xs` many.",
        "(let () ?*b)",
        required=True,
    ),
    Slot("severidade", _SEVERITY, "How much a match matters.", "warning"),
    Slot(
        "substituicao",
        _Syntax(),
        "What to write, with the variables of the pattern.",
        "(begin ?*b)",
    ),
    Slot("segura", Boolean(), "Whether --fix may write that.", "#t", default=False),
)
_CUSTOM: Final = Record("a rule of one's own", _Custom, CUSTOM_SLOTS)
CONFIG_SLOTS: Final = (
    Slot(
        "severidade-padrao",
        _SEVERITY,
        "The severity of one's own rules that name none.",
        "info",
        default=Severity.WARNING,
    ),
    Slot("regras", ListOf(_RULE), "Settings of rules.", '((:id "small-forms" :habilitada #f))', default=()),
    Slot("regras-customizadas", ListOf(_CUSTOM), "Rules of one's own.", "()", default=()),
)
_RECORD: Final = Record("a linter's config", _Settings, CONFIG_SLOTS)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Which rules are off, which matter more or less than they do by themselves, and rules of one's own."""

    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    patterns: tuple[PatternRule, ...] = ()

    def applied(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield the findings of rules that are on, with the severity that is asked for."""
        for found in findings:
            if found.code not in self.off:
                severity = self.severities.get(found.code, found.severity)
                yield found if severity is found.severity else found._replace(severity=severity)

    def may_fix(self, code: str) -> bool:
        """Whether the edits of a rule never change what is meant."""
        rule = RULES.get(code)
        if rule is not None:
            return rule.mending is Mending.SAFE
        return any(pattern.code == code and pattern.is_safe for pattern in self.patterns)


def read_configuration(source: Source) -> Configuration:
    """Return what a settings file asks for. Raises InvalidSettings with every problem."""
    settings, spans = read_settings(source, "deflint-config", _RECORD)
    assert isinstance(settings, _Settings)
    problems = list(_problems(settings, spans))
    if problems:
        raise InvalidSettings(*problems)
    return Configuration(
        frozenset(rule.id for rule in settings.regras if not rule.habilitada),
        {rule.id: rule.severidade for rule in settings.regras if rule.severidade is not None},
        tuple(
            PatternRule(
                each.id,
                each.severidade or settings.severidade_padrao,
                each.descricao,
                each.padrao,
                each.substituicao,
                each.segura,
            )
            for each in settings.regras_customizadas
        ),
    )


def _problems(settings: _Settings, spans: Spans) -> Iterator[Diagnostic]:
    own = [each.id for each in settings.regras_customizadas]
    for index, rule in enumerate(settings.regras):
        if rule.id not in RULES and rule.id not in own:
            near = closest(rule.id, [*RULES, *own])
            fix = f"Did you mean {near}?" if near else "docs/linting.md lists the rules."
            span = spans.get(("regras", index, "id"))
            yield Diagnostic("rule-unknown", Severity.ERROR, span, f'no rule is called "{rule.id}"', fix=fix)
    for index, name in enumerate(own):
        if name in RULES or name in own[:index]:
            span = spans.get(("regras_customizadas", index, "id"))
            message = f'a rule is called "{name}" already'
            yield Diagnostic("rule-repeated", Severity.ERROR, span, message, fix="Choose another name.")
