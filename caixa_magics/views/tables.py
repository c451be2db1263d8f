"""What there is, as a table: the caixas of the session, and help."""

from __future__ import annotations

from feira.verbs.help import Help
from feira.verbs.listing import Entry, Listing

from ..elements import Element, h
from ..view import View
from .registry import view

__all__: list[str] = []


@view.register
def _(value: Listing) -> View:
    if not value.entries:
        text = "The session has no caixas yet: define one with (defcaixa …), or `%caixa open DIR`."
        return View(text, h("p", text, class_="cx-dim"))
    head = h("tr", [h("th", name, scope="col") for name in ("caixa", "version", "kind")])
    table = h("table", h("thead", head), h("tbody", [_row(entry) for entry in value.entries]))
    return View(value.text(), table)


def _row(entry: Entry) -> Element:
    name = h("td", h("b", entry.nome or entry.subject))
    if entry.problem:
        return h("tr", name, h("td", entry.problem, class_="cx-error", colspan="2"))
    stale = h("td", f"stale: {'; '.join(entry.stale)}", class_="cx-warning") if entry.stale else None
    return h("tr", name, h("td", entry.versao), h("td", entry.kind), stale)


@view.register
def _(value: Help) -> View:
    return View(value.text(), h("pre", value.body))
