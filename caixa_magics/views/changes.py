"""What an edit changed: the slots of the form, and the objects that it renders to, each to unfold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from caixa_renderers.diff import ABSENT, ObjectChange, PathChange, SlotChange, counts_text, shown
from caixa_renderers.diff.text import lines_changed
from caixa_renderers.yaml import dump
from feira.results import plural
from feira.verbs.diff import Difference

from ..elements import Element, h
from ..highlight import highlighted
from ..view import View
from .registry import view

__all__: list[str] = []

_CLASSES: Final = {"added": "cx-added", "removed": "cx-removed", "changed": "cx-changed"}
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}
_MOST_OPEN: Final = 8  # objects that are unfolded at first


@view.register
def _(value: Difference) -> View:
    forms = None if value.forms is None else [_slot(change) for change in value.forms]
    body = h(
        "section",
        None if forms is None else _table("Form by form", forms),
        h("p", h("b", "Object by object"), f": {counts_text(value.objects) or 'no change'}"),
        [_object(change, is_open=len(value.objects) <= _MOST_OPEN) for change in value.objects],
        aria_label=f"changes of {value.nome}",
    )
    return View(value.text(), body)


def _table(title: str, rows: Iterable[Element]) -> Element:
    found = list(rows)
    if not found:
        return h("p", h("b", title), ": no change")
    head = h("tr", [h("th", name, scope="col") for name in ("", "slot", "before", "now")])
    return h("table", h("caption", title), h("thead", head), h("tbody", found))


def _row(kind: str, path: str, old: str, new: str) -> Element:
    return h(
        "tr",
        h("td", _sign(kind)),
        h("td", h("code", path)),
        h("td", h("del", h("code", old), class_="cx-removed") if old else None),
        h("td", h("ins", h("code", new), class_="cx-added") if new else None),
    )


def _sign(kind: str) -> Element:
    return h("b", _SIGNS[kind], class_=_CLASSES[kind], title=kind)


def _slot(change: SlotChange) -> Element:
    kind = "changed" if change.old and change.new else "added" if change.new else "removed"
    return _row(kind, change.path, change.old, change.new)


def _object(change: ObjectChange, *, is_open: bool) -> Element:
    """Return an object to unfold: what changed in it, or all of it where it comes or goes."""
    count = f" {plural(len(change.paths), 'place')}" if change.kind == "changed" else ""
    name = h("b", f"{_SIGNS[change.kind]} {change.identity}", class_=_CLASSES[change.kind])
    summary = h("summary", name, h("span", count, class_="cx-dim"))
    if change.kind == "changed":
        return h(
            "details", summary, h("table", h("tbody", [_path(each) for each in change.paths])), open=is_open
        )
    return h("details", summary, highlighted(dump(change.document), "yaml"))


def _path(change: PathChange) -> Element:
    kind = "added" if change.old is ABSENT else "removed" if change.new is ABSENT else "changed"
    lines = lines_changed(change)
    if not lines:
        return _row(kind, change.path, _shown(change.old), _shown(change.new))
    return h(
        "tr",
        h("td", _sign(kind)),
        h("td", h("code", change.path)),
        h("td", h("pre", [h("span", line + "\n", class_=_LINES.get(line[0])) for line in lines]), colspan="2"),
    )


_LINES: Final = {"+": "cx-added", "-": "cx-removed", "@": "cx-dim"}


def _shown(value: Any) -> str:
    return "" if value is ABSENT else value if isinstance(value, str) else shown(value)
