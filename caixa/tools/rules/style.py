"""The ten rules of style (caixa.md section 6.3)."""

from __future__ import annotations

from typing import Final

from caixa.lisp.diagnostics import Severity

from .rule import Mending, Rule

__all__ = ["STYLE"]

_CAIXA: Final = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :descricao "Greets.")'
_LONG: Final = "(define table (list " + "12345678 " * 300 + "))"

STYLE: Final = (
    Rule(
        "keyword-kebab-case",
        Severity.WARNING,
        "A keyword is lower-case words joined by dashes.",
        "Write it in kebab-case.",
        "(list :wall-clock 1)",
        "(list :wallClock 1)",
        mending=Mending.SAFE,
    ),
    Rule(
        "enum-variant-pascal-case",
        Severity.WARNING,
        "A variant of an enumeration is a bare name in PascalCase.",
        "Write the bare name.",
        _CAIXA,
        _CAIXA.replace("Biblioteca", '"biblioteca"'),
        mending=Mending.SAFE,
    ),
    Rule(
        "caixa-nome-kebab-case",
        Severity.WARNING,
        "The name of a caixa is lower-case words joined by dashes.",
        "Write it in kebab-case.",
        _CAIXA,
        _CAIXA.replace('"x"', '"HelloRio"'),
    ),
    Rule(
        "paired-kwargs",
        Severity.ERROR,
        "A form that begins as keywords and values in turn has a value for each keyword.",
        "Write the value, or the keyword, that is missing.",
        "(defthing :a 1 :b 2)",
        "(defthing :a 1 :b)",
    ),
    Rule(
        "defcaixa-descricao",
        Severity.INFO,
        "A caixa says in one sentence what it is.",
        'Add :descricao "…".',
        _CAIXA,
        _CAIXA.replace(' :descricao "Greets."', ""),
    ),
    Rule(
        "no-fixme-descricao",
        Severity.ERROR,
        "A description is not that of a template.",
        "Say what the caixa does.",
        _CAIXA,
        _CAIXA.replace("Greets.", "FIXME"),
    ),
    Rule(
        "git-dep-needs-pin",
        Severity.WARNING,
        "A git source is pinned to a tag or a commit: a branch moves, so two builds could differ.",
        "Add :tag or :rev.",
        '(defdep (:tipo git :repo "github:o/x" :tag "v1"))',
        '(defdep (:tipo git :repo "github:o/x" :branch "main"))',
    ),
    Rule(
        "small-forms",
        Severity.INFO,
        "A definition is not longer than about 60 lines.",
        "Split it.",
        "(define table (list 12345678))",
        _LONG,
    ),
    Rule(
        "consistent-quote-style",
        Severity.WARNING,
        "One form quotes in one way.",
        "Use the ' everywhere.",
        "(list 'a 'b)",
        "(list 'a (quote b))",
        mending=Mending.SAFE,
    ),
    Rule(
        "explicit-kind",
        Severity.ERROR,
        "A caixa says its kind.",
        "Add :kind Biblioteca, Binario, Servico, Supervisor or Aplicacao.",
        _CAIXA,
        _CAIXA.replace(" :kind Biblioteca", ""),
    ),
)
