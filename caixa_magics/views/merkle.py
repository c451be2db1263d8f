"""A digest as a tree to unfold: each part with the beginning of its digest, natives at the leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feira.verbs.hash import Explained

from ..elements import Element, h
from ..view import View
from .picture import picture
from .registry import view

if TYPE_CHECKING:
    from caixa.lacre.arvore.merkle import Merkle

_UNFOLDED = 2  # levels that can be seen at first


@view.register
def _(value: Explained) -> View:
    text = replace(value, picture="").text()
    if "<svg" in value.picture:
        return View(text, picture(value.picture, text, value.tree.label.partition(" ")[0]))
    if value.picture:
        return View(value.text())
    label = f"digest of {value.where}"
    return View(text, h("section", _part(value.tree, 0), class_="cx-card cx-tree", aria_label=label))


def _part(tree: Merkle, depth: int) -> Element:
    """Return a part, folded away where it is deep; what is drawn is at most as deep as definitions nest."""
    if not tree.children:
        return h("div", _line(tree))
    below = [_part(child, depth + 1) for child in tree.children]
    return h("details", h("summary", _line(tree)), below, open=depth < _UNFOLDED)


def _line(tree: Merkle) -> list[Element | str]:
    kind = f"{tree.kind} ↑" if tree.is_repeated else tree.kind
    return [
        h("b", tree.label),
        " ",
        h("code", tree.short, class_="cx-dim", title=tree.digest),
        " ",
        h("span", kind, class_="cx-dim"),
    ]
