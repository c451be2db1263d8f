"""Which view a value has, found by its type.

A view module registers its types when it is imported, and is imported for the first value that comes from the
module it is for: showing a number loads no view of a diff.
"""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module
from typing import Final

from ..view import View

__all__ = ["of", "view"]

_VIEWS: Final = {
    "feira.results": "answers",
    "feira.verbs": "answers",
    "feira.verbs.crds": "definitions",
    "feira.verbs.deploy": "deployment",
    "feira.verbs.diff": "changes",
    "feira.verbs.log": "history",
    "caixa.session.staleness": "history",
    "feira.verbs.listing": "tables",
    "feira.verbs.hash": "merkle",
    "feira.verbs.help": "tables",
    "feira.verbs.prove": "proofs",
    "feira.verbs.render": "manifests",
    "caixa.lisp.testing": "tests",
    "caixa_magics.expansion": "expansion",
    "caixa_magics.views.card": "card",
    "caixa_magics.views.runs": "runs",
}


def of(value: object) -> View | None:
    """Return the view of `value`, or None for one that is shown as data."""
    module = type(value).__module__
    while module and module not in _VIEWS:
        module = module.rpartition(".")[0]
    if module:
        import_module(f".{_VIEWS[module]}", __package__)
    return view(value)


@singledispatch
def view(value: object) -> View | None:
    """Return the view of `value`; what has only a `text()` is shown as that, and anything else has none."""
    text = getattr(value, "text", None)
    return View(text()) if callable(text) else None


@view.register
def _(value: View) -> View:
    return value
