"""The history of a session as a table, and what a change of a caixa left behind as a notice."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.session.staleness import Consequences
from feira.verbs.log import History, Row, digits

from ..elements import Element, h
from ..view import View
from .registry import view

__all__: list[str] = []


@view.register
def _(value: History) -> View:
    if not value.rows:
        return View(value.text(), h("p", value.text(), class_="cx-dim"))
    head = h("tr", [h("th", name, scope="col") for name in ("step", "time", "digest", "cell", "what it did")])
    return View(value.text(), h("table", h("thead", head), h("tbody", [_row(row) for row in value.rows])))


def _row(row: Row) -> Element:
    did = h("td", row.said) if row.is_live else h("td", h("del", row.said), " undone", class_="cx-dim")
    return h(
        "tr",
        h("td", h("b", f"#{row.number}")),
        h("td", row.time, class_="cx-dim"),
        h("td", h("code", digits(row.digest), title=row.digest)),
        h("td", row.cell),
        did,
    )


@view.register
def _(value: Consequences) -> View:
    body = h(
        "section",
        h("p", h("b", ", ".join(value.changed) or "a caixa"), " changed:"),
        h("ul", list(_items(value)), class_="cx-verdicts"),
        class_="cx-card",
        aria_label="what follows from the change",
    )
    return View(value.text(), body)


def _items(value: Consequences) -> Iterator[Element]:
    for each in value.rechecked:
        sign = h("span", "✓" if each.holds else "✗", class_="cx-sign", aria_hidden="true")
        class_ = "cx-proved" if each.holds else "cx-refuted"
        yield h("li", sign, h("b", each.nome), f" {each.because}", class_=class_)
    for stale in value.stale:
        sign = h("span", "↻", class_="cx-sign", aria_hidden="true")
        yield h("li", sign, h("b", "stale"), f": {stale}; ", h("code", stale.fix), class_="cx-warning")
