"""A deploy: how far it went, the diff of the repository, and what was found, notes folded."""

from __future__ import annotations

from feira.verbs.deploy import Deployment

from ..elements import h
from ..view import View
from .answers import pieces
from .findings import findings
from .registry import view

__all__: list[str] = []


@view.register
def _(value: Deployment) -> View:
    diff = list(value.diff())
    body = h(
        "section",
        pieces(diff) if diff else None,
        findings(value.findings, value.sources),
        pieces(value.outcome()),
        aria_label=f"deploy of {value.nome} to {value.cluster}",
    )
    return View(value.text(), body)
