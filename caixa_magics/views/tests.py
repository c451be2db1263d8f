"""What tests came to: a row for each, with ✓ or ✗, and what went wrong under those that failed."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.testing import Report, TestResult

from ..elements import Element, h
from ..view import View
from .registry import view

__all__: list[str] = []


@view.register
def _(value: Report) -> View:
    if not len(value):
        return View(value.text())
    rows = [row for result in value for row in _rows(result)]
    return View(value.text(), h("table", h("caption", value.summary()), h("tbody", rows)))


def _rows(result: TestResult) -> Iterator[Element]:
    sign, standing = ("✓", "cx-proved") if result.passed else ("✗", "cx-refuted")
    name = h("th", h("span", sign, class_="cx-sign"), f" {result.name}", scope="row", class_=standing)
    yield h("tr", name, h("td", result.doc))
    if not result.passed:
        yield h("tr", h("td", h("pre", result.message, class_="cx-error"), colspan="2"))
