"""Any answer of a verb: the words of the terminal, each piece in the colour of its role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from feira.results import Piece, Result, Role

from ..elements import Element, h
from ..view import View
from .registry import view

__all__ = ["pieces"]

_CLASSES: Final = {
    Role.ACCENT: "cx-key",
    Role.MUTED: "cx-dim",
    Role.ERROR: "cx-error",
    Role.WARNING: "cx-warning",
    Role.INFO: "cx-key",
    Role.HINT: "cx-dim",
    Role.ADDED: "cx-added",
    Role.REMOVED: "cx-removed",
}


def pieces(said: Iterable[Piece]) -> Element:
    """Return pieces of text as a block."""
    return h("pre", [_piece(piece) for piece in said], class_="cx-answer")


def _piece(piece: Piece) -> Element | str:
    class_ = _CLASSES.get(piece.role)
    return h("span", piece.text, class_=class_) if class_ else piece.text


@view.register
def _(value: Result) -> View:
    return View(value.text(), pieces(value.pieces()))
