"""What is proved of a caixa, as a panel: a row for each claim with its evidence, and the checker's word."""

from __future__ import annotations

from caixa.session.verdicts import Standing
from feira.verbs.prove import MARKS, Claim, Proved

from ..elements import Element, h
from ..view import View
from .registry import view

__all__: list[str] = []

_CLASSES = {Standing.PROVED: "cx-proved", Standing.REFUTED: "cx-refuted", Standing.UNCHECKED: "cx-unchecked"}


@view.register
def _(value: Proved) -> View:
    head = h("tr", [h("th", name, scope="col") for name in ("claim", "verdict", "evidence")])
    body = h(
        "section",
        h(
            "header",
            h("b", value.nome),
            h("span", value.versao),
            h("span", value.kind, class_="cx-tag"),
            h("span", value.headline, class_="cx-dim"),
        ),
        h("table", h("thead", head), h("tbody", [_row(each) for each in value.claims])),
        h("p", value.judged, class_="cx-error" if value.rejected else "cx-dim"),
        [h("p", f"{each.name}: {each.problem}", class_="cx-error") for each in value.rejected],
        class_="cx-card",
        aria_label=f"what is proved of {value.nome}",
    )
    return View(value.text(), body)


def _row(claim: Claim) -> Element:
    sign = h("span", MARKS[claim.standing], class_="cx-sign", aria_hidden="true")
    verdict = h("td", sign, claim.standing.value, class_=_CLASSES[claim.standing])
    return h("tr", h("td", claim.claim), verdict, h("td", _evidence(claim)))


def _evidence(claim: Claim) -> Element:
    """Return the reason; with its lines below it, open where the claim is refuted."""
    if not claim.further:
        return h("span", claim.because)
    lines = h("ul", [h("li", line) for line in claim.further], class_="cx-verdicts")
    return h("details", h("summary", claim.because), lines, open=claim.standing is Standing.REFUTED)
