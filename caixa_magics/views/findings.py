"""A finding as HTML: what was found, the line with the caret under the sub-form, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.excerpt import Excerpt
from caixa.lisp.source import Source, Span

from ..elements import Element, h

__all__ = ["finding", "findings"]

_TOLD = (Severity.ERROR, Severity.WARNING)


def findings(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[Element]:
    """Return an element for each error and warning, and what is only worth knowing folded into one."""
    given = list(diagnostics)
    told = [finding(each, sources) for each in given if each.severity in _TOLD]
    notes = [finding(each, sources) for each in given if each.severity not in _TOLD]
    return [*told, h("details", h("summary", _count(len(notes))), notes)] if notes else told


def _count(notes: int) -> str:
    return "1 note" if notes == 1 else f"{notes} notes"


def finding(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> Element:
    """Return one diagnostic as an element."""
    severity = diagnostic.severity.value
    headline = h(
        "p", h("b", f"{severity} {diagnostic.code}", class_=f"cx-{severity}"), ": ", diagnostic.message
    )
    return h(
        "div",
        headline,
        _excerpt(diagnostic.span, sources),
        h("p", diagnostic.why, class_="cx-dim") if diagnostic.why else None,
        h("p", h("b", "Fix: "), diagnostic.fix) if diagnostic.fix else None,
        class_="cx-finding",
    )


def _excerpt(span: Span | None, sources: Mapping[str, Source]) -> Element | None:
    source = sources.get(span.source) if span else None
    if span is None or source is None:
        return None
    start, line, pad, carets = Excerpt.of(source, span)
    return h(
        "pre", line, "\n", pad, h("span", carets, class_="cx-caret"), "\n", title=f"{span.source}, {start}"
    )
