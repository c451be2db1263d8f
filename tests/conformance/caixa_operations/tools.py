"""Formatter, linter, names and colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.errors import ReaderError
from caixa.lisp.source import Source

from .registry import APRIL, TREE_READER, Outcome, failure, operation


@operation("format")
def _format(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.formatter import Style, format_source

    style = Style(given.get("width", 100), given.get("indent", 2))
    try:
        return {"text": format_source(Source("case", given["src"]), style)}
    except ReaderError as error:
        return failure(error.diagnostics[0], TREE_READER)


@operation("lint")
def _lint(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.linter import lint

    found = lint(Source("case", given["src"]), APRIL)
    return {"diagnostics": [_lint_json(each) for each in found]}


def _lint_json(found: Diagnostic) -> dict[str, Any]:
    assert found.span is not None
    fixes = [[edit.span.start, edit.span.end, edit.text] for edit in found.edits]
    span = [found.span.start, found.span.end]
    return {
        "rule": found.code,
        "severity": found.severity.value,
        "span": span,
        **({"fix": fixes} if fixes else {}),
    }


@operation("fix_safe")
def _fix_safe(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.edits import fix_safely
    from caixa.tools.linter import lint

    source = Source("case", given["src"])
    return fix_safely(source, lint(source, APRIL))._asdict()


@operation("to_kebab")
def _to_kebab(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.casing import to_kebab

    return {"text": to_kebab(given["text"])}


@operation("to_pascal")
def _to_pascal(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.casing import to_pascal

    return {"text": to_pascal(given["text"])}


def _color_of(given: Mapping[str, Any]) -> Any:
    from caixa.tools.theme import THEMES, Semantic

    return THEMES[given["theme"]].color(Semantic.named(given["semantic"]))


@operation("color")
def _color(given: Mapping[str, Any]) -> Outcome:
    return {"hex": _color_of(given).hex}


@operation("paint")
def _paint(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.theme import paint

    return {"text": paint(given["text"], _color_of(given))}
