"""What an edit changed: the slots of the form, and the objects that it renders to, path by path."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from caixa_renderers.diff import ABSENT, ObjectChange, SlotChange
from feira.verbs.diff import Difference

from ..elements import Element, h
from ..view import View
from .registry import view

__all__: list[str] = []

_CLASSES: Final = {"added": "cx-added", "removed": "cx-removed", "changed": "cx-changed"}
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}


@view.register
def _(value: Difference) -> View:
    body = h(
        "section",
        _table("Form by form", [_slot(change) for change in value.forms]),
        h("p", h("b", "Object by object"), None if value.objects else ": no change"),
        [_object(change) for change in value.objects],
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
    class_ = _CLASSES[kind]
    return h(
        "tr",
        h("td", h("b", _SIGNS[kind], class_=class_, title=kind)),
        h("td", h("code", path)),
        h("td", h("del", h("code", old), class_="cx-removed") if old else None),
        h("td", h("ins", h("code", new), class_="cx-added") if new else None),
    )


def _slot(change: SlotChange) -> Element:
    kind = "changed" if change.old and change.new else "added" if change.new else "removed"
    return _row(kind, change.path, change.old, change.new)


def _object(change: ObjectChange) -> Element:
    sign = h("b", f"{_SIGNS[change.kind]} {change.identity}", class_=_CLASSES[change.kind])
    if not change.paths:
        return h("p", sign)
    rows = [_row(_kind(old, new), path, _shown(old), _shown(new)) for path, old, new in change.paths]
    return h("details", h("summary", sign), h("table", h("tbody", rows)), open=True)


def _kind(old: Any, new: Any) -> str:
    return "added" if old is ABSENT else "removed" if new is ABSENT else "changed"


def _shown(value: Any) -> str:
    return "" if value is ABSENT else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
