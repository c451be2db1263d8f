"""The steps of an expansion, each folded to its macro's name, what changed marked in the form."""

from __future__ import annotations

from caixa.lisp.stepping import Path
from caixa.lisp.syntax import Node

from ..elements import Child, h
from ..expansion import Expansion
from ..layout import parted
from ..view import View
from .registry import view

__all__: list[str] = []

_OPEN_STEPS = 3  # that are unfolded at first


@view.register
def _(value: Expansion) -> View:
    if not value.steps:
        return View(value.text(), h("p", h("code", value.form), " has no macro call in it.", class_="cx-dim"))
    steps = [
        h(
            "details",
            h("summary", f"{number}. ", h("b", step.macro)),
            h("pre", _marked(step.before, step.path, "del"), class_="cx-answer"),
            h("pre", _marked(step.after, step.path, "ins"), class_="cx-answer"),
            open=number <= _OPEN_STEPS,
        )
        for number, step in enumerate(value.shown, 1)
    ]
    rest = h("p", value.rest, class_="cx-dim") if value.rest else None
    return View(value.text(), h("section", steps, rest, aria_label=f"expansion of {value.form}"))


def _marked(node: Node, path: Path | None, tag: str) -> list[Child]:
    """Return the form with what changed in it as an element."""
    before, changed, after = parted(node, path or ())
    return [before, h(tag, changed, class_="cx-removed" if tag == "del" else "cx-added"), after]
