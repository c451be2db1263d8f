"""Which view a value has, found by its type."""

from __future__ import annotations

from functools import singledispatch

from ..view import View
from .card import Card

__all__ = ["of"]


@singledispatch
def of(value: object) -> View | None:
    """Return the view of `value`; what has only a `text()` is shown as that, and anything else has none."""
    text = getattr(value, "text", None)
    return View(text()) if callable(text) else None


@of.register
def _(value: View) -> View:
    return value


@of.register
def _(value: Card) -> View:
    return value.view()
